/**
 * Finds the lines of a block that can matter, so that nothing has to be allocated for the others.
 * It may find too many, never too few.
 */
export interface LineFilter {
  /**
   * Offset of a character of the next line at or after `from` that may matter, or -1. `block` holds whole lines of
   * `source` as Latin-1 text (one character per byte); the blocks of a source are passed in their order.
   */
  next(source: string, block: string, from: number): number;
}
