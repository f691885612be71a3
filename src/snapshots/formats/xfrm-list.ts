import type { SourceLine } from '../../model/source-line.js';
import type { SnapshotParser } from '../format.js';

/**
 * Parser for `ip xfrm` lists (iproute2, ipxfrm.c): an entry begins unindented with its two addresses, its details are
 * indented.
 */
export abstract class XfrmList<Entry> implements SnapshotParser {
  private entry: Entry | null = null;

  /** `head` captures the two addresses of an entry. */
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
  /** Emits the finished entry; null if none was begun. */
  protected abstract finish(entry: Entry | null): void;
}
