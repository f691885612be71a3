import type { Observation } from '../model/observation.js';
import type { SnapshotFormatName } from '../model/snapshot-formats.js';
import type { SourceLine } from '../model/source-line.js';

/** Reads one output from its first line on. */
export interface SnapshotParser {
  /** Takes a line; false: it is not part of this output, which is therefore over. */
  take(line: SourceLine): boolean;
  /** The output is over; what was begun is handed over. */
  end(): void;
}

export type Emit = (observation: Observation) => void;

/** One status output: how it begins, and how it is read. */
export interface SnapshotFormat {
  readonly name: SnapshotFormatName;
  /** Could this line begin the output? Must be cheap, and never true of a log line. */
  opens(text: string): boolean;
  /** `command`: what was typed, where its echo stands before the output. */
  start(emit: Emit, command: string | null): SnapshotParser;
}

/** Something being read, over several lines. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A number, or null where the digits are missing. */
export function numberOf(digits: string | undefined): number | null {
  if (digits === undefined || digits === '') return null;
  const value = Number(digits);
  return Number.isFinite(value) ? value : null;
}

/** `12K`, `3M`, `1G` of firewall counters, which are powers of a thousand. */
export function countOf(text: string | undefined): number | null {
  const match = /^(\d{1,15})([KMGT]?)$/.exec(text ?? '');
  if (match === null) return null;
  return Number(match[1]) * 1000 ** ' KMGT'.indexOf(match[2] === '' ? ' ' : (match[2] ?? ' '));
}

/** The SPI behind any of its spellings in hexadecimal: `0x0fbdfd01`, `fbdfd01`. */
export function spiOf(hex: string | undefined): number | null {
  if (hex === undefined) return null;
  const value = Number.parseInt(hex.startsWith('0x') ? hex.slice(2) : hex, 16);
  return Number.isFinite(value) ? value >>> 0 : null;
}

/** The line that is kept as evidence: everything from a key on is cut off. */
export function withoutKey(line: SourceLine, text: string): SourceLine {
  return { source: line.source, number: line.number, text };
}

/** An IPv4 or IPv6 address in a pattern. The mark of its kind is asked for: groups of a key are hexadecimal digits, too. */
export const ADDRESS = String.raw`(?=[0-9a-fA-F]{0,4}[.:])[0-9a-fA-F.:]{2,45}`;

/** No address: the end of a template in transport mode, which is that of the policy's selector. */
export const isUnspecified = (address: string): boolean => address === '0.0.0.0' || address === '::';
