import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { BUILT_IN_RULES } from '../src/package-files.js';
import { analyzeLines } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { Random } from './bench/random.js';
import { fullStory } from './forms.js';
import { CAPTURED, readSamples, SAMPLES } from './samples.js';

/** List items, each on a line of its own, and a hex dump row. */
const VALUES = ['  eth0', '    192.0.2.10', "  'sha256WithRSAEncryption'", '  TRUE', ' 203.0.113.64/26', '   0: 6E 6F 74 20 73 65 63 72 65 74 00 00 00 00 00 00  not secret......'];
const MESSAGE = /^(?<head>.* charon-systemd\[\d+\]: )(?<text>.*)$/;
const PACKET = /^(?<packet>(?<what>sending|received) packet: from \S+ to \S+) \(\d+ bytes\)$/;

/** charon-systemd logs only: the starter's relayed lines come twice, and so would inserted ones. */
const logs = [...readSamples()].flatMap(([name, { logs: all }]) => all.filter(({ form }) => form === 'syslog').map(({ file }) => [name, file, readFileSync(join(SAMPLES, name, file), 'utf8').trimEnd().split('\n')] as const));

it.each(logs.filter(([, , lines]) => lines.some((line) => MESSAGE.test(line))))('%s, %s: charon told to say more, people asked for it, is told no other story', async (_name, _file, lines) => {
  const told = await analyzeLines(moreOf(lines), { rules: [], now: CAPTURED });
  expect(fullStory(buildReport(told))).toEqual(fullStory(buildReport(await analyzeLines(lines, { rules: [], now: CAPTURED }))));
  expect(told.coverage.unknown).toEqual([]);
});

/** The lines, interspersed with messages of levels 2 and 3. */
function moreOf(lines: readonly string[]): string[] {
  const random = new Random(lines.length);
  const details = [...VALUES, ...debugMessages()] as [string, ...string[]];
  return lines.flatMap((line) => {
    const { head, text = '' } = MESSAGE.exec(line)?.groups ?? {};
    if (head === undefined) return [line];
    const { packet, what } = PACKET.exec(text)?.groups ?? {};
    const detail = `${head}${random.pick(details)}`;
    if (packet === undefined) return [detail, line];
    return what === 'sending' ? [detail, line, `${head}${packet}`] : [`${head}${packet}`, detail, line];
  });
}

/** Examples of charon's messages at these levels. */
function debugMessages(): string[] {
  const folder = join(BUILT_IN_RULES, 'signatures', 'charon');
  const files = readdirSync(folder).filter((file) => file.startsWith('debug-'));
  return files.flatMap((file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { signatures: { examples: { message: string }[] }[] }).signatures.flatMap(({ examples }) => examples.map(({ message }) => message)));
}
