import { createColors } from 'picocolors';

export type Colors = ReturnType<typeof createColors>;

/** How text is laid out. */
export interface Layout {
  /** Columns. */
  readonly width: number;
  readonly colors: Colors;
  /** Part of the path of a source that is left out, because all sources share it and the head of the report says it. */
  readonly directory: string;
}

/** Column where the words of a block begin, and where those beside a confidence or a side begin. */
export const TEXT = 17;
export const INNER = 26;

/** Columns below which a layout would be unreadable and above which it would be tiring. */
const WIDTHS = { least: 60, default: 100, most: 120 } as const;

/** A layout for a terminal of `columns`, or for a file or pipe where that is undefined. Terminals that do not know say 0. */
export function layoutFor(columns: number | undefined, color: boolean): Layout {
  const width = Math.min(Math.max(columns || WIDTHS.default, WIDTHS.least), WIDTHS.most);
  return { width, colors: createColors(color), directory: '' };
}

/** The layout for a report of these sources: line by line, only what tells them apart is printed. */
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
 * Breaks a text between words into lines of at most `width` columns. A word that is longer stays whole, so that commands,
 * paths and identities can be copied.
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

/** A label in front of a text that is wrapped beside it; `label` must not be longer than `indent`. */
export function hang(label: string, indent: number, text: string, width: number, paint: Paint = plain): string[] {
  return wrap(text, Math.max(width - indent, 20)).map((line, index) => (index === 0 ? label.padEnd(indent) : ' '.repeat(indent)) + paint(line));
}

export type Paint = (text: string) => string;

/** No colour. */
export const plain: Paint = (text) => text;

/** Puts parts in one line where they fit, each further one that does not on lines of its own, indented. */
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
