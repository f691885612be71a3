import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import type { Block } from './journal-block.js';
import type { StampReader } from './stamp.js';

/** What is remembered about one source while it is read. */
export interface SourceState {
  readonly stamps: StampReader;
  /** `host program[pid]: ` of the line before, which mostly is that of the next. */
  header: Header;
  otherHeader: Header;
  /** An entry of many lines of which some were read. */
  block: Block | null;
  /** The record of an entry that ended where another line began. */
  finished: LogRecord | null;
  /** What stands above the lines of a message, until they end. */
  long: LogRecord | null;
  /** Of lines in pieces, what was read so far, by stream. */
  pieces: Map<string, LogRecord> | null;
  /** Which column of a table has the host, if its first line says so. */
  hostColumn: number | null;
  /** Reads what an envelope holds as a line of its own; undefined where that has none, or is not ours. */
  readInner(line: SourceLine): LogRecord | undefined;
}

/** A syslog header behind its time stamp. */
export interface Header {
  readonly text: string;
  readonly host: string;
  readonly program: string;
  readonly pid: number | null;
}

/** The envelope was understood, but the line is by another program, or a part of an entry that goes on. */
export const OTHER_PROGRAM = Symbol('other program');

/** Reads one envelope format. Undefined: the line has another format. */
export type Format = (line: SourceLine, state: SourceState) => LogRecord | typeof OTHER_PROGRAM | undefined;
