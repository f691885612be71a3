/** One line of an input, as read. */
export interface SourceLine {
  /** The input as named by the user or found, or `-` for standard input. */
  readonly source: string;
  /** Line number from 1 in the source as read. */
  readonly number: number;
  /** Decoded text without its line end; at most {@link MAX_LINE_LENGTH} characters. */
  readonly text: string;
  /** Number of the block it came in, by which a follower can find it again. */
  block?: number;
}

/**
 * Characters kept per line. pluto truncates at 1024, syslog daemons at 8 KiB; anything longer is damage or an attack.
 */
export const MAX_LINE_LENGTH = 16_384;
