import type { LogRecord } from '../../model/log-record.js';
import type { SourceLine } from '../../model/source-line.js';
import type { StampReader } from '../time/stamp.js';
import type { JournalBlock } from './journal-block.js';

/** Parser state kept per source. */
export interface SourceState {
  readonly stamps: StampReader;
  /** `host program[pid]: ` of the previous line; the next line usually has the same one. */
  header: Header;
  otherHeader: Header;
  /** A multi-line entry that is still being read. */
  block: JournalBlock | null;
  /** The record of an entry that was completed by the start of another line. */
  finished: LogRecord | null;
  /** The header of a multi-line message, until that message ends (logcat's `-v long`). */
  long: LogRecord | null;
  /** Partial lines collected so far, by stream (stdout, stderr). */
  pieces: Map<string, LogRecord> | null;
  /** Index of the host column in a table, if its header names one. */
  hostColumn: number | null;
  /**
   * Reads the content of an envelope as a line of its own. Undefined: it has no envelope, or is not from an IPsec
   * daemon.
   */
  readInner(line: SourceLine): LogRecord | undefined;
}

/** The part of a syslog header after its time stamp. */
export interface Header {
  readonly text: string;
  readonly host: string;
  readonly program: string;
  readonly pid: number | null;
}

/** The envelope was understood, but the line is from another program or is part of an unfinished entry. */
export const OTHER_PROGRAM = Symbol('other program');

/** Reads one envelope format; undefined if the line is in another format. */
export type Format = (line: SourceLine, state: SourceState) => LogRecord | typeof OTHER_PROGRAM | undefined;
