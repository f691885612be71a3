import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import type { Report } from '../src/model/report.js';
import { analyze } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { fullStory } from './forms.js';
import { CAPTURED, SAMPLES } from './samples.js';

const directory = mkdtempSync(join(tmpdir(), 'wrapped-'));
afterAll(() => rmSync(directory, { recursive: true }));

const LOGS = ['psk-mismatch-ikev2-ss598-ls410/west.syslog.log', 'psk-mismatch-ikev2-ss598-ls410/east.syslog.log', 'cert-expired-ss598-ss598/west.syslog.log', 'peer-dead-rekey-rc082-rc082/west.racoon.log'];

/** Broken at any character, continuation lines indented by `indent` blanks. */
const hard = (indent: number) => (line: string, width: number): string[] => {
  const parts = [line.slice(0, width)];
  for (let at = width; at < line.length; at += width - indent) parts.push(' '.repeat(indent) + line.slice(at, at + width - indent));
  return parts;
};

/** Broken between words like `fold -s`, keeping the blanks at line ends. */
function soft(line: string, width: number): string[] {
  const parts: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const blank = rest.lastIndexOf(' ', width - 1) + 1;
    const at = blank > 0 ? blank : width;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...parts, rest];
}

/** The same without these blanks, as a mail or page shows it. */
const mailed = (line: string, width: number): string[] => soft(line, width).map((part) => part.trimEnd());

describe.each([['at any character', hard(0)], ['with an indent', hard(4)], ['between words', soft]] as const)('a log whose lines were broken %s', (_, wrap) => {
  it.each(LOGS.flatMap((file) => [72, 80, 132].map((width) => [file, width] as const)))('says what the log says: %s at %i', async (file, width) => {
    const lines = readFileSync(join(SAMPLES, file), 'utf8').trimEnd().split('\n');
    expect(fullStory(await tell(lines.flatMap((line) => wrap(line, width))))).toEqual(fullStory(await tell(lines)));
  });
});

it('a mail that quotes a log in lines of its own width is understood', async () => {
  const lines = readFileSync(join(SAMPLES, LOGS[0] as string), 'utf8').trimEnd().split('\n');
  const report = await tell(lines.flatMap((line) => mailed(line, 76)));
  expect(fullStory(report)).toEqual(fullStory(await tell(lines)));
});

it('a mail that quotes a mail with a log in lines of its own width is understood', async () => {
  const lines = readFileSync(join(SAMPLES, LOGS[0] as string), 'utf8').trimEnd().split('\n');
  const quoted = lines.flatMap((line) => mailed(line, 76)).map((part) => `> ${part}`);
  expect(fullStory(await tell(quoted))).toEqual(fullStory(await tell(lines)));
});

it.each(['', '> '])('the same words before each message break all lines of pluto at one width, between words: %j', async (quoting) => {
  const messages = ['responding to Main Mode', 'policy does not allow OAKLEY_PRESHARED_KEY authentication.  Attribute OAKLEY_AUTHENTICATION_METHOD', 'no acceptable Oakley Transform', 'sending notification NO_PROPOSAL_CHOSEN to 198.51.100.7:500'];
  const lines = messages.map((message) => `Nov  1 00:00:01 gateway.example pluto[1234]: "roadwarriors"[12] 198.51.100.7 #21: ${message}`);
  for (const count of [2, 4]) {
    const broken = lines.slice(-count).flatMap((line) => mailed(line, 84)).map((part) => quoting + part);
    expect(fullStory(await tell(broken))).toEqual(fullStory(await tell(lines.slice(-count))));
  }
});

it.each([' ', '\\n', '\\r\\n'])('lines of syslog that were joined by %j are read one by one, whatever program wrote the first', async (between) => {
  const lines = readFileSync(join(SAMPLES, LOGS[0] as string), 'utf8').trimEnd().split('\n');
  const kinds = ({ connections }: Report) => connections.map(({ name, attempts }) => [name, ...attempts.map(({ firstFailure }) => firstFailure?.event)]);
  const told = kinds(await tell([lines.join(between)]));
  expect([told.length, told]).toEqual([1, kinds(await tell(lines))]);
});

it('a line of a log that holds what looks like lines of another host is one line', async () => {
  const { connections } = await tell(["Nov 20 10:00:00 gw charon: 09[IKE] <net|1> received 'Nov 20 10:00:00 other charon: 09[IKE] <net|1> received NO_PROPOSAL_CHOSEN notify error'"]);
  expect(connections.flatMap(({ attempts }) => attempts.flatMap(({ firstFailure }) => firstFailure ?? []))).toEqual([]);
});

it('lines of other programs that go on below their stamps are left as they are', async () => {
  const lines = Array.from({ length: 12 }, (_, index) => [
    `Nov 20 10:00:${String(index + 10)} gw app[7]: a request took too long${' '.repeat(index)}and was given up`,
    'in charon',
    `    at handler (server.js:${index})`,
  ]).flat();
  const { coverage, connections } = await tell([...lines, 'Nov 20 10:01:00 gw charon: 09[IKE] <net|1> initiating IKE_SA net[1] to 198.51.100.7']);
  expect([coverage.relevant, connections.map(({ state }) => state)]).toEqual([1, ['unknown']]);
});

async function tell(lines: readonly string[]): Promise<Report> {
  const path = join(directory, 'gw.log');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return buildReport(await analyze([path], { rules: [], now: CAPTURED, live: false }));
}
