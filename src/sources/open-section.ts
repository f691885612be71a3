import type { Section } from '../model/section.js';
import type { SourceLine } from '../model/source-line.js';

/** Longest status output accepted; routing tables are the longest. */
const MAX_LINES = 20_000;
const MAX_CHARACTERS = 4_000_000;

/** A section that has not ended yet. */
export class OpenSection {
  private readonly lines: SourceLine[] = [];
  private characters = 0;
  private omitted = 0;

  constructor(private readonly source: string, private readonly name: string) {}

  add(line: SourceLine): void {
    this.characters += line.text.length;
    if (this.lines.length < MAX_LINES && this.characters <= MAX_CHARACTERS) this.lines.push(line);
    else this.omitted++;
  }

  /** Ends the section; null if it is empty. */
  close(): Section | null {
    return this.lines.length === 0 ? null : { source: this.source, name: this.name, lines: this.lines, omitted: this.omitted };
  }
}
