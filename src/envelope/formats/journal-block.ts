import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import { OTHER_PROGRAM, type SourceState } from './format.js';
import { readJournalEntry } from './journal-entry.js';
import { parseObject } from './json.js';
import { readWrapper } from './json-wrapper.js';

/** Limits for one entry; anything longer is not an entry. */
const MAX_LINES = 2000;
const MAX_CHARACTERS = 100_000;

/** A multi-line log entry while it is being read. */
export interface JournalBlock {
  readonly form: 'export' | 'verbose' | 'json';
  readonly fields: Record<string, unknown>;
  readonly texts: string[];
  characters: number;
  /** The binary field of an export entry that is being read. */
  binary: BinaryField | null;
  /** The line with the message, or else the first line. */
  line: SourceLine;
}

/**
 * A value that contains a newline or control characters is written as its name, an 8-byte little-endian length, and the
 * raw data (systemd's Journal Export Format). AppArmor's `_SELINUX_CONTEXT` has a newline in every entry that came
 * through syslog.
 */
interface BinaryField {
  readonly name: string;
  readonly lines: string[];
}

/**
 * Multi-line entries: `journalctl -o export` and `verbose`, and pretty-printed JSON (`-o json-pretty`, cloud tools).
 * The record is returned with the line that ends its entry.
 */
export function readBlock(line: SourceLine, state: SourceState): LogRecord | typeof OTHER_PROGRAM | undefined {
  const { block } = state;
  const started = startBlock(line, state, block);
  if (started !== null) {
    state.block = started;
    return (block === null ? undefined : conclude(block, state)) ?? OTHER_PROGRAM;
  }
  if (block === null) return undefined;
  const place = placeOf(block, line);
  if (place === 'within') return OTHER_PROGRAM;
  state.block = null;
  const record = conclude(block, state) ?? OTHER_PROGRAM;
  if (place === 'end') return record;
  state.finished = record === OTHER_PROGRAM ? null : record;
  return undefined;
}

/** How a line of pretty-printed JSON begins, and how the last line of an object looks. */
const JSON_LINE = /^\s{0,64}(?:["{}[\]]|-?\d|true|false|null)/;
const JSON_END = /^\s{0,16}\}[\],]{0,2}$/;

/** Completes the entry at the end of the source. */
export function endBlock(state: SourceState): LogRecord | undefined {
  const { block } = state;
  state.block = null;
  const record = block === null ? undefined : conclude(block, state);
  return record === OTHER_PROGRAM ? undefined : record;
}

function startBlock(line: SourceLine, state: SourceState, current: JournalBlock | null): JournalBlock | null {
  const { text } = line;
  if (text.startsWith('__CURSOR=')) return { form: 'export', fields: {}, texts: [], characters: 0, binary: null, line };
  if (startsObject(text.trimEnd(), current)) return { form: 'json', fields: {}, texts: ['{'], characters: 0, binary: null, line };
  const cursor = text.endsWith(']') ? text.indexOf(' [s=') : -1;
  if (cursor < 0 || cursor > 48 || state.stamps.read(text, 0) < 0) return null;
  const micros = /;t=([0-9a-f]{1,16})[;\]]/.exec(text)?.[1];
  return { form: 'verbose', fields: { __REALTIME_TIMESTAMP: micros === undefined ? state.stamps.time * 1000 : Number.parseInt(micros, 16) }, texts: [], characters: 0, binary: null, line };
}

/**
 * Inside an object, a new entry starts only in a list of entries (`"events": [`) or after the end of the previous entry
 * (`},{`).
 */
function startsObject(text: string, current: JournalBlock | null): boolean {
  if (current?.form !== 'json') return OBJECT.test(text);
  if (!NEXT_OBJECT.test(text) || depthOf(current) !== 1) return OBJECT.test(text) && LIST.test(current.texts.at(-1) ?? '');
  current.texts.push('}');
  return true;
}

const OBJECT = /^\s{0,16}\[?\{$/;
const NEXT_OBJECT = /^\s{0,16}\}, ?\{$/;
const LIST = /^\s{0,16}"(?:dmesg|events|hits|results?|logs|logEvents|entries|items|records|rows|messages|value|data)" ?: ?\[\s{0,2}$/;

/** Adds the line to the entry if it belongs there, and says whether it ended the entry. */
function placeOf(block: JournalBlock, line: SourceLine): 'within' | 'end' | 'outside' {
  block.characters += line.text.length;
  const isJson = block.form === 'json';
  if (block.texts.length >= MAX_LINES || block.characters > MAX_CHARACTERS || (isJson && !JSON_LINE.test(line.text))) return 'outside';
  if (/^\s{0,16}"(?:MESSAGE|message|msg|log|textPayload)" ?:/.test(line.text)) block.line = line;
  block.texts.push(line.text);
  if (isJson) return JSON_END.test(line.text.trimEnd()) && depthOf(block) <= 0 ? 'end' : 'within';
  const field = /^ {0,4}([A-Z_][A-Z0-9_]{0,63})=/.exec(line.text);
  if (block.form === 'export' && field === null && takeBinary(block, line)) return 'within';
  endBinary(block);
  if (line.text === '') return 'end';
  if (field === null) return line.text.startsWith('     ') ? 'within' : 'outside';
  const name = field[1] as string;
  if (name === 'MESSAGE') block.line = line;
  block.fields[name] ??= line.text.slice(field[0].length);
  return 'within';
}

/** Takes the name of a binary field or one line of its value; the next field's name ends it. */
function takeBinary(block: JournalBlock, line: SourceLine): boolean {
  const { text } = line;
  if (/^[A-Z_][A-Z0-9_]{0,63}$/.test(text)) {
    endBinary(block);
    block.binary = { name: text, lines: [] };
    if (text === 'MESSAGE') block.line = line;
    return true;
  }
  block.binary?.lines.push(text);
  return block.binary !== null;
}

/**
 * Strips the 8-byte length. Its NUL bytes were already dropped, which leaves one character, or two above 255 bytes; a
 * length byte that is a newline shows up as a line break.
 */
function endBinary(block: JournalBlock): void {
  if (block.binary === null) return;
  const { name, lines } = block.binary;
  const value = lines.join('\n');
  block.fields[name] ??= value.slice(value.length > 256 ? 2 : 1).trimEnd();
  block.binary = null;
}

/** Number of open braces, judged by lines that end or begin with one. */
function depthOf({ texts }: JournalBlock): number {
  let depth = 0;
  for (const text of texts) {
    const trimmed = text.trim();
    if (trimmed.endsWith('{')) depth++;
    if (JSON_END.test(trimmed)) depth--;
  }
  return depth;
}

function conclude(block: JournalBlock, state: SourceState): LogRecord | typeof OTHER_PROGRAM | undefined {
  endBinary(block);
  if (block.form !== 'json') return readJournalEntry(block.fields, block.line);
  const entry = parseObject(block.texts.join('\n').replace(/[\],\s]{1,4}$/, ''));
  if (entry === null) return undefined;
  return '__REALTIME_TIMESTAMP' in entry ? readJournalEntry(entry, block.line) : readWrapper(entry, block.line, state);
}
