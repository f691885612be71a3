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

/** A gateway's log that tells nothing of what it is the victim of: true wherever the peer refuses, whatever for. */
const REFUSED = ['auth/rejected-by-peer', 'child/rejected-by-peer'];

/**
 * The laboratory's captures of which no sample was made, since another pair's is in the same words. Nobody read them: what a host's log
 * lets one know is taken from the samples of the same scenario, host and daemon. A log that fails in nothing is judged only where it
 * has to; any failure counts as the first one.
 */
export async function scoreOtherCaptures(captures = join(LAB_ROOT, 'captures')): Promise<Score[]> {
  const samples = readSamples();
  const scores: Score[] = [];
  for (const scenario of folders(captures)) {
    const siblings = [...samples.values()].filter((sample) => sample.scenario === scenario);
    for (const pair of folders(join(captures, scenario))) {
      const truth = truthOf(join(captures, scenario, pair));
      if (truth === null || samples.has(`${scenario}-${pair}`)) continue;
      for (const [path, host, daemon] of logsOf(join(captures, scenario, pair), pair)) {
        const report = await read(path);
        const log = caseOf(`captures/${scenario}/${pair}/${path.slice(path.lastIndexOf('/') + 1)}`, daemon, truth, host, siblings);
        if (log.canKnow || log.firstFailure === null || claimsAny(report)) scores.push(score(report, log));
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

/** Paths, hosts and daemons of the logs of a capture; of a foreign daemon nothing is read, and outputs taken besides are no logs. */
function logsOf(folder: string, pair: string): [string, string, DaemonName][] {
  const [west, east] = pair.split('-') as [DaemonName, DaemonName];
  return readdirSync(folder)
    .filter((file) => file !== 'truth.json' && !file.endsWith('.txt'))
    .map((file): [string, string, DaemonName] => [join(folder, file), file.slice(0, file.indexOf('.')), file.startsWith('east.') ? east : west])
    .filter(([, , daemon]) => DAEMONS[daemon].kind !== 'iked');
}

function caseOf(file: string, name: DaemonName, truth: Truth, host: string, siblings: readonly SampleCase[]): LogCase {
  const { kind, version } = DAEMONS[name];
  const daemon = kind === 'pluto' ? 'pluto' : 'charon';
  const alike = siblings.flatMap(({ logs }) => logs).filter((log) => log.host === host && log.daemon === daemon && log.form !== 'syslog-status');
  const known = alike.map(({ expect }) => expect.cause).filter((cause) => cause !== null);
  const canKnow = truth.cause !== null && alike.length > 0 && known.length === alike.length;
  const among = siblings.flatMap(({ logs }) => logs).flatMap(({ expect }) => [expect.cause, ...(expect.among ?? []), ...(expect.also ?? [])]).filter((cause) => cause !== null);
  const accepted = canKnow ? known : [...among, ...(truth.cause === null ? [] : [truth.cause])];
  return { file, daemon, version, truth: truth.cause, canKnow, accepted, also: [...among, ...REFUSED], never: [], firstFailure: truth.cause === null ? null : { line: null, text: '' } };
}

function claimsAny({ connections, hostFindings }: Report): boolean {
  return hostFindings.length > 0 || connections.some(({ attempts, observed }) => observed.length > 0 || attempts.some(({ firstFailure }) => firstFailure !== null));
}
