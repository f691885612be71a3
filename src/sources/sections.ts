import type { LineFilter } from '../model/line-filter.js';
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
 * Takes the sections of an `ipsec barf` out of its lines: as a filter it lets them pass, and from the batches it takes them.
 * What stands before the first ruler, the host's name and the date, is the section `preamble`.
 */
export class BarfSections implements LineFilter {
  readonly #log: LineFilter;
  #open: OpenSection | null;
  /** What the filter, which runs ahead, has come to. */
  #passing: 'section' | 'log' = 'section';
  #block = '';
  #nextRuler = 0;

  constructor(source: string, log: LineFilter) {
    this.#log = log;
    this.#open = new OpenSection(source, 'preamble');
  }

  next(source: string, block: string, from: number): number {
    if (from >= block.length) return -1;
    const ruler = this.#rulerFrom(block, from);
    const hit = ruler === from ? -1 : this.#beforeRuler(source, block.slice(from, ruler < 0 ? block.length : ruler));
    if (hit >= 0) return from + hit;
    if (ruler >= 0) this.#passing = LOGS.has(nameOf(lineAt(block, ruler)) ?? '') ? 'log' : 'section';
    return ruler;
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

  #beforeRuler(source: string, text: string): number {
    return this.#passing === 'section' ? 0 : this.#log.next(source, text, 0);
  }

  /** Looked for once, not once for each line before it. */
  #rulerFrom(block: string, from: number): number {
    if (block.startsWith(RULER, from)) return from;
    if (block === this.#block && (this.#nextRuler < 0 || this.#nextRuler >= from)) return this.#nextRuler;
    const before = block.indexOf(`\n${RULER}`, from);
    this.#block = block;
    return (this.#nextRuler = before < 0 ? -1 : before + 1);
  }
}

function lineAt(block: string, start: number): string {
  const end = block.indexOf('\n', start);
  return block.slice(start, end < 0 ? block.length : end);
}

function nameOf(line: string): string | null {
  return line.startsWith(RULER) ? (/^\+ _+ ?(.*?)\s*$/.exec(line)?.[1] ?? '') : null;
}
