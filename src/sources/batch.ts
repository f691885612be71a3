import type { SourceLine } from '../model/source-line.js';

/** Lines of one input that may matter, in order. */
export interface LineBatch {
  readonly lines: SourceLine[];
  /** All lines passed over, those that don't matter included. */
  readonly scanned: number;
  readonly bytes: number;
}
