import type { Problem } from './model/problem.js';

/** The time range asked for (`since` and `until` in epoch milliseconds), with a count of what is outside. */
export class TimeWindow {
  private outside = 0;
  private first = Infinity;
  private last = -Infinity;

  constructor(private readonly since = -Infinity, private readonly until = Infinity) {}

  /** Is the time inside the range? Records without a time are. */
  holds(time: number | null): boolean {
    if (time === null || (time >= this.since && time <= this.until)) return true;
    this.outside += 1;
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
    return false;
  }

  /** The problem to report if nothing found is inside: usually the stamps are of another zone than assumed. */
  problem(): Problem | null {
    if (this.outside === 0) return null;
    const [first, last] = [this.first, this.last].map((time) => new Date(time).toISOString().replace('.000', ''));
    return {
      level: 'warning',
      check: 'outside-of-time',
      message: `All IPsec lines are outside --since and --until: they are from ${first === last ? first : `${first} to ${last}`}`,
      where: null,
      help: 'Time stamps without a zone are read as UTC; set theirs with --zone or --utc-offset.',
    };
  }
}
