import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import { startsDaemon } from './daemon-shape.js';
import type { SourceState } from './format.js';
import { isIpsecProgram, readTag } from './programs.js';

/** Columns examined per row; log server exports have a few dozen at most. */
const MAX_COLUMNS = 64;

interface Row {
  readonly time: number | null;
  readonly program: string;
  readonly pid: number | null;
  readonly message: string;
}

/**
 * Reads a table row as exported or displayed by firewall web pages and log servers: separated by tabs, commas or
 * semicolons (CSV), `|`, or runs of blanks. Columns are recognised by content, so their order does not matter.
 */
export function readColumns(line: SourceLine, state: SourceState): LogRecord | undefined {
  for (const cells of splits(line.text)) {
    const row = cells.length < 2 ? undefined : readRow(cells, state);
    if (row !== undefined) {
      const host = state.hostColumn === null ? '' : (cells[state.hostColumn] ?? '');
      return { line, inferred: row.time === null ? [] : state.stamps.inferred, host, repeats: 1, tag: null, ...row };
    }
  }
  return line.text.startsWith('| ') ? readWholeLine(line, state) : undefined;
}

/** Finds a table cell that holds a complete log line. */
function readWholeLine(line: SourceLine, state: SourceState): LogRecord | undefined {
  for (const cell of line.text.split(' | ', MAX_COLUMNS)) {
    const record = cell.includes(' ') ? state.readInner({ ...line, text: unquoteCode(cell) }) : undefined;
    if (record !== undefined) return { ...record, line };
  }
  return undefined;
}

/** Strips Markdown backquotes and the `|` that closes a table row. */
function unquoteCode(cell: string): string {
  const text = cell.replaceAll('`', '').trim();
  return text.endsWith(' |') ? text.slice(0, -2).trimEnd() : text;
}

/** Names that log servers give to the host and message columns in their exports. */
const HOST_NAMES = new Set(['source', 'host', 'hostname', 'host.name', 'host.hostname', 'agent.hostname', 'computer', 'device', 'devname']);
const MESSAGE_NAMES = new Set(['message', 'msg', 'full_message', '_raw', 'line', 'text', 'log']);
const MAX_HEADER = 2000;

/**
 * Index of the host column if the line is a table header, since a table may mix the logs of several gateways. Null for
 * any other line.
 */
export function hostColumn(text: string): number | null {
  if (text.length > MAX_HEADER || !/message|msg|_raw|line|text|log/i.test(text)) return null;
  for (const cells of splits(text)) {
    const names = cells.map((cell) => cell.toLowerCase());
    const column = names.findIndex((name) => HOST_NAMES.has(name));
    if (column >= 0 && names.some((name) => MESSAGE_NAMES.has(name))) return column;
  }
  return null;
}

/** All plausible ways to split the line, likeliest first. */
function* splits(text: string): Generator<readonly string[]> {
  if (text.includes('\t')) yield text.split('\t', MAX_COLUMNS).map(unquote);
  if (text.includes('","') || text.startsWith('"') || /^[^,\s]{4,40}(?: [^,\s]{8,20})?,/.test(text)) yield splitCsv(text, ',');
  if (text.includes('";"') || /^[^;&\s]{4,40}(?: [^;&\s]{8,20})?;/.test(text)) yield splitCsv(text, ';');
  if (text.includes(' | ')) yield (text.startsWith('| ') ? text.slice(2) : text).split(' | ', MAX_COLUMNS).map((cell) => cell.trim());
  if (text.includes('  ')) yield text.trim().split(/ {2,}/, MAX_COLUMNS);
}

/** CSV per RFC 4180 (quoted cells, doubled quotes). Anything after the last allowed column stays part of it. */
function splitCsv(text: string, delimiter: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= text.length && cells.length < MAX_COLUMNS; ) {
    const end = endOfCell(text, at, delimiter);
    cells.push(unquote(text.slice(at, end)));
    at = end + 1;
  }
  return cells;
}

function endOfCell(text: string, at: number, delimiter: string): number {
  let from = at;
  while (text.charCodeAt(from) === 0x22) {
    const close = text.indexOf('"', from + 1);
    if (close < 0) return text.length;
    from = close + 1;
  }
  const end = text.indexOf(delimiter, from);
  return end < 0 ? text.length : end;
}

function unquote(cell: string): string {
  const text = cell.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') && !startsDaemon(text, 0) ? text.slice(1, -1).replaceAll('""', '"') : text;
}

/** Accepts a row only if a column names a daemon or begins with a daemon's own prefix. */
function readRow(cells: readonly string[], state: SourceState): Row | undefined {
  const stamped = cells.findIndex((cell) => isStamp(cell, state));
  const time = stamped < 0 ? null : state.stamps.time;
  const shaped = cells.findIndex((cell, index) => index !== stamped && startsDaemon(cell, 0));
  const named = cells.findIndex((cell) => !cell.includes(' ') && isIpsecProgram(readTag(cell).program));
  if (named >= 0 && (stamped >= 0 || shaped >= 0)) {
    const { program, pid } = readTag(cells[named] ?? '');
    const next = cells[named + 1] ?? '';
    const message = shaped > named ? cells[shaped] : lastText(cells.slice(named + 1));
    return message === undefined ? undefined : { time, program, pid: pid ?? (/^\d{1,8}$/.test(next) ? Number(next) : null), message };
  }
  const tagged = /^(?<tag>[\w.\/-]{1,40}(?:\[\d{1,8}\])?): /;
  for (const cell of cells) {
    const tag = tagged.exec(cell)?.groups?.['tag'];
    if (tag !== undefined && isIpsecProgram(readTag(tag).program)) return { time, ...readTag(tag), message: cell.slice(tag.length + 2) };
  }
  return shaped < 0 ? undefined : { time, program: '', pid: null, message: cells[shaped] ?? '' };
}

function isStamp(cell: string, state: SourceState): boolean {
  return cell.length >= 8 && cell.length <= 40 && state.stamps.read(cell, 0) === cell.length;
}

/** The last cell with more than one word; failing that, the last non-empty cell. */
function lastText(cells: readonly string[]): string | undefined {
  return cells.findLast((cell) => cell.includes(' ')) ?? cells.findLast((cell) => cell !== '');
}
