import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Report } from '../../src/model/report.js';
import { DAEMONS } from '../lab/install.js';
import type { DaemonName } from '../lab/install.js';
import { LAB_ROOT } from '../lab/paths.js';
import { readSamples } from '../samples.js';
import type { SampleCase } from '../samples.js';
import { read } from './logs.js';
import { score } from './score.js';
import type { LogCase, Score } from './score.js';

/** What is known of a capture: what was injected. */
interface Truth {
  readonly cause: string | null;
}

/** One host's log in one form. */
interface Log {
  readonly path: string;
  readonly file: string;
  readonly host: string;
  readonly name: DaemonName;
}

/** True wherever the peer refuses, whatever for. */
const REFUSED = ['auth/rejected-by-peer', 'child/rejected-by-peer'];

/**
 * The laboratory's captures of which no sample was made, since another pair's is in the same words. Nobody read them: what a host's log
 * lets one know is taken from the samples of the same scenario, between daemons of the same kinds. A log in which nothing fails is
 * judged only where theirs all know the cause; any failure counts as the first one, and the truth may be claimed with any confidence.
 */
export async function scoreOtherCaptures(captures = join(LAB_ROOT, 'captures')): Promise<Score[]> {
  const samples = readSamples();
  const scores: Score[] = [];
  for (const scenario of folders(captures)) {
    const siblings = [...samples].filter(([, sample]) => sample.scenario === scenario && sample.origin === 'lab');
    for (const pair of folders(join(captures, scenario)).filter((name) => !samples.has(`${scenario}-${name}`))) {
      const truth = truthOf(join(captures, scenario, pair));
      const twins = siblings.filter(([name]) => kindsOf(name.slice(scenario.length + 1)) === kindsOf(pair)).map(([, sample]) => sample);
      const among = siblings.flatMap(([, { logs }]) => logs).flatMap(causesOf);
      if (truth === null) continue;
      for (const log of logsOf(join(captures, scenario, pair), pair)) {
        const report = await read(log.path);
        const known = caseOf(log, truth, twins, among);
        if (known.canKnow || known.firstFailure === null || claimsAny(report)) scores.push(score(report, { ...known, file: `captures/${scenario}/${pair}/${known.file}` }));
      }
    }
  }
  return scores;
}

function folders(place: string): string[] {
  return existsSync(place) ? readdirSync(place).sort() : [];
}

function truthOf(folder: string): Truth | null {
  const file = join(folder, 'truth.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Truth) : null;
}

/** What the two ends of a pair are; charon is the same whoever starts it. A daemon that the laboratory does not install (racoon) is of its own kind. */
function kindsOf(pair: string): string {
  return pair.split('-').map((name) => (name in DAEMONS ? daemonOf(name as DaemonName) : name)).join('-');
}

const daemonOf = (name: DaemonName): 'pluto' | 'charon' | 'iked' => (DAEMONS[name].kind === 'starter' ? 'charon' : DAEMONS[name].kind);

/** The logs of a capture; of a foreign daemon nothing is read, and outputs taken besides are no logs. */
function logsOf(folder: string, pair: string): Log[] {
  const [west, east] = pair.split('-') as [DaemonName, DaemonName];
  return readdirSync(folder)
    .filter((file) => file !== 'truth.json' && !file.endsWith('.txt'))
    .map((file) => ({ path: join(folder, file), file, host: file.slice(0, file.indexOf('.')), name: file.startsWith('east.') ? east : west }))
    .filter(({ name }) => daemonOf(name) !== 'iked');
}

function caseOf({ file, host, name }: Log, { cause }: Truth, twins: readonly SampleCase[], among: readonly string[]): LogCase {
  const own = file.endsWith('.charon.log');
  const alike = twins.flatMap(({ logs }) => logs).filter((log) => log.host === host && log.file.endsWith('.charon.log') === own && log.form !== 'syslog-status');
  const known = alike.map(({ expect }) => expect.cause).filter((each) => each !== null);
  const canKnow = cause !== null && alike.length > 0 && known.length === alike.length;
  const accepted = canKnow ? known : [...among, ...(cause === null ? [] : [cause])];
  const daemon = daemonOf(name);
  return { file, daemon, version: DAEMONS[name].version, truth: cause, canKnow, accepted, also: [...accepted, ...among, ...REFUSED], never: [], firstFailure: cause === null ? null : { line: null, text: '' } };
}

function causesOf({ expect }: SampleCase['logs'][number]): string[] {
  return [expect.cause, ...(expect.among ?? []), ...(expect.also ?? [])].filter((cause) => cause !== null);
}

function claimsAny({ connections, hostFindings }: Report): boolean {
  return hostFindings.length > 0 || connections.some(({ attempts, observed }) => observed.length > 0 || attempts.some(({ firstFailure }) => firstFailure !== null));
}
