import { isDigit } from '../../model/digits.js';
import type { Inferred } from '../../model/log-record.js';
import type { Clock } from './clock.js';
import { fourDigits, fraction, skipDigits, twoDigits } from './digits.js';
import { readEpoch, readUptime, type Moment } from './epoch-stamps.js';
import { readRareDate, readTwelveHours } from './rare-dates.js';

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const WEEKDAYS = 'MonTueWedThuFriSatSun';
const NONE: readonly Inferred[] = [];
const UNDATED: readonly Inferred[] = ['date'];
/** A UTC offset, which rarely follows a stamp without a year. */
const OFFSET = /^ ([+-]\d{4})(?: |$)/;
/**
 * Milliseconds that lines of one hour may be out of order. Anything further back is the same local hour repeated, when
 * clocks go back in autumn.
 */
const DISORDER = 300_000;

/**
 * Reads the time stamps of one source: `Nov 20 10:00:01`, `2026-11-20T10:00:01+01:00`, with fractions, years, weekdays
 * and zones wherever log writers put them. Everything up to the hour repeats from line to line and is parsed once.
 */
export class StampReader {
  /** Epoch milliseconds of the last stamp. */
  time = 0;
  inferred: readonly Inferred[] = NONE;
  private readonly clock: Clock;
  private hourText = '';
  private year: number | null = 0;
  /** Year of the last stamp, wherever in the stamp it stood; null if it had none. */
  private stampYear: number | null = null;
  private month = 0;
  private day = 0;
  private hour = 0;
  private utcHour = 0;
  private localHour = Number.NaN;
  private localInferred: readonly Inferred[] = NONE;
  /** Position of the last stamp in its local hour, in milliseconds. */
  private past = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Reads a stamp at `at`; returns the offset after it, or -1. The result is in `time` and `inferred`. */
  read(text: string, at: number): number {
    const hour = this.hourText !== '' && text.startsWith(this.hourText, at) ? at + this.hourText.length : this.readHour(text, at);
    return hour < 0 ? this.readOther(text, at) : this.readMinutes(text, hour);
  }

  /** The last stamp read is that of a line: its year holds for lines below it that have none. */
  noteYear(): void {
    if (this.stampYear !== null) this.clock.noteYear(this.stampYear, this.month, this.day, this.hour);
  }

  private readMinutes(text: string, hour: number): number {
    const minutes = twoDigits(text, hour);
    const seconds = twoDigits(text, hour + 3);
    if (minutes < 0 || seconds < 0 || text.charCodeAt(hour + 2) !== 0x3a) return -1;
    let end = hour + 5;
    let past = (minutes * 60 + seconds) * 1000;
    const mark = text.charCodeAt(end);
    if ((mark === 0x2e || mark === 0x2c) && isDigit(text.charCodeAt(end + 1))) {
      past += fraction(text, end + 1);
      end = skipDigits(text, end + 1);
    }
    return this.year === null ? this.readTrailingYear(text, end, past) : this.readZone(text, end, past);
  }

  /** Reads stamps that do not begin with a date in one of the common forms. */
  private readOther(text: string, at: number): number {
    const first = text.charCodeAt(at);
    if (first === 0x5b) return this.readBracketed(text, at);
    // Before the other forms: with AM or PM behind the time, the month comes first
    const half = text.charCodeAt(at + 1) === 0x2f || text.charCodeAt(at + 2) === 0x2f ? readTwelveHours(text, at) : null;
    if (half !== null) return this.take({ time: this.clock.localHour(half.year, half.month, half.day, half.hour) + half.past, end: half.end }, this.clock.inferred('zone'));
    const date = readRareDate(text, at);
    if (date !== null) {
      const hour = this.keepHour(text, at, date.end, date.year, date.month, date.day);
      return hour < 0 ? -1 : this.readMinutes(text, hour);
    }
    if (!isDigit(first)) return -1;
    return text.charCodeAt(at + 2) === 0x3a ? this.readTimeOfDay(text, at) : this.take(readEpoch(text, at), NONE);
  }

  /** `[Fri Nov 20 10:00:01 2026]`, `[2026-11-20 10:00:01]`, and seconds since boot: `[ 1614.906663]`. */
  private readBracketed(text: string, at: number): number {
    const uptime = readUptime(text, at);
    if (uptime !== null) {
      this.clock.countsFromBoot = true;
      return this.take(uptime, UNDATED);
    }
    if (text.charCodeAt(at + 1) === 0x5b) return -1;
    const end = this.read(text, text.charCodeAt(at + 1) === 0x20 ? at + 2 : at + 1);
    return end > 0 && text.charCodeAt(end) === 0x5d ? end + 1 : -1;
  }

  private readTimeOfDay(text: string, at: number): number {
    const hour = twoDigits(text, at);
    const minutes = twoDigits(text, at + 3);
    const seconds = twoDigits(text, at + 6);
    if (hour < 0 || minutes < 0 || seconds < 0 || text.charCodeAt(at + 5) !== 0x3a) return -1;
    const hasFraction = text.charCodeAt(at + 8) === 0x2e;
    this.time = this.clock.timeOfDay((hour * 60 + minutes) * 60_000 + seconds * 1000) + (hasFraction ? fraction(text, at + 9) : 0);
    this.inferred = this.clock.inferred('date');
    return hasFraction ? skipDigits(text, at + 9) : at + 8;
  }

  private take(moment: Moment | null, inferred: readonly Inferred[]): number {
    if (moment === null) return -1;
    this.time = moment.time;
    this.inferred = inferred;
    return moment.end;
  }

  private readHour(text: string, at: number): number {
    const first = text.charCodeAt(at);
    if (!isDigit(first)) return this.readMonthName(text, isWeekday(text, at) ? at + 4 : at, at, null);
    const year = fourDigits(text, at);
    if (year < 0) return -1;
    if (text.charCodeAt(at + 4) === 0x20) return this.readMonthName(text, at + 5, at, year);
    return this.readNumbers(text, at, year);
  }

  private readNumbers(text: string, at: number, year: number): number {
    const separator = text.charCodeAt(at + 10);
    if (text.charCodeAt(at + 4) !== 0x2d || text.charCodeAt(at + 7) !== 0x2d || (separator !== 0x54 && separator !== 0x20)) return -1;
    return this.keepHour(text, at, at + 11, year, twoDigits(text, at + 5), twoDigits(text, at + 8));
  }

  /** `Nov  9 10:`; journald writes the day as `09`. After a weekday also `2025-03-09 10:`. */
  private readMonthName(text: string, at: number, start: number, year: number | null): number {
    if (at > start && isDigit(text.charCodeAt(at))) {
      const named = fourDigits(text, at);
      const end = named < 0 ? -1 : this.readNumbers(text, at, named);
      if (end >= 0) this.hourText = text.slice(start, end);
      return end;
    }
    const month = MONTHS.indexOf(text.slice(at, at + 3));
    if (month < 0 || month % 3 !== 0 || text.charCodeAt(at + 3) !== 0x20) return -1;
    const day = text.charCodeAt(at + 4) === 0x20 ? twoDigits(`0${text.charAt(at + 5)}`, 0) : twoDigits(text, at + 4);
    if (text.charCodeAt(at + 6) !== 0x20) return -1;
    return this.keepHour(text, start, at + 7, year, month / 3 + 1, day);
  }

  private keepHour(text: string, start: number, at: number, year: number | null, month: number, day: number): number {
    const hour = twoDigits(text, at);
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || text.charCodeAt(at + 2) !== 0x3a) return -1;
    this.year = year;
    this.month = month;
    this.day = day;
    this.hour = hour;
    this.utcHour = year === null ? 0 : Date.UTC(year, month - 1, day, hour);
    this.stampYear = year;
    this.localHour = Number.NaN;
    this.hourText = text.slice(start, at + 3);
    return at + 3;
  }

  /** `Nov 20 10:00:01 2026 host`, as Cisco and OpenWrt write it; otherwise the year has to be inferred. */
  private readTrailingYear(text: string, end: number, past: number): number {
    const year = text.charCodeAt(end) === 0x20 && endsYear(text.charCodeAt(end + 5)) ? fourDigits(text, end + 1) : -1;
    if (year >= 1970) {
      this.stampYear = year;
      this.time = this.clock.localHour(year, this.month, this.day, this.hour) + past;
      this.inferred = this.clock.inferred('zone');
      return end + 5;
    }
    if (Number.isNaN(this.localHour)) this.openLocalHour(this.clock.yearOf(this.month, this.day, this.hour), true);
    this.takeLocal(past, null);
    const sign = text.charCodeAt(end + 1);
    return sign === 0x2b || sign === 0x2d ? this.readOffset(text, end, past) : end;
  }

  /** `11-20 10:00:01.515 +0100`: the offset is known, the year still has to be inferred. */
  private readOffset(text: string, end: number, past: number): number {
    const offset = OFFSET.exec(text.slice(end, end + 7))?.[1];
    if (offset === undefined) return end;
    const minutes = Number(`${offset.charAt(0)}1`) * (twoDigits(offset, 1) * 60 + twoDigits(offset, 3));
    this.time = Date.UTC(new Date(this.localHour).getUTCFullYear(), this.month - 1, this.day, this.hour) + past - minutes * 60_000;
    this.inferred = this.clock.inferred('year').filter((missing) => missing !== 'zone');
    return end + 6;
  }

  private readZone(text: string, end: number, past: number): number {
    const gap = text.charCodeAt(end) === 0x20 ? 1 : 0;
    const sign = text.charCodeAt(end + gap);
    if (sign === 0x5a && gap === 0) return this.zoned(end + 1, past, 0);
    if (gap === 1 && (text.startsWith('UTC ', end + 1) || text.startsWith('GMT ', end + 1))) return this.zoned(end + 4, past, 0);
    if (sign === 0x2b || sign === 0x2d) {
      const hours = twoDigits(text, end + gap + 1);
      const colon = text.charCodeAt(end + gap + 3) === 0x3a ? 1 : 0;
      const minutes = twoDigits(text, end + gap + 3 + colon);
      if (hours >= 0 && minutes >= 0) return this.zoned(end + gap + 5 + colon, past, (sign === 0x2d ? -1 : 1) * (hours * 60 + minutes));
    }
    if (Number.isNaN(this.localHour)) this.openLocalHour(this.year as number, false);
    this.takeLocal(past, this.year);
    return gap === 1 ? skipZoneName(text, end) : end;
  }

  private zoned(end: number, past: number, offsetMinutes: number): number {
    this.time = this.utcHour + past - offsetMinutes * 60_000;
    this.inferred = NONE;
    return end;
  }

  private takeLocal(past: number, year: number | null): void {
    if (past < this.past - DISORDER) {
      const known = year ?? new Date(this.localHour).getUTCFullYear();
      this.localHour = this.clock.localHour(known, this.month, this.day, this.hour, true);
    }
    this.past = past;
    this.time = this.localHour + past;
    this.inferred = this.localInferred;
  }

  private openLocalHour(year: number, yearless: boolean): void {
    this.localHour = this.clock.localHour(year, this.month, this.day, this.hour);
    this.past = 0;
    this.localInferred = this.clock.inferred(yearless ? 'year' : 'zone');
  }
}

/** Skips zone abbreviations: names such as CST are ambiguous, so the zone stays unknown. */
function skipZoneName(text: string, end: number): number {
  let at = end + 1;
  while (at - end <= 5 && text.charCodeAt(at) >= 0x41 && text.charCodeAt(at) <= 0x5a) at++;
  return at - end > 3 && text.charCodeAt(at) === 0x20 ? at : end;
}

function isWeekday(text: string, at: number): boolean {
  return text.charCodeAt(at + 3) === 0x20 && WEEKDAYS.indexOf(text.slice(at, at + 3)) % 3 === 0;
}

/** A blank, a closing bracket, or the end of the line. */
function endsYear(code: number): boolean {
  return code === 0x20 || code === 0x5d || Number.isNaN(code);
}
