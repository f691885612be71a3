import type { Observation } from '../model/observation.js';
import type { SnapshotFormatName } from '../model/snapshot-formats.js';
import type { SourceLine } from '../model/source-line.js';

/** Parses one status output, line by line from its first line. */
export interface SnapshotParser {
  /** Takes a line; returns false if it is not part of this output, which has then ended. */
  take(line: SourceLine): boolean;
  /** The output has ended: emits whatever was begun. */
  end(): void;
}

export type Emit = (observation: Observation) => void;

/** A status output format: how to recognise it and how to parse it. */
export interface SnapshotFormat {
  readonly name: SnapshotFormatName;
  /** Could this line begin the output? Must be cheap, and false for every log line. */
  opens(text: string): boolean;
  /** `command`: the command as typed, if its echo precedes the output. */
  start(emit: Emit, command: string | null): SnapshotParser;
}

/** A mutable observation while it is parsed over several lines. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** The number, or null if there are no digits. */
export function numberOf(digits: string | undefined): number | null {
  if (digits === undefined || digits === '') return null;
  const value = Number(digits);
  return Number.isFinite(value) ? value : null;
}

/** `12K`, `3M`, `1G` in firewall counters, which are powers of 1000. */
export function countOf(text: string | undefined): number | null {
  const match = /^(\d{1,15})([KMGT]?)$/.exec(text ?? '');
  if (match === null) return null;
  return Number(match[1]) * 1000 ** ' KMGT'.indexOf(match[2] === '' ? ' ' : (match[2] ?? ' '));
}

/** Parses an SPI from any hexadecimal spelling: `0x0fbdfd01`, `fbdfd01`. */
export function spiOf(hex: string | undefined): number | null {
  if (hex === undefined) return null;
  const value = Number.parseInt(hex.startsWith('0x') ? hex.slice(2) : hex, 16);
  return Number.isFinite(value) ? value >>> 0 : null;
}

/** The line to keep as evidence, with `text` in place of its own: everything from a key on must be cut off. */
export function withoutKey(line: SourceLine, text: string): SourceLine {
  return { source: line.source, number: line.number, text };
}

/**
 * Pattern for an IPv4 or IPv6 address. The lookahead requires a point or colon, since parts of a key are hexadecimal
 * digits too.
 */
export const ADDRESS = String.raw`(?=[0-9a-fA-F]{0,4}[.:])[0-9a-fA-F.:]{2,45}`;

/** No address: in transport mode a template has no endpoints of its own; those of the policy's selector apply. */
export const isUnspecified = (address: string): boolean => address === '0.0.0.0' || address === '::';
