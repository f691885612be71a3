import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { Report } from '../src/model/report.js';
import { analyzeLines } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { Random } from './bench/random.js';
import { CAPTURED, readSamples, SAMPLES } from './samples.js';

/** One line in this many is lost: syslog daemons drop lines under load. */
const LOST = 8;
/** One log in this many is tested. */
const STRIDE = 3;
/** Forms written line by line; program output does not lose lines. */
const FORMS = new Set(['syslog', 'filelog', 'iso', 'journal-short', 'racoon', 'whack']);
/**
 * Correct whatever else is: the connection is not loaded, no address is available, a packet has an IKE version that does
 * not exist (whose fault that is depends on who began).
 */
const TRUE_ANYWAY = ['config/connection-not-loaded', 'child/virtual-ip-unavailable', 'version/major-unsupported'];

it.each([['lines in between', lose], ['the beginning', behead]] as const)('a log that has lost %s reports nothing wrong as certain', async (_, damage) => {
  const wrong: string[] = [];
  for (const { name, lines, accepted } of logs()) {
    const random = new Random(lines.length);
    const whole = certain(await tell(lines));
    const told = certain(await tell(damage(lines, random)));
    wrong.push(...told.filter((cause) => ![...whole, ...accepted, ...TRUE_ANYWAY].includes(cause)).map((cause) => `${name}: ${cause}`));
  }
  expect(wrong).toEqual([]);
});

it('a log with every line written twice gives the same report as one with each line once', async () => {
  const different: string[] = [];
  for (const { name, lines } of logs()) {
    const told = story(await tell(lines.flatMap((line) => [line, line])));
    if (told !== story(await tell(lines))) different.push(name);
  }
  expect(different).toEqual([]);
});

it.each(['<strong>NO_PROPOSAL_CHOSEN</strong>', '**NO_PROPOSAL_CHOSEN**'])('a notify that a page has made bold is the notify: %s', async (notify) => {
  const lines = ['"peer" #1: initiating Main Mode', `"peer" #1: ignoring informational payload, type ${notify} msgid=00000000`];
  const { connections } = await tell(lines);
  expect(connections.flatMap(({ attempts }) => attempts).map(({ firstFailure }) => firstFailure?.event)).toEqual(['proposal.no_proposal_ignored']);
});

it('a line that an author has made bold is the line', async () => {
  const { connections } = await tell(['initiating Main Mode IKE_SA peer[1] to 198.51.100.7', 'parsed ID_PROT response 0 [ ID HASH ]', "**IDir '10.1.0.1' does not match to 'gw.example.org'**"]);
  expect(connections.flatMap(({ attempts }) => attempts).map(({ firstFailure }) => firstFailure?.event)).toEqual(['auth.peer_id_mismatch']);
});

function* logs(): Generator<{ name: string; lines: readonly string[]; accepted: readonly string[] }> {
  const all = [...readSamples()].flatMap(([name, { truth, logs: those }]) => those.filter(({ form }) => FORMS.has(form)).map((log) => ({ name, truth, log })));
  for (const { name, truth, log: { file, expect: { also = [], among = [] } } } of all.filter((_, index) => index % STRIDE === 0)) {
    yield { name: `${name}/${file}`, lines: readFileSync(join(SAMPLES, name, file), 'utf8').split('\n'), accepted: [truth.cause ?? '', ...also, ...among] };
  }
}

function lose(lines: readonly string[], random: Random): readonly string[] {
  return lines.filter(() => random.between(1, LOST) > 1);
}

function behead(lines: readonly string[], random: Random): readonly string[] {
  return lines.slice(random.between(0, lines.length - 1));
}

async function tell(lines: readonly string[]): Promise<Report> {
  return buildReport(await analyzeLines(lines, { rules: [], now: CAPTURED }));
}

function certain({ connections, hostFindings }: Report): readonly string[] {
  const findings = [...connections.flatMap(({ attempts }) => attempts).flatMap((attempt) => attempt.findings), ...hostFindings];
  return findings.filter(({ confidence }) => confidence === 'certain').map(({ cause }) => cause);
}

/** The outcome of each connection, with its failures. */
function story({ connections, hostFindings }: Report): string {
  const failures = connections.map(({ name, state, attempts }) => [name, state, attempts.map(({ outcome, repeats, firstFailure, findings }) => [outcome, repeats, firstFailure?.text, findings.map(({ cause }) => cause)])]);
  return JSON.stringify([failures, hostFindings.map(({ cause, text }) => [cause, text])]);
}
