/** Gaps remembered; earlier ones precede any open attempt by far. */
const MAX_GAPS = 64;

/**
 * Time without lines, in milliseconds of message time. A gap counts for at most `longestGap`, because the clock may
 * have been set.
 */
export class QuietTime {
  private last: number | null = null;
  /** The latest long gaps: their ends, and the excess that does not count. */
  private readonly gaps: { readonly end: number; readonly excess: number }[] = [];

  constructor(private readonly longestGap: number) {}

  /** Advances message time to `time`. */
  advance(time: number): void {
    const excess = time - (this.last ?? time) - this.longestGap;
    if (excess > 0 && this.gaps.push({ end: time, excess }) > MAX_GAPS) this.gaps.shift();
    this.last = time;
  }

  since(last: number, time: number): number {
    if (this.gaps.length === 0) return time - last;
    return this.gaps.reduce((quiet, { end, excess }) => (end > last && end <= time ? quiet - excess : quiet), time - last);
  }
}
