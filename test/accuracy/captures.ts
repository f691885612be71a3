import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { DAEMONS } from '../lab/install.js';
import type { DaemonName } from '../lab/install.js';
import { LAB_ROOT } from '../lab/paths.js';
import { hasScenario, readScenario } from '../lab/scenario.js';
import type { Scenario, Told } from '../lab/scenario.js';
import { readSamples } from '../samples.js';
import { read } from './logs.js';
import { score } from './score.js';
import type { LogCase, Score } from './score.js';

type Truth = Scenario['truth'];

/** One host's log in one form. */
interface Log {
  readonly path: string;
  readonly file: string;
  readonly host: string;
  readonly name: DaemonName;
}

/** Correct for any rejection by the peer, whatever the reason. */
const REFUSED = ['auth/rejected-by-peer', 'child/rejected-by-peer'];
/** Stands in for logs whose contents nobody has described. */
const UNREAD: Told = { outcome: 'failing', firstFailure: 'nobody has said in the scenario what this log tells' };

/**
 * Scores the laboratory's captures that are not samples (or not of that host's log) against what their scenarios say
 * can be known from each log.
 */
export async function scoreOtherCaptures(captures = join(LAB_ROOT, 'captures')): Promise<Score[]> {
  const samples = readSamples();
  const scores: Score[] = [];
  for (const scenario of folders(captures)) {
    for (const pair of folders(join(captures, scenario))) {
      const folder = join(captures, scenario, pair);
      const truth = truthOf(scenario, folder);
      const sampled = new Set(samples.get(`${scenario}-${pair}`)?.logs.map(({ host }) => host));
      if (truth === null) continue;
      for (const log of logsOf(folder, pair).filter(({ host }) => !sampled.has(host))) {
        scores.push(score(await read(log.path), caseOf(log, truth, pair, `captures/${scenario}/${pair}/${log.file}`)));
      }
    }
  }
  return scores;
}

function folders(place: string): string[] {
  return existsSync(place) ? readdirSync(place).sort() : [];
}

/** The scenario's current truth; for captures of other origin, the truth recorded with them. */
function truthOf(scenario: string, folder: string): Truth | null {
  if (hasScenario(scenario)) return readScenario(scenario).truth;
  const file = join(folder, 'truth.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Truth) : null;
}

/** The logs of a capture, without those of foreign daemons and without other outputs. */
function logsOf(folder: string, pair: string): Log[] {
  const [west, east] = pair.split('-') as [DaemonName, DaemonName];
  return readdirSync(folder)
    .filter((file) => file !== 'truth.json' && !file.endsWith('.txt'))
    .map((file) => ({ path: join(folder, file), file, host: file.slice(0, file.indexOf('.')), name: file.startsWith('east.') ? east : west }))
    .filter(({ name }) => DAEMONS[name].kind !== 'iked');
}

function caseOf({ file, host, name }: Log, { cause, logs }: Truth, pair: string, shown: string): LogCase {
  const told = logs?.[pair]?.[file] ?? logs?.[pair]?.[host] ?? (cause === null ? { outcome: 'up' } : UNREAD);
  const { kind, version } = DAEMONS[name];
  const accepted = told.cause !== undefined ? [told.cause] : [...(told.among ?? []), ...(cause === null ? [] : [cause])];
  return {
    file: shown,
    daemon: kind === 'pluto' || kind === 'openswan' ? 'pluto' : 'charon',
    version,
    truth: cause,
    canKnow: told.cause !== undefined,
    accepted,
    also: [...(told.also ?? []), ...(told.cause === undefined ? REFUSED : [])],
    never: [],
    outcome: told.outcome,
    firstFailure: told.firstFailure === undefined ? null : { line: null, text: told.firstFailure },
  };
}
