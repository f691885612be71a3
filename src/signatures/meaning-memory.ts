import type { Meaning } from './read-event.js';

/** Texts remembered at least; twice as many at most. */
const REMEMBERED = 8_192;
/** Longer texts are mostly lists of proposals or certificates, and cost more to keep than to read. */
const LONGEST = 512;

/**
 * Remembers what the latest different texts mean, also that nothing is known of them: daemons say the same things over and over.
 * Two generations: when the young one is full it becomes the old one, whose texts are taken over when they come again.
 */
export class MeaningMemory {
  private young = new Map<string, Meaning | null>();
  private old = new Map<string, Meaning | null>();

  /** What is known of this text; undefined where it has not been seen lately. */
  recall(text: string): Meaning | null | undefined {
    const known = this.young.get(text);
    if (known !== undefined) return known;
    const older = this.old.get(text);
    if (older !== undefined) this.keep(text, older);
    return older;
  }

  keep(text: string, meaning: Meaning | null): void {
    if (text.length > LONGEST) return;
    if (this.young.size >= REMEMBERED) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(text, meaning);
  }
}
