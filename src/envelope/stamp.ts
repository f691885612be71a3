import type { Inferred } from '../model/log-record.js';
import type { Clock } from './clock.js';

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const WEEKDAYS = 'MonTueWedThuFriSatSun';
const NONE: readonly Inferred[] = [];

/**
 * Reads the time stamps of one source: `Nov 20 10:00:01`, `2026-11-20T10:00:01+01:00`, with fractions, years, weekdays
 * and zones in the places where log writers put them. The part up to the hour repeats from line to line and is parsed once.
 */
export class StampReader {
  /** Epoch milliseconds of the stamp read last. */
  time = 0;
  inferred: readonly Inferred[] = NONE;
  readonly #clock: Clock;
  #hourText = '';
  #year: number | null = 0;
  #month = 0;
  #day = 0;
  #hour = 0;
  #utcHour = 0;
  #localHour = Number.NaN;
  #localInferred: readonly Inferred[] = NONE;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Reads a stamp at `at`; returns the offset behind it, or -1. */
  read(text: string, at: number): number {
    let end = this.#hourText !== '' && text.startsWith(this.#hourText, at) ? at + this.#hourText.length : this.#readHour(text, at);
    if (end < 0) return -1;
    const minutes = twoDigits(text, end);
    const seconds = twoDigits(text, end + 3);
    if (minutes < 0 || seconds < 0 || text.charCodeAt(end + 2) !== 0x3a) return -1;
    end += 5;
    let past = (minutes * 60 + seconds) * 1000;
    const mark = text.charCodeAt(end);
    if ((mark === 0x2e || mark === 0x2c) && isDigit(text.charCodeAt(end + 1))) {
      past += fraction(text, end + 1);
      end = skipDigits(text, end + 1);
    }
    return this.#year === null ? this.#readTrailingYear(text, end, past) : this.#readZone(text, end, past);
  }

  #readHour(text: string, at: number): number {
    const first = text.charCodeAt(at);
    if (!isDigit(first)) return this.#readMonthName(text, isWeekday(text, at) ? at + 4 : at, at, null);
    const year = fourDigits(text, at);
    if (year < 0) return -1;
    if (text.charCodeAt(at + 4) === 0x20) return this.#readMonthName(text, at + 5, at, year);
    return this.#readNumbers(text, at, year);
  }

  #readNumbers(text: string, at: number, year: number): number {
    const separator = text.charCodeAt(at + 10);
    if (text.charCodeAt(at + 4) !== 0x2d || text.charCodeAt(at + 7) !== 0x2d || (separator !== 0x54 && separator !== 0x20)) return -1;
    return this.#keepHour(text, at, at + 11, year, twoDigits(text, at + 5), twoDigits(text, at + 8));
  }

  /** `Nov  9 10:`; journald writes the day as `09`. `2025-03-09 10:` may follow a weekday too. */
  #readMonthName(text: string, at: number, start: number, year: number | null): number {
    if (at > start && isDigit(text.charCodeAt(at))) {
      const named = fourDigits(text, at);
      const end = named < 0 ? -1 : this.#readNumbers(text, at, named);
      if (end >= 0) this.#hourText = text.slice(start, end);
      return end;
    }
    const month = MONTHS.indexOf(text.slice(at, at + 3));
    if (month < 0 || month % 3 !== 0 || text.charCodeAt(at + 3) !== 0x20) return -1;
    const day = text.charCodeAt(at + 4) === 0x20 ? twoDigits(`0${text.charAt(at + 5)}`, 0) : twoDigits(text, at + 4);
    if (text.charCodeAt(at + 6) !== 0x20) return -1;
    return this.#keepHour(text, start, at + 7, year, month / 3 + 1, day);
  }

  #keepHour(text: string, start: number, at: number, year: number | null, month: number, day: number): number {
    const hour = twoDigits(text, at);
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || text.charCodeAt(at + 2) !== 0x3a) return -1;
    this.#year = year;
    this.#month = month;
    this.#day = day;
    this.#hour = hour;
    this.#utcHour = year === null ? 0 : Date.UTC(year, month - 1, day, hour);
    this.#localHour = Number.NaN;
    this.#hourText = text.slice(start, at + 3);
    return at + 3;
  }

  /** `Nov 20 10:00:01 2026 host`, as Cisco and OpenWrt write it; otherwise the year has to be inferred. */
  #readTrailingYear(text: string, end: number, past: number): number {
    const year = text.charCodeAt(end) === 0x20 && text.charCodeAt(end + 5) === 0x20 ? fourDigits(text, end + 1) : -1;
    if (year >= 1970) {
      this.time = this.#clock.localHour(year, this.#month, this.#day, this.#hour) + past;
      this.inferred = this.#clock.inferred(false);
      return end + 5;
    }
    if (Number.isNaN(this.#localHour)) this.#openLocalHour(this.#clock.yearOf(this.#month, this.#day, this.#hour), true);
    this.time = this.#localHour + past;
    this.inferred = this.#localInferred;
    return end;
  }

  #readZone(text: string, end: number, past: number): number {
    const gap = text.charCodeAt(end) === 0x20 ? 1 : 0;
    const sign = text.charCodeAt(end + gap);
    if (sign === 0x5a && gap === 0) return this.#zoned(end + 1, past, 0);
    if (gap === 1 && (text.startsWith('UTC ', end + 1) || text.startsWith('GMT ', end + 1))) return this.#zoned(end + 4, past, 0);
    if (sign === 0x2b || sign === 0x2d) {
      const hours = twoDigits(text, end + gap + 1);
      const colon = text.charCodeAt(end + gap + 3) === 0x3a ? 1 : 0;
      const minutes = twoDigits(text, end + gap + 3 + colon);
      if (hours >= 0 && minutes >= 0) return this.#zoned(end + gap + 5 + colon, past, (sign === 0x2d ? -1 : 1) * (hours * 60 + minutes));
    }
    if (Number.isNaN(this.#localHour)) this.#openLocalHour(this.#year as number, false);
    this.time = this.#localHour + past;
    this.inferred = this.#localInferred;
    return gap === 1 ? skipZoneName(text, end) : end;
  }

  #zoned(end: number, past: number, offsetMinutes: number): number {
    this.time = this.#utcHour + past - offsetMinutes * 60_000;
    this.inferred = NONE;
    return end;
  }

  #openLocalHour(year: number, yearless: boolean): void {
    this.#localHour = this.#clock.localHour(year, this.#month, this.#day, this.#hour);
    this.#localInferred = this.#clock.inferred(yearless);
  }
}

/** Abbreviations such as CST name several zones: they are passed over, the zone stays unknown. */
function skipZoneName(text: string, end: number): number {
  let at = end + 1;
  while (at - end <= 5 && text.charCodeAt(at) >= 0x41 && text.charCodeAt(at) <= 0x5a) at++;
  return at - end > 3 && text.charCodeAt(at) === 0x20 ? at : end;
}

function isWeekday(text: string, at: number): boolean {
  return text.charCodeAt(at + 3) === 0x20 && WEEKDAYS.indexOf(text.slice(at, at + 3)) % 3 === 0;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function fourDigits(text: string, at: number): number {
  const high = twoDigits(text, at);
  const low = twoDigits(text, at + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

/** Milliseconds of the digits after the decimal point; finer ones are dropped. */
function fraction(text: string, at: number): number {
  let milliseconds = 0;
  for (let weight = 100, offset = at; weight >= 1 && isDigit(text.charCodeAt(offset)); weight /= 10, offset++) {
    milliseconds += (text.charCodeAt(offset) - 0x30) * weight;
  }
  return Math.floor(milliseconds);
}

function skipDigits(text: string, at: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}
