import type { LogRecord, RecordTag } from '../../model/log-record.js';
import { KERNEL_PROGRAMS, ROUTEROS } from '../../model/programs.js';
import type { SourceLine } from '../../model/source-line.js';
import { bareRecord } from '../formats/daemon-file.js';
import { tidyLine } from './damage.js';

/** How far into a line a daemon's sentence is searched for. */
const MAX_PREFIX = 120;
const PROGRAMS = [['pluto', 'pluto'], ['charon', 'charon'], ['racoon', 'racoon'], [ROUTEROS, 'racoon']] as const;
/** Isolated lines are taken to be about a single SA. */
const ONE_SA: RecordTag = { thread: null, group: null, connectionName: null, saNumber: 1 };
/** Where a quoted sentence may begin: after a colon, comma or quote, or after a verb of saying. */
const BEFORE = /: |, |["`“]| (?:says?|said|saying|reads?|shows?|gets?|got|getting|sees?|errors?|messages?|that) /g;
/** What closes a quoted sentence. */
const CLOSING = /["`”][.,]?$/;
/** Before a colon: the name of a program that writes none of the daemons' sentences. */
const OTHER_PROGRAM = new RegExp(`(?:^|\\s)(?:${[...KERNEL_PROGRAMS, 'pppd'].join('|')})(?:\\[\\d{1,7}\\])?: $`);
/** Separator between two sentences written in one line. */
const BETWEEN = '; ';

/** A line, or part of it, interpreted as a message of one daemon. */
export interface LoneRecord {
  readonly record: LogRecord;
  readonly daemon: 'charon' | 'pluto' | 'racoon';
}

/**
 * Candidate readings, one per daemon, of a line without an envelope from `at` on: the whole text, or the text after a
 * colon or quote. Questions often quote a single line that was typed or cut out. `isWhole`: only readings with nothing
 * before them.
 */
export function* readBareSentence(line: SourceLine, at: number, isWhole: boolean): Generator<LoneRecord> {
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

/** A record with a program and message, and nothing else known. */
export function loneRecord(line: SourceLine, program: string, message: string): LogRecord {
  return { ...bareRecord(line, 0), program, message, tag: program === 'pluto' ? ONE_SA : null };
}

function nextBeginning(text: string, from: number): number {
  BEFORE.lastIndex = from;
  return BEFORE.test(text) && !OTHER_PROGRAM.test(text.slice(0, BEFORE.lastIndex)) ? BEFORE.lastIndex : -1;
}
