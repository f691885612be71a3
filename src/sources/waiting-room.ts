import type { Member } from './tar.js';

/** Members of an archive, by their place in it, that wait in memory for their turn; as many as fit. */
export class WaitingRoom {
  /** Something did not fit. */
  isIncomplete = false;
  readonly #held = new Map<number, Buffer>();
  #bytes = 0;

  constructor(private readonly maxBytes: number) {}

  /** Takes a member in unless it is too large. Where the archive breaks within it, its beginning stays. @throws the archive's errors. */
  async admit(place: number, { size, bytes }: Member): Promise<boolean> {
    if (this.#bytes + size > this.maxBytes) {
      this.isIncomplete = true;
      return false;
    }
    const pieces: Buffer[] = [];
    try {
      for await (const piece of bytes) pieces.push(Buffer.from(piece));
    } finally {
      const held = Buffer.concat(pieces);
      this.#held.set(place, held);
      this.#bytes += held.length;
    }
    return true;
  }

  /** Lets a member go; null if it is not here. */
  release(place: number): Buffer | null {
    const held = this.#held.get(place);
    if (held === undefined) return null;
    this.#held.delete(place);
    this.#bytes -= held.length;
    return held;
  }

  clear(): void {
    this.#held.clear();
    this.#bytes = 0;
  }
}
