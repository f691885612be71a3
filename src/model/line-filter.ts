/** A word that stands in lines that may matter. */
export interface Hint {
  readonly word: string;
  /** Three neighbouring characters of the word that stand in few other words: scanning looks for these first. */
  readonly rare: string;
}

/** Says which lines of a block can matter, so that nothing has to be allocated for the others. */
export interface LineFilter {
  /**
   * Words one of which is in each line of the block that may matter; null where every line may. Asked once for each block of
   * a source, in their order.
   */
  hints(source: string, block: Block): readonly Hint[] | null;
}

/** Whole lines of a source. */
export interface Block {
  /** In bytes. */
  readonly length: number;
  /** As Latin-1, one character per byte; a copy, so not for every block. */
  text(): string;
}

/** Lets all lines pass. */
export const EVERY_LINE: LineFilter = { hints: () => null };
