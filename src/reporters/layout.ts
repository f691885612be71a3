import { createColors } from 'picocolors';

/** How parts of the text are emphasised. */
export type Colors = Readonly<Record<'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'underline' | 'yellow', Paint>>;

/** Parameters of the text layout. */
export interface Layout {
  /** In columns. */
  readonly width: number;
  readonly colors: Colors;
  /** Common directory of all sources, which is omitted from places because the report's head states it. */
  readonly directory: string;
}

/** Columns at which a block's text begins, and at which text next to a confidence or side begins. */
export const TEXT = 17;
export const INNER = 26;

/** Widths (columns) below which a layout is unreadable, and above which lines are tiring to read. */
const WIDTHS = { least: 60, default: 100, most: 120 } as const;

/** A layout for a terminal of `columns`, or for a file or pipe if undefined. Terminals of unknown width report 0. */
export function layoutFor(columns: number | undefined, color: boolean): Layout {
  const width = Math.min(Math.max(columns || WIDTHS.default, WIDTHS.least), WIDTHS.most);
  return { width, colors: color ? createColors(true) : COLORLESS, directory: '' };
}

/** The layout for a report on these sources: places print only the part of a path that distinguishes them. */
export function forSources(layout: Layout, sources: readonly string[]): Layout {
  const [first = ''] = sources;
  const directory = first.slice(0, first.lastIndexOf('/') + 1);
  return sources.every((source) => source.startsWith(directory)) ? { ...layout, directory } : layout;
}

/** `auth.log:1042`; `line 1042` of standard input. */
export function placeOf({ source, line }: { readonly source: string; readonly line: number }, { directory }: Layout): string {
  if (source === '-') {
    return `line ${line}`;
  }
  return `${source.startsWith(directory) ? source.slice(directory.length) : source}:${line}`;
}

/**
 * Wraps text between words into lines of at most `width` columns. Longer words are kept whole, so that commands, paths
 * and identities can be copied.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.trimEnd().split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line.trimEnd());
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A label followed by text wrapped in its own column; `label` must not be longer than `indent`. */
export function hang(label: string, indent: number, text: string, width: number, paint: Paint = plain): string[] {
  return wrap(text, Math.max(width - indent, 20)).map((line, index) => (index === 0 ? label.padEnd(indent) : ' '.repeat(indent)) + paint(line));
}

export type Paint = (text: string) => string;

/** Without colour. */
export const plain: Paint = (text) => text;
const COLORLESS: Colors = { bold: plain, cyan: plain, dim: plain, green: plain, red: plain, underline: plain, yellow: plain };

/** Joins parts on the first line as long as they fit; each other part gets indented lines of its own. */
export function flow(parts: readonly string[], separator: string, indent: number, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts.filter((each) => each !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + separator.length + part.length <= width) {
      lines[lines.length - 1] = last + separator + part;
    } else if (last === undefined) {
      lines.push(part);
    } else {
      lines.push(...wrap(part, width - indent).map((line) => ' '.repeat(indent) + line));
    }
  }
  return lines;
}
