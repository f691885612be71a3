import type { Section } from '../model/section.js';
import type { SourceLine } from '../model/source-line.js';

/** Lines of one input that may matter, in order. */
export interface LineBatch {
  readonly lines: SourceLine[];
  /** Parts that are no log and ended here; their lines are not among `lines`. */
  readonly sections?: readonly Section[];
  /** All lines passed over, those that don't matter included. */
  readonly scanned: number;
  readonly bytes: number;
}
