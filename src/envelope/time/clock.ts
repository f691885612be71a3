import type { Inferred } from '../../model/log-record.js';
import type { LocalTime } from './zone.js';

export interface ClockOptions {
  /** Year of the first record in a log whose stamps have no year. */
  readonly year?: number | undefined;
  /** Zone for stamps without one, from {@link readZone}. */
  readonly zone?: LocalTime | undefined;
  /** Epoch milliseconds of the present; no record is later. */
  readonly now?: number | undefined;
  /** The present as a function, for a live run that may cross New Year. */
  readonly present?: (() => number) | undefined;
  /** Epoch milliseconds of the source's last modification, where known; no record is later than that either. */
  readonly lastWritten?: ((source: string) => number | undefined) | undefined;
}

/** Clocks that were never set begin before this year, and say nothing about other lines. */
const EARLIEST_YEAR = 2000;
/** Modification times before this were never set: some archive formats store 1970 or 1980. */
const EARLIEST = Date.UTC(1990, 0);

const DAY = 86_400_000;
/** Limit on the years one log may span, so that stamps jumping back and forth do not advance the year without end. */
const MAX_YEARS = 50;
const NONE: readonly Inferred[] = [];

/**
 * Supplies the year and zone that the stamps of one source leave out. Tracks the previous record so that a log may
 * cross New Year.
 */
export class Clock {
  private options: ClockOptions;
  private year: number | null = null;
  private last = 0;
  /** A time near which the log begins, if a later line tells. */
  private near: number | null = null;
  /** The first time whose stamp had a year. */
  dated: number | null = null;
  /**
   * Midnight (UTC) of the current day, and the last time of day seen, both in milliseconds; for stamps without a date.
   */
  private day = 0;
  private latestTimeOfDay: number | null = null;
  readonly years = new Set<number>();
  readonly days = new Set<string>();
  assumedZone = false;
  /** Some stamps were seconds since boot, not wall-clock time. */
  countsFromBoot = false;

  /** `source`: the source whose stamps this clock completes. */
  constructor(options: ClockOptions, source = '') {
    const { now = Number.POSITIVE_INFINITY, lastWritten } = options;
    const written = lastWritten?.(source) ?? 0;
    this.options = written < EARLIEST || written > now ? options : { ...options, now: written, present: undefined };
  }

  /** Caps the time: no record of the source is later than `time`. */
  endsAt(time: number): void {
    this.options = { ...this.options, now: time, present: undefined };
  }

  /** A stamp has its year, which holds for those below it that have none. */
  noteYear(year: number, month: number, day: number, hour: number): void {
    if (year < EARLIEST_YEAR || this.options.year !== undefined) return;
    this.year = year;
    this.last = Date.UTC(year, month - 1, day, hour);
    this.dated ??= this.last;
  }

  /** The log begins near this time, from {@link dated} of an earlier look at it. */
  startsNear(time: number | null): void {
    this.near ??= time;
  }

  /** What has to be inferred for a stamp that lacks the given part. */
  inferred(missing: 'zone' | 'year' | 'date'): readonly Inferred[] {
    const isKnown = missing === 'zone' || (missing === 'year' && this.options.year !== undefined);
    if (this.options.zone === undefined) return isKnown ? ['zone'] : [missing, 'zone'];
    return isKnown ? NONE : [missing];
  }

  /**
   * Epoch milliseconds of the start of a local hour. `isSecond`: its second occurrence, when clocks go back in autumn.
   */
  localHour(year: number, month: number, day: number, hour: number, isSecond = false): number {
    if (this.options.zone === undefined) {
      this.assumedZone = true;
      return Date.UTC(year, month - 1, day, hour);
    }
    return this.options.zone(year, month, day, hour, isSecond);
  }

  /**
   * Epoch milliseconds of a stamp that has a time of day only (milliseconds since midnight). The first one is put on
   * the latest possible day; the day advances whenever the time goes back by more than 12 hours.
   */
  timeOfDay(time: number): number {
    if (this.latestTimeOfDay === null) {
      const now = this.options.now ?? 0;
      this.day = Math.floor(now / DAY) * DAY;
      if (this.localDay(time) > now) this.day -= DAY;
    } else if (time < this.latestTimeOfDay - DAY / 2) this.day += DAY;
    this.latestTimeOfDay = time;
    if (this.days.size < MAX_YEARS) this.days.add(new Date(this.day).toISOString().slice(0, 10));
    return this.localDay(time);
  }

  private localDay(time: number): number {
    const day = new Date(this.day);
    const hour = Math.floor(time / 3_600_000);
    return this.localHour(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate(), hour) + (time % 3_600_000);
  }

  /** Year for a stamp without one, chosen so that it continues the previous records. */
  yearOf(month: number, day: number, hour: number): number {
    const year = this.year === null ? this.firstYear(month, day, hour) : this.nextYear(this.year, month, day, hour);
    this.last = Date.UTC(year, month - 1, day, hour);
    if (this.options.year === undefined) this.years.add(year);
    return year;
  }

  private firstYear(month: number, day: number, hour: number): number {
    if (this.near !== null) return (this.year = nearestYear(this.near, month, day, hour));
    let year = this.options.year ?? new Date(this.options.now ?? 0).getUTCFullYear();
    if (this.options.year === undefined) {
      for (let tries = 0; tries < 8 && !this.fits(year, month, day, hour); tries++) year--;
    }
    this.year = year;
    return year;
  }

  /**
   * A stamp that goes back by more than 30 days starts the next year; one that leaps ahead by nearly a year is a
   * straggler from the previous year.
   */
  private nextYear(year: number, month: number, day: number, hour: number): number {
    const step = Date.UTC(year, month - 1, day, hour) - this.last;
    if (step > 330 * DAY) return year - 1;
    if (step > -30 * DAY) return year;
    const isBound = this.options.year === undefined ? !this.fits(year + 1, month, day, hour) : year >= this.options.year + MAX_YEARS;
    if (isBound) return year;
    this.year = year + 1;
    return year + 1;
  }

  private fits(year: number, month: number, day: number, hour: number): boolean {
    const time = Date.UTC(year, month - 1, day, hour);
    const isRealDay = new Date(time).getUTCDate() === day;
    const now = this.options.present?.() ?? this.options.now;
    return isRealDay && (now === undefined || time <= now + DAY);
  }
}

/** The year in which the date is nearest to a time. */
function nearestYear(time: number, month: number, day: number, hour: number): number {
  const year = new Date(time).getUTCFullYear();
  const distance = (other: number): number => Math.abs(Date.UTC(other, month - 1, day, hour) - time);
  return [year - 1, year + 1].reduce((nearest, other) => (distance(other) < distance(nearest) ? other : nearest), year);
}
