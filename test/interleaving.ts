import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Confidence } from '../src/model/cause.js';
import { analyzeLines } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { CAPTURED, readSamples, SAMPLES } from './samples.js';

/**
 * `tagged`: charon's own file, whose lines name their IKE SA; `pluto`; `untagged`: charon-systemd's lines in syslog,
 * which name none.
 */
export type Form = 'tagged' | 'pluto' | 'untagged';

/** The result for one tunnel. */
export interface Told {
  readonly state: string;
  readonly firstFailure: string | null;
  readonly cause: string | null;
  readonly confidence: Confidence | null;
}

interface Line {
  /** Seconds since the first line. */
  readonly at: number;
  readonly text: string;
  /** Lines of one job of the daemon, which are not interleaved with others if no thread is named. */
  readonly job: number;
}

/** The last line before a daemon is ready, and the first one of its shutdown. */
const READY = /added vici connection: |loading secrets from |: added (?:IKE|unoriented)|added connection description|listening for IKE messages/;
const ENDS = /SIG(?:INT|TERM) received|[sS]hutting down/;
const LINE = /^[A-Z][a-z]{2} [ \d]\d (\d\d):(\d\d):(\d\d) (?:\S+ (charon-systemd|pluto)\[\d+\]: )?(.*)$/;
const BEGINS_JOB = /^(?:received packet|vici initiate|initiating|retransmit)/;
const ENDS_JOB = /^sending packet/;
/** Parts specific to one tunnel: SA numbers, identities, name, addresses. */
const OWN = /(?<=\(unnamed\)\[)\d+|(?<=[<|])\d+(?=> )|(?<=west-east[[{])\d+(?=[\]}])|(?<=#)\d+\b|(?:west|east)\.example\.com|west-east|192\.0\.2\.10\b|198\.51\.100\.20\b/g;
/** Threads in a daemon's own file. A thread handles one SA at a time, so each tunnel gets its own. */
const THREADS = 17;
const NUMBERS = 100;

/** Logs of samples that can serve as one of many tunnels on a gateway. */
export function candidates(form: Form): string[] {
  return [...readSamples()].flatMap(([name, { logs }]) => logs.filter(({ file, daemon }) => {
    if (form === 'tagged') return file.endsWith('.charon.log');
    return file.endsWith('.syslog.log') && daemon === (form === 'pluto' ? 'pluto' : 'charon');
  }).map(({ file }) => join(name, file)));
}

/**
 * The negotiations of a sample as those of tunnel `index`; null if there are none, or they concern several tunnels: a
 * daemon that crashes ends all of them.
 */
export function readTunnel(path: string, form: Form, index: number): Line[] | null {
  const all = readFileSync(join(SAMPLES, path), 'utf8').trimEnd().split('\n');
  const ready = all.findLastIndex((line) => READY.test(line));
  const end = all.findIndex((line, at) => at > ready && ENDS.test(line));
  const lines = all.slice(ready + 1, end < 0 ? undefined : end).flatMap((line) => parse(line, form, path, index));
  const first = lines[0]?.at ?? 0;
  let job = 0;
  const placed = lines.map(({ at, body, text }) => {
    if (BEGINS_JOB.test(body)) job++;
    const line = { at: at - first, text, job };
    if (ENDS_JOB.test(body)) job++;
    return line;
  });
  return ready < 0 || placed.length < 4 || placed.some(({ text }) => /north|south|ASSERTION FAILED/.test(text)) ? null : placed;
}

function parse(line: string, form: Form, path: string, index: number): { at: number; body: string; text: string }[] {
  const [, hours, minutes, seconds, program, body = ''] = LINE.exec(line) ?? [];
  if (hours === undefined || (program ?? 'charon') !== (form === 'tagged' ? 'charon' : form === 'pluto' ? 'pluto' : 'charon-systemd')) return [];
  const isWest = /[/\\]west\./.test(path);
  const mine = body.replace(OWN, (text) => own(text, isWest, index)).replace(form === 'tagged' ? /^\d\d(?=\[)/ : /^$/, (thread) => String((Number(thread) + THREADS * index) % 100).padStart(2, '0'));
  return [{ at: (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds), body, text: `gw ${program ?? 'charon'}[1]: ${mine}` }];
}

/** Replaces the tunnel's names and addresses: all tunnels are on one gateway. */
function own(text: string, isWest: boolean, index: number): string {
  switch (text) {
    case 'west-east': return tunnelName(index);
    case '192.0.2.10': return isWest ? '203.0.113.1' : peerAddress(index);
    case '198.51.100.20': return isWest ? peerAddress(index) : '203.0.113.1';
    case 'west.example.com': return isWest ? 'gw.example.com' : `peer-${index}.example.com`;
    case 'east.example.com': return isWest ? `peer-${index}.example.com` : 'gw.example.com';
    default: return String(Number(text) + NUMBERS * index);
  }
}

export const tunnelName = (index: number): string => `tunnel-${index}`;
export const peerAddress = (index: number): string => `198.51.100.${100 + index}`;

/** A combined log; within a second, `pick` selects whose line is next. */
export function interleave(tunnels: readonly (readonly Line[])[], form: Form, pick: (count: number) => number): string[] {
  const queues = tunnels.map((lines) => [...lines]);
  const log: string[] = [];
  let current: { queue: Line[]; job: number } | null = null;
  for (;;) {
    const waiting = queues.filter(([next]) => next !== undefined);
    if (waiting.length === 0) return log;
    const earliest = Math.min(...waiting.map(([next]) => next?.at ?? Infinity));
    const due = waiting.filter(([next]) => next?.at === earliest);
    const goesOn: boolean = form === 'untagged' && current !== null && due.includes(current.queue) && current.queue[0]?.job === current.job;
    const queue: Line[] = goesOn && current !== null ? current.queue : due[pick(due.length)]!;
    const line = queue.shift()!;
    current = { queue, job: line.job };
    log.push(stamped(line));
  }
}

export const stamped = ({ at, text }: Line): string => `Nov 21 ${new Date(at * 1000).toISOString().slice(11, 19)} ${text}`;

/** The results per tunnel, by its name or its peer's address. */
export async function tell(log: readonly string[]): Promise<ReadonlyMap<string, Told>> {
  const { connections } = buildReport(await analyzeLines(log, { rules: [], now: CAPTURED }));
  return new Map(connections.map(({ name, peer, state, attempts }) => {
    const failed = attempts.find(({ firstFailure }) => firstFailure !== null);
    const finding = failed?.findings[0];
    const text = failed?.firstFailure?.text ?? null;
    return [name ?? peer.address ?? '', { state, firstFailure: text, cause: finding?.cause ?? null, confidence: finding?.confidence ?? null }];
  }));
}
