/** One text line of one input, as it was read. */
export interface SourceLine {
  /** What the user named: a path as given or found, or `-` for standard input. */
  readonly source: string;
  /** Counts from 1 in the source as it was read. */
  readonly number: number;
  /** Decoded text without its line end; at most {@link MAX_LINE_LENGTH} characters. */
  readonly text: string;
  /** Where a follower can read it again: number of the block of lines in which it came. */
  block?: number;
}

/** Characters kept of one line. pluto cuts at 1024, syslog daemons at 8 KiB; what is longer is damage or an attack. */
export const MAX_LINE_LENGTH = 16_384;
