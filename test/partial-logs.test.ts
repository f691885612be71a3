import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { ConnectionReport, Report } from '../src/model/report.js';
import { analyzeLines } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { CAPTURED, readSamples, SAMPLES } from './samples.js';

interface Part {
  readonly how: string;
  /** The lines that are left, with their numbers in the whole log. */
  readonly lines: readonly (readonly [number, string])[];
}

const ERRORS = /error|fail|invalid|unable|cannot|refus|reject|unacceptable|no proposal|not found|mismatch|timed? ?out|giving up/i;
/** What charon writes to the facility auth (the messages of level 0 in its source). */
const AUDIT = / is initiating |initiating .*IKE_SA|reauthenticating IKE_SA|establishing CHILD_SA|IKE_SA .* (?:established|rekeyed) between|CHILD_SA .* established|rekeyed CHILD_SA|deleting IKE_SA|IKE_SA deleted|closing (?:expired )?CHILD_SA/;

async function reportOf(lines: readonly string[]): Promise<Report> {
  return buildReport(await analyzeLines(lines, { rules: [], now: CAPTURED }));
}

/** What is left of a log when it has been rotated, or when people have searched it for something. */
function partsOf(lines: readonly string[], { connections }: Report): Part[] {
  const all = lines.map((line, index) => [index + 1, line] as const);
  const found = (how: string, isFound: (line: string) => boolean): Part => ({ how, lines: all.filter(([, line]) => isFound(line)) });
  const from = (at: number): Part => ({ how: `from line ${at + 1}`, lines: all.slice(at) });
  const failure = connections.flatMap(({ attempts }) => attempts.flatMap(({ firstFailure }) => firstFailure?.line ?? []))[0];
  const [first] = connections;
  const [peer, name] = [first?.peer.address, first?.name];
  const isTagged = lines.some((line) => /\d\[IKE\] /.test(line));
  return [
    ...[0.25, 0.5, 0.75].map((share) => from(Math.floor(lines.length * share))),
    ...(failure === undefined ? [] : [from(failure - 1)]),
    ...(peer == null ? [] : [found('grep PEER', (line) => line.includes(peer))]),
    ...(name == null ? [] : [found('grep NAME', (line) => line.includes(name))]),
    found('grep IKE', (line) => (isTagged ? /\d\[IKE\] / : /ike/i).test(line)),
    found('grep ERRORS', (line) => ERRORS.test(line)),
    found('auth.log', (line) => AUDIT.test(line)),
  ];
}

/** What the part says that the whole log does not support. */
function overstatements(whole: Report, part: Report, { lines }: Part): string[] {
  const lineOf = (line: number | undefined): number => lines[(line ?? 0) - 1]?.[0] ?? 0;
  const known = new Set(findingsOf(whole).map(({ cause }) => cause));
  const certain = findingsOf(part).filter(({ cause, confidence }) => confidence === 'certain' && cause !== 'unexplained').map(({ cause }) => cause);
  const ownerOf = new Map(attemptsOf(whole).map(({ connection, attempt }) => [attempt.firstFailure?.line, connection.name]));
  const displaced = attemptsOf(part).filter(({ connection, attempt: { firstFailure } }) => {
    const owner = firstFailure === null ? null : ownerOf.get(lineOf(firstFailure.line)) ?? null;
    return owner !== null && connection.name !== null && connection.name !== owner;
  });
  const healthy = whole.connections.filter(({ state, attempts }) => state === 'up' && attempts.every(({ firstFailure }) => firstFailure === null));
  const isHealthy = ({ name, peer }: ConnectionReport): boolean => (name === null
    ? healthy.length === whole.connections.length && healthy.some((each) => peer.address === null || each.peer.address === peer.address)
    : healthy.some((each) => each.name === name));
  const failing = part.connections.filter(({ state }) => state === 'failing');
  return [
    ...[...new Set(certain)].filter((cause) => !known.has(cause)).map((cause) => `is certain of ${cause}`),
    ...displaced.map(({ connection, attempt }) => `line ${lineOf(attempt.firstFailure?.line)} fails for ${connection.name}`),
    ...failing.filter(isHealthy).map(({ name, peer }) => `${name ?? peer.address ?? 'a tunnel'} fails`),
    ...part.connections.filter(({ name }) => name !== null && !whole.connections.some((each) => each.name === name)).map(({ name }) => `${name} is a connection`),
  ];
}

const attemptsOf = ({ connections }: Report) => connections.flatMap((connection) => connection.attempts.map((attempt) => ({ connection, attempt })));
const findingsOf = (report: Report) => [...attemptsOf(report).flatMap(({ attempt }) => attempt.findings), ...report.hostFindings];

const REASON_GONE = 'the line holds, and the one that tells why is not among them';
const SUCCESS_GONE = 'the lines with which the tunnel came up are not among them';
const REQUEST_GONE = 'the request that the packet answers is not among them';
const OTHERS_GONE = 'no line names the other connections';
const STATUS_GONE = 'the rest of what swanctl lists of it is not among them';

/** What is told of parts of logs that differs from the whole log, and why that is honest. */
const HONEST: ReadonlyMap<string, string> = new Map([
  ['fips-kernel-ls410-ss598/west.syslog.log | from line 33 | is certain of proposal/algorithm-unsupported', REASON_GONE],
  ['fips-kernel-ls410-ss598/west.syslog.log | from line 66 | is certain of proposal/algorithm-unsupported', REASON_GONE],
  ['fips-kernel-ls410-ss598/west.syslog.log | from line 98 | is certain of proposal/algorithm-unsupported', REASON_GONE],
  ['fips-kernel-ls410-ss598/west.syslog.log | grep IKE | is certain of proposal/algorithm-unsupported', REASON_GONE],
  ['fips-kernel-ls410-ss598/west.syslog.log | grep ERRORS | is certain of proposal/algorithm-unsupported', REASON_GONE],
  ['listen-udp-off-ls410-ss598/west.syslog.log | grep ERRORS | is certain of config/not-oriented', REASON_GONE],
  ['no-interfaces-ls52-ss598/west.syslog.log | grep ERRORS | is certain of config/not-oriented', REASON_GONE],
  ['weak-proposal-ls52-ss598/west.syslog.log | from line 137 | is certain of config/connection-not-loaded', REASON_GONE],
  ['garbage-received-ls52-sl601/east.syslog.log | grep ERRORS | is certain of version/major-unsupported', SUCCESS_GONE],
  ['garbage-received-ls52-sl601/east.syslog.log | grep ERRORS | 192.0.2.10 fails', SUCCESS_GONE],
  ['invalid-ke-retry-ss598-ls410/east.syslog.log | grep PEER | west-east fails', SUCCESS_GONE],
  ['invalid-ke-retry-ss598-ls410/east.syslog.log | grep ERRORS | west-east fails', SUCCESS_GONE],
  ['invalid-ke-retry-ss598-ss598/east.syslog.log | grep ERRORS | a tunnel fails', SUCCESS_GONE],
  ['other-program-answers-ss591-ls52/west.syslog.log | from line 31 | is certain of version/major-unsupported', REQUEST_GONE],
  ['bypass-policy-ss598-ls410/west.syslog-status.log | grep IKE | bypass is a connection', STATUS_GONE],
  ['two-tunnels-two-causes-ss598-ss591/west.syslog.log | from line 30 | line 30 fails for branch', OTHERS_GONE],
]);

/** One sample in this many is tested, chosen by its name so that a new one does not change the choice. */
const ONE_IN = 5;
const chosen = [...readSamples()].filter(([name]) => [...HONEST.keys()].some((key) => key.startsWith(`${name}/`)) || (createHash('sha1').update(name).digest()[0] ?? 0) % ONE_IN === 0);

it('is certain of nothing, attributes no failure, and sees no tunnel fail, in a part of a log, that the whole log does not tell', async () => {
  const told: string[] = [];
  for (const [name, { logs }] of chosen) {
    for (const { file } of logs.filter((log) => log.file.endsWith('.log'))) {
      const lines = readFileSync(join(SAMPLES, name, file), 'utf8').trimEnd().split('\n');
      const whole = await reportOf(lines);
      for (const part of partsOf(lines, whole)) {
        if (part.lines.length === 0 || part.lines.length === lines.length) continue;
        const report = await reportOf(part.lines.map(([, line]) => line));
        told.push(...overstatements(whole, report, part).map((each) => `${name}/${file} | ${part.how} | ${each}`));
      }
    }
  }
  expect([...new Set(told)].sort()).toEqual([...HONEST.keys()].sort());
}, 120_000);
