import type { Section } from '../model/section.js';
import type { MAX_LINE_LENGTH, SourceLine } from '../model/source-line.js';

/** Relevant lines of one input, in order. */
export interface LineBatch {
  readonly lines: SourceLine[];
  /** Sections of status output that ended in this batch; their lines are not in `lines`. */
  readonly sections?: readonly Section[];
  /** Number of lines scanned, including irrelevant ones. */
  readonly scanned: number;
  readonly bytes: number;
  /** Number of lines cut at {@link MAX_LINE_LENGTH}, if any. */
  readonly cut?: number;
}
