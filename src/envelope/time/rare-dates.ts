import { monthOf } from './months.js';

/** A date, followed by the hour at `end`. */
export interface RareDate {
  readonly end: number;
  /** Null if the date has no year. */
  readonly year: number | null;
  readonly month: number;
  readonly day: number;
}

/**
 * Dates other than `Nov 20 ` and `2026-11-20T`, each up to the hour. Every part is bounded, so matching stays linear.
 */
const FORMS: readonly RegExp[] = [
  // Wed, 2012-08-01 13:08:09; ma. 2026-11-20 10:00:01; 2026/11/20 10:00:01; 20261120 10:00:01
  /(?:[^\s\d]{1,10} )?(?<year>\d{4})(?<mark>[-/.]?)(?<month>\d\d)\k<mark>(?<day>\d\d)[T _,@-]{1,3}(?=\d\d:)/y,
  // Nov 20 10:00:01; févr. 20 10:00:01; sep/18/2026 09:53:32; Nov 20, 2026 @ 10:00:01.000; Fr Nov 20 10:00:01
  /(?:[^\s\d]{1,10} )?(?<month>[^\s\d/"'<[({|]{3,8})[ /]{1,2}(?<day>\d{1,2})(?:,? |\/(?=\d\d\d\d )|(?= ))(?:(?<year>\d{4}),?(?: @)? )?(?=\d\d:)/y,
  // 20 Nov 2026 10:00:01; 20/Nov/2026:10:00:01; Wed, 01 Aug 2012 13:08:09; 20.11.2026 10:00:01
  /(?:[^\s\d]{1,10} )?(?<day>\d{1,2})(?<mark>[ ./-])(?<month>[^\s\d./-]{3,8}|\d\d)\k<mark>(?<year>\d{4})[ T:,]{1,2}(?=\d\d:)/y,
  // 20 Nov 10:00:01
  /(?<day>\d{1,2}) (?<month>[^\s\d./-]{3,8}) (?=\d\d:\d\d:)/y,
  // 11月 20 10:00:01; 11월 20 10:00:01
  /(?:[^\s\d]{1,4} )?(?<month>\d{1,2})\s?[月월]\s{0,2}(?<day>\d{1,2})日?\s(?=\d\d:)/y,
  // logcat: 11-20 10:00:01.515
  /(?<month>\d\d)-(?<day>\d\d) (?=\d\d:\d\d:\d\d\.\d{3})/y,
];

/** US format `4/18/2017 1:42:46 PM`; the message may follow without a blank. */
const TWELVE_HOURS = /(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4}),? (?<hour>\d{1,2}):(?<minutes>\d\d):(?<seconds>\d\d)(?:\.\d{1,9})? ?(?<half>[AP])M(?![A-Za-z])/y;

/** A date with a time on a 12-hour clock; `hour` is already converted to 0 to 23. */
export interface HalfDay extends RareDate {
  readonly year: number;
  readonly hour: number;
  /** Milliseconds past the hour. */
  readonly past: number;
}

/** Reads a stamp that ends in AM or PM. */
export function readTwelveHours(text: string, at: number): HalfDay | null {
  TWELVE_HOURS.lastIndex = at;
  const groups = TWELVE_HOURS.exec(text)?.groups;
  if (groups === undefined) return null;
  const [month = 0, day = 0, year = 0, hour = 0, minutes = 0, seconds = 0] = ['month', 'day', 'year', 'hour', 'minutes', 'seconds'].map((name) => Number(groups[name]));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour < 1 || hour > 12) return null;
  return { end: TWELVE_HOURS.lastIndex, year, month, day, hour: (hour % 12) + (groups['half'] === 'P' ? 12 : 0), past: (minutes * 60 + seconds) * 1000 };
}

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
