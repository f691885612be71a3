/** Gaps remembered; those before are far longer ago than any attempt. */
const MAX_GAPS = 64;

/**
 * How long nothing was heard, in milliseconds of message time. Of a gap between two lines no more than `longestGap` counts: the clock may
 * have been set.
 */
export class QuietTime {
  private last: number | null = null;
  /** The latest long gaps: when they ended, and how much of them does not count. */
  private readonly gaps: { readonly end: number; readonly excess: number }[] = [];

  constructor(private readonly longestGap: number) {}

  /** Message time has come to `time`. */
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
