import type { Section } from '../model/section.js';
import type { SourceLine } from '../model/source-line.js';
import type { LineBatch } from './batch.js';
import { OpenSection } from './open-section.js';

/** Section separator of `ipsec barf`, which is a shell script run with tracing (libreswan, barf.in). */
const RULER = '+ ____________________';
/** Sections that quote logs; all others contain command output or files. */
const LOGS: ReadonlySet<string> = new Set(['plog', 'klog', 'kern.debug']);
/** Censored by `ipsec barf` itself, and not useful for diagnosis. */
const SECRETS = /secrets/;

/** Is a source that begins like this the output of `ipsec barf`? */
export function isBarf(head: string): boolean {
  return head.includes(`\n${RULER}`);
}

/**
 * Separates the sections of an `ipsec barf` from its log lines; needs every line. Text before the first separator (host
 * name, date) becomes the section `preamble`.
 */
export class BarfSections {
  private open: OpenSection | null;

  constructor(source: string) {
    this.open = new OpenSection(source, 'preamble');
  }

  /** The batch without the lines of sections, plus the sections that ended in it. */
  take(batch: LineBatch): LineBatch {
    const lines: SourceLine[] = [];
    const sections: Section[] = [];
    for (const line of batch.lines) {
      const name = nameOf(line.text);
      if (name !== null) {
        sections.push(...this.finish());
        this.open = LOGS.has(name) ? null : new OpenSection(line.source, name);
        this.open?.add(line);
      } else if (this.open === null) lines.push(line);
      else this.open.add(line);
    }
    return { ...batch, lines, sections };
  }

  /** The section that was open at the end of the source, if any. */
  finish(): Section[] {
    const section = this.open?.close() ?? null;
    return section === null || SECRETS.test(section.name) ? [] : [section];
  }
}

function nameOf(line: string): string | null {
  return line.startsWith(RULER) ? line.replace(/^\+ _+ ?/, '').trimEnd() : null;
}
