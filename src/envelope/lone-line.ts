import type { LogRecord, RecordTag } from '../model/log-record.js';
import { ROUTEROS } from '../model/programs.js';
import type { SourceLine } from '../model/source-line.js';
import { bareRecord } from './daemon-file.js';
import { tidyLine } from './damage.js';

/** How far into a line a sentence is looked for, behind what was put before it or is left of its prefix. */
const MAX_PREFIX = 120;
const PROGRAMS = [['pluto', 'pluto'], ['charon', 'charon'], ['racoon', 'racoon'], [ROUTEROS, 'racoon']] as const;
/** What lone lines tell of is taken for one negotiation. */
const ONE_SA: RecordTag = { thread: null, group: null, connectionName: null, saNumber: 1 };
/** Behind what a sentence may begin: a colon or comma, a quote, the verb with which somebody tells what the log says. */
const BEFORE = /: |, |["`“]| (?:says?|said|saying|reads?|shows?|gets?|got|getting|sees?|errors?|messages?|that) /g;
/** What stands behind a quoted sentence. */
const CLOSING = /["`”][.,]?$/;
/** What people put between two sentences that they write in one line. */
const BETWEEN = '; ';

/** A line, or a part of it, read as a sentence of one daemon. */
export interface LoneRecord {
  readonly record: LogRecord;
  readonly daemon: 'charon' | 'pluto' | 'racoon';
}

/**
 * What a line without any envelope may be from `at` on: a sentence of each of the daemons, whole or behind a colon. People ask about one such
 * line, which they have typed or cut out of a longer one. `isWhole`: only what has nothing before it.
 */
export function* readLoneLine(line: SourceLine, at: number, isWhole: boolean): Generator<LoneRecord> {
  const text = tidyLine(line.text.slice(at));
  if (isWhole) return yield* sentencesOf(line, text);
  yield* sentencesIn(line, text);
  if (text.includes(BETWEEN)) for (const part of text.split(BETWEEN)) yield* sentencesIn(line, part);
}

function* sentencesIn(line: SourceLine, text: string): Generator<LoneRecord> {
  for (let at = 0; at >= 0 && at < MAX_PREFIX; at = nextBeginning(text, at)) {
    const rest = text.slice(at).trimStart();
    yield* sentencesOf(line, at > 0 && '"`“'.includes(text.charAt(at - 1)) ? rest.replace(CLOSING, '') : rest);
  }
}

function* sentencesOf(line: SourceLine, message: string): Generator<LoneRecord> {
  for (const [program, daemon] of PROGRAMS) yield { record: loneRecord(line, program, message), daemon };
}

/** A sentence of a program of which nothing else is known. */
export function loneRecord(line: SourceLine, program: string, message: string): LogRecord {
  return { ...bareRecord(line, 0), program, message, tag: program === 'pluto' ? ONE_SA : null };
}

function nextBeginning(text: string, from: number): number {
  BEFORE.lastIndex = from;
  return BEFORE.test(text) ? BEFORE.lastIndex : -1;
}
