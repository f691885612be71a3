import type { Inferred } from '../model/log-record.js';
import type { LocalTime } from './zone.js';

export interface ClockOptions {
  /** Year of the first record of a log whose stamps have none. */
  readonly year?: number | undefined;
  /** The zone of stamps without one: `readZone`. */
  readonly zone?: LocalTime | undefined;
  /** Epoch milliseconds that no record lies after: the present. */
  readonly now?: number | undefined;
  /** The present of a run that goes on, perhaps over New Year. */
  readonly present?: (() => number) | undefined;
  /** Epoch milliseconds at which a source was last written, if that is known: no record lies after that either. */
  readonly lastWritten?: ((source: string) => number | undefined) | undefined;
}

/** A file that was written before is one whose time nobody set: some archives say 1970 or 1980. */
const EARLIEST = Date.UTC(1990, 0);

const DAY = 86_400_000;
/** Years that one log may span; stamps that jump to and fro would go on for ever. */
const MAX_YEARS = 50;
const NONE: readonly Inferred[] = [];

/** What stamps of one source leave open, year and zone. Remembers the last record, so that a log may run over New Year. */
export class Clock {
  #options: ClockOptions;
  #year: number | null = null;
  #last = 0;
  /** The day (as of UTC) of the last time of day, and that time, in milliseconds. */
  #day = 0;
  #timeOfDay: number | null = null;
  readonly years = new Set<number>();
  readonly days = new Set<string>();
  assumedZone = false;
  /** Some stamps were seconds since boot. */
  countsFromBoot = false;

  /** `source`: whose stamps it tells. */
  constructor(options: ClockOptions, source = '') {
    const { now = Number.POSITIVE_INFINITY, lastWritten } = options;
    const written = lastWritten?.(source) ?? 0;
    this.#options = written < EARLIEST || written > now ? options : { ...options, now: written, present: undefined };
  }

  /** No record of the source lies after `time`. */
  endsAt(time: number): void {
    this.#options = { ...this.#options, now: time, present: undefined };
  }

  /** What is inferred about a stamp without zone, and perhaps without year, or without any date. */
  inferred(missing: 'zone' | 'year' | 'date'): readonly Inferred[] {
    const isKnown = missing === 'zone' || (missing === 'year' && this.#options.year !== undefined);
    if (this.#options.zone === undefined) return isKnown ? ['zone'] : [missing, 'zone'];
    return isKnown ? NONE : [missing];
  }

  /** Epoch milliseconds at which an hour of local time begins; `isSecond`: the second time, of the hour that comes twice in autumn. */
  localHour(year: number, month: number, day: number, hour: number, isSecond = false): number {
    if (this.#options.zone === undefined) {
      this.assumedZone = true;
      return Date.UTC(year, month - 1, day, hour);
    }
    return this.#options.zone(year, month, day, hour, isSecond);
  }

  /**
   * Epoch milliseconds of a stamp that has no date, given as milliseconds since midnight: on the last day that it may have been,
   * and the next day whenever the clock has gone back by hours.
   */
  timeOfDay(time: number): number {
    if (this.#timeOfDay === null) {
      const now = this.#options.now ?? 0;
      this.#day = Math.floor(now / DAY) * DAY;
      if (this.#localDay(time) > now) this.#day -= DAY;
    } else if (time < this.#timeOfDay - DAY / 2) this.#day += DAY;
    this.#timeOfDay = time;
    if (this.days.size < MAX_YEARS) this.days.add(new Date(this.#day).toISOString().slice(0, 10));
    return this.#localDay(time);
  }

  #localDay(time: number): number {
    const day = new Date(this.#day);
    const hour = Math.floor(time / 3_600_000);
    return this.localHour(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate(), hour) + (time % 3_600_000);
  }

  /** The year of a stamp without year: the one that continues the records before it. */
  yearOf(month: number, day: number, hour: number): number {
    const year = this.#year === null ? this.#firstYear(month, day, hour) : this.#nextYear(this.#year, month, day, hour);
    this.#last = Date.UTC(year, month - 1, day, hour);
    if (this.#options.year === undefined) this.years.add(year);
    return year;
  }

  #firstYear(month: number, day: number, hour: number): number {
    let year = this.#options.year ?? new Date(this.#options.now ?? 0).getUTCFullYear();
    if (this.#options.year === undefined) {
      for (let tries = 0; tries < 8 && !this.#fits(year, month, day, hour); tries++) year--;
    }
    this.#year = year;
    return year;
  }

  /** A stamp that goes back by months belongs to the next year; one that leaps ahead by nearly a year is a straggler of the last one. */
  #nextYear(year: number, month: number, day: number, hour: number): number {
    const step = Date.UTC(year, month - 1, day, hour) - this.#last;
    if (step > 330 * DAY) return year - 1;
    if (step > -30 * DAY) return year;
    const isBound = this.#options.year === undefined ? !this.#fits(year + 1, month, day, hour) : year >= this.#options.year + MAX_YEARS;
    if (isBound) return year;
    this.#year = year + 1;
    return year + 1;
  }

  #fits(year: number, month: number, day: number, hour: number): boolean {
    const time = Date.UTC(year, month - 1, day, hour);
    const isRealDay = new Date(time).getUTCDate() === day;
    const now = this.#options.present?.() ?? this.#options.now;
    return isRealDay && (now === undefined || time <= now + DAY);
  }
}
