/** A word that occurs in relevant lines. */
export interface Hint {
  readonly word: string;
  /** Three adjacent characters of the word that few other words contain; scanning tests for these first. */
  readonly rare: string;
}

/** Determines which lines of a block may be relevant, so that nothing is allocated for the others. */
export interface LineFilter {
  /**
   * Words of which every relevant line of the block contains at least one; null if every line may be relevant. Called
   * once per block of a source, in order.
   */
  hints(source: string, block: Block): readonly Hint[] | null;
}

/** Complete lines of a source. */
export interface Block {
  /** In bytes. */
  readonly length: number;
  /** Decoded as Latin-1, one character per byte; it is a copy, so do not call it for every block. */
  text(): string;
}

/** Passes every line. */
export const EVERY_LINE: LineFilter = { hints: () => null };
