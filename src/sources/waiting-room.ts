import type { Member } from './tar.js';

/** Buffers archive members, by index, until it is their turn to be read, as far as memory allows. */
export class WaitingRoom {
  /** At least one member did not fit. */
  isIncomplete = false;
  private readonly held = new Map<number, Buffer>();
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  /**
   * Buffers a member; false if it does not fit. If the archive breaks within it, its beginning is kept. @throws the
   * archive's errors.
   */
  async admit(place: number, { size, bytes }: Member): Promise<boolean> {
    if (this.bytes + size > this.maxBytes) {
      this.isIncomplete = true;
      return false;
    }
    const pieces: Buffer[] = [];
    try {
      for await (const piece of bytes) pieces.push(Buffer.from(piece));
    } finally {
      const held = Buffer.concat(pieces);
      this.held.set(place, held);
      this.bytes += held.length;
    }
    return true;
  }

  /** Removes and returns a member; null if it is not buffered. */
  release(place: number): Buffer | null {
    const held = this.held.get(place);
    if (held === undefined) return null;
    this.held.delete(place);
    this.bytes -= held.length;
    return held;
  }

  clear(): void {
    this.held.clear();
    this.bytes = 0;
  }
}
