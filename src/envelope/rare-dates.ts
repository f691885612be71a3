import { monthOf } from './months.js';

/** A date that the hour follows at `end`. */
export interface RareDate {
  readonly end: number;
  /** Null where the date has none. */
  readonly year: number | null;
  readonly month: number;
  readonly day: number;
}

/** Dates besides `Nov 20 ` and `2026-11-20T`, each up to the hour. Every part is bounded, so that reading stays linear. */
const FORMS: readonly RegExp[] = [
  // Wed, 2012-08-01 13:08:09; ma. 2026-11-20 10:00:01; 2026/11/20 10:00:01; 20261120 10:00:01
  /(?:[^\s\d]{1,10} )?(?<year>\d{4})(?<mark>[-/.]?)(?<month>\d\d)\k<mark>(?<day>\d\d)[T _,@-]{1,3}(?=\d\d:)/y,
  // nov 20 10:00:01; févr. 20 10:00:01; sep/18/2026 09:53:32; Nov 20, 2026 @ 10:00:01.000; Fr Nov 20 10:00:01
  /(?:[^\s\d]{1,10} )?(?<month>[^\s\d/"'<[({|]{3,8})[ /]{1,2}(?<day>\d{1,2})(?:,? |\/(?=\d\d\d\d )|(?= ))(?:(?<year>\d{4}),?(?: @)? )?(?=\d\d:)/y,
  // 20 Nov 2026 10:00:01; 20/Nov/2026:10:00:01; Wed, 01 Aug 2012 13:08:09; 20.11.2026 10:00:01
  /(?:[^\s\d]{1,10} )?(?<day>\d{1,2})(?<mark>[ ./-])(?<month>[^\s\d./-]{3,8}|\d\d)\k<mark>(?<year>\d{4})[ T:,]{1,2}(?=\d\d:)/y,
  // 11月 20 10:00:01; 11월 20 10:00:01
  /(?:[^\s\d]{1,4} )?(?<month>\d{1,2})\s?[月월]\s{0,2}(?<day>\d{1,2})日?\s(?=\d\d:)/y,
  // logcat: 11-20 10:00:01.515
  /(?<month>\d\d)-(?<day>\d\d) (?=\d\d:\d\d:\d\d\.\d{3})/y,
];

/** Reads a date in one of the less common forms, with months in many languages. */
export function readRareDate(text: string, at: number): RareDate | null {
  for (const form of FORMS) {
    form.lastIndex = at;
    const groups = form.exec(text)?.groups;
    const month = groups === undefined ? 0 : monthOf(groups['month'] ?? '');
    if (groups !== undefined && month > 0) {
      return { end: form.lastIndex, year: groups['year'] === undefined ? null : Number(groups['year']), month, day: Number(groups['day']) };
    }
  }
  return null;
}
