import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { CHECKLIST } from '../src/checklist/items/index.js';
import { CHECK_STAGES } from '../src/model/checklist.js';
import type { CheckStage } from '../src/model/checklist.js';
import { analyze } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { layoutFor } from '../src/reporters/layout.js';
import { renderText } from '../src/reporters/text.js';
import { scoreSamples } from './accuracy/logs.js';
import { summary } from './accuracy/table.js';
import { run } from './cli/run.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const README = join(ROOT, 'README.md');
/** Blocks with a command and its output. */
const SHOWN = /```console\n\$ ipsec-logwatch (.*)\n[^]*?```/g;
/** The block with the accuracy figures. */
const ACCURACY = /<!-- accuracy -->\n[^]*?<!-- end of accuracy -->/;
/** The questions of the checklist. */
const QUESTIONS = /<!-- checklist -->\n[^]*?<!-- end of checklist -->/;
/** Time of the samples' capture, whose stamps have no year. */
const CAPTURED = Date.UTC(2026, 11, 1);

const readme = readFileSync(README, 'utf8');

describe('README.md', () => {
  it('shows what the commands print and how accurate it is, and lists the questions of the checklist (`npx vitest run test/readme.test.ts -u` renews it)', async () => {
    const commands = [...readme.matchAll(SHOWN)].map(([, command]) => command ?? '');
    expect(commands.length).toBeGreaterThanOrEqual(2);
    const printed = new Map<string, string>();
    for (const command of commands) printed.set(command, command === '--help' ? await help() : await report(command));
    expect(readme).toMatch(ACCURACY);
    expect(readme).toMatch(QUESTIONS);
    const figures = summary(await scoreSamples());
    const renewed = readme
      .replace(SHOWN, (_, command: string) => `\`\`\`console\n$ ipsec-logwatch ${command}\n${printed.get(command)?.trimEnd()}\n\`\`\``)
      .replace(QUESTIONS, () => `<!-- checklist -->\n${questions()}\n<!-- end of checklist -->`)
      .replace(ACCURACY, () => `<!-- accuracy -->\n${figures}\n<!-- end of accuracy -->`);
    await expect(renewed).toMatchFileSnapshot(README);
  });

  it('has a line that works on a fresh clone and finds what the sample is about', async () => {
    const [, args = ''] = /^ {4}npm ci && node bin\/ipsec-logwatch\.js (.*)$/m.exec(readme) ?? [];
    const { status, stdout, stderr } = await run(args.split(' '), { cwd: ROOT });
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toContain('west.syslog.log:28  received AUTHENTICATION_FAILED notify error');
    expect(stdout).toMatch(/Cause {2,}likely .*auth\/rejected-by-peer\n[^]*possible .*auth\/psk-mismatch\n/);
  });
});

it('CONTRIBUTING.md has a command that prints the kind of a first failure', async () => {
  const [, pattern = ''] = /--format json \| grep -o '([^']+)'/.exec(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')) ?? [];
  const { stdout } = await run(['--format', 'json', 'samples/psk-mismatch-ikev2-ss598-ls410/west.syslog.log'], { cwd: ROOT });
  expect(new RegExp(pattern).exec(stdout)?.[0]).toBe('"firstFailure":{"event":"auth.rejected_by_peer"');
});

describe.each(['README.md', 'CONTRIBUTING.md', 'samples/README.md', 'test/lab/README.md', 'test/bench/README.md'])('%s', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');

  it('names source files that exist', () => {
    const named = [...text.matchAll(/`((?:src|test|rules)\/[\w./-]+)`/g)].map(([, path]) => path ?? '');
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('links to files that exist', () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, target]) => target ?? '');
    expect(targets.filter((target) => !existsSync(join(ROOT, dirname(file), target)))).toEqual([]);
  });

  it('names options and commands that exist', async () => {
    const known = `${await help()}${(await run(['rules', '--help'])).stdout}${(await run(['rules', 'list', '--help'])).stdout}${(await run(['rules', 'test', '--help'])).stdout}`;
    const used = [...text.matchAll(/ipsec-logwatch(?:\.js)? [^\n]*/g)].flatMap(([command]) => [...(command.split('|')[0] ?? '').matchAll(/ (--[a-z-]+)| rules ([a-z]+)/g)].map(([, option, action]) => option ?? `  ${action} `));
    expect(used.filter((word) => !known.includes(word))).toEqual([]);
  });
});

/** A list per stage of the checklist. */
function questions(): string {
  const stages = Object.keys(CHECK_STAGES) as CheckStage[];
  return stages.map((stage) => `- **${CHECK_STAGES[stage].title}.** ${CHECKLIST.filter((item) => item.stage === stage).map(({ question }) => question).join(' ')}`).join('\n');
}

async function help(): Promise<string> {
  return (await run(['--help'])).stdout;
}

/** The report on a log, as an 80-column terminal shows it. */
async function report(file: string): Promise<string> {
  const analysis = await analyze([join(ROOT, file)], { rules: [], now: CAPTURED, live: false });
  return [...renderText(buildReport(analysis), { layout: layoutFor(80, false), timeline: false, checklist: false, unknown: false })].join('').replaceAll(ROOT, '');
}
