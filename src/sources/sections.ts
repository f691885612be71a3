import type { Section } from '../model/section.js';
import type { SourceLine } from '../model/source-line.js';
import type { LineBatch } from './batch.js';
import { OpenSection } from './open-section.js';

/** `ipsec barf` is a traced shell script whose rulers are commands: `+ _________________________ plog` (libreswan, barf.in). */
const RULER = '+ ____________________';
/** Sections that quote logs; the others are what commands printed, and files. */
const LOGS: ReadonlySet<string> = new Set(['plog', 'klog', 'kern.debug']);
/** Censored by their maker, and nothing in them tells a cause. */
const SECRETS = /secrets/;

/** Does a source that begins like this hold the output of `ipsec barf`? */
export function isBarf(head: string): boolean {
  return head.includes(`\n${RULER}`);
}

/**
 * Takes the sections of an `ipsec barf` out of the batches of its lines, all of which have to be read. What stands before the
 * first ruler, the host's name and the date, is the section `preamble`.
 */
export class BarfSections {
  #open: OpenSection | null;

  constructor(source: string) {
    this.#open = new OpenSection(source, 'preamble');
  }

  /** The batch without the lines of sections, with the sections that ended in it. */
  take(batch: LineBatch): LineBatch {
    const lines: SourceLine[] = [];
    const sections: Section[] = [];
    for (const line of batch.lines) {
      const name = nameOf(line.text);
      if (name !== null) {
        sections.push(...this.finish());
        this.#open = LOGS.has(name) ? null : new OpenSection(line.source, name);
        this.#open?.add(line);
      } else if (this.#open === null) lines.push(line);
      else this.#open.add(line);
    }
    return { ...batch, lines, sections };
  }

  /** The section that the end of the source ends, if there is one. */
  finish(): Section[] {
    const section = this.#open?.close() ?? null;
    return section === null || SECRETS.test(section.name) ? [] : [section];
  }
}

function nameOf(line: string): string | null {
  return line.startsWith(RULER) ? (/^\+ _+ ?(.*?)\s*$/.exec(line)?.[1] ?? '') : null;
}
