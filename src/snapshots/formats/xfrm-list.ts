import type { SourceLine } from '../../model/source-line.js';
import type { SnapshotParser } from '../format.js';

/** A list of `ip xfrm` (iproute2, ipxfrm.c): an entry begins at the margin with its two ends, and what follows of it is indented. */
export abstract class XfrmList<Entry> implements SnapshotParser {
  private entry: Entry | null = null;

  /** `head` captures the ends of an entry. */
  constructor(private readonly head: RegExp) {}

  take(line: SourceLine): boolean {
    const head = this.head.exec(line.text);
    if (head !== null) {
      this.end();
      this.entry = this.begin(line, head[1] ?? '', head[2] ?? '');
      return true;
    }
    const text = line.text.trim();
    if (this.entry === null || text === '' || !/^\s/.test(line.text)) return this.entry !== null && text === '';
    this.detail(this.entry, text);
    return true;
  }

  end(): void {
    const { entry } = this;
    this.entry = null;
    this.finish(entry);
  }

  protected abstract begin(line: SourceLine, source: string, destination: string): Entry;
  protected abstract detail(entry: Entry, text: string): void;
  /** Hands over what is read; null where nothing was begun. */
  protected abstract finish(entry: Entry | null): void;
}
