import type { Attempt, Connection } from '../model/attempt.js';
import type { GatewayLog } from '../model/counterpart.js';
import { endOf, isAt, localOf, peerOf } from './ends.js';
import type { Logs } from './ends.js';
import { groupBy } from './group-by.js';

/** The peer may have been quiet for so long (milliseconds) before its log, had it gone on, would have had the attempt. */
const QUIET = 3_600_000;
/** A gateway with more attempts than that has somebody's at any time. */
const MOST_HEARD = 2_000;
/** By which clocks differ without anybody seeing it. */
const USUAL_ERROR = 120_000;

/**
 * Finds, for attempts to which no peer ever answered, the gateway at that address, where its log was read, too, and has nothing of
 * them. Where it has attempts at that time that may be these, from behind a NAT, that cannot be told.
 */
export function findUnheard(connections: readonly Connection[], logs: Logs): ReadonlyMap<Attempt, GatewayLog> {
  const found = new Map<Attempt, GatewayLog>();
  const byHost = groupBy(connections, ({ host }) => host);
  if (new Set([...byHost.keys(), ...logs.keys()]).size < 2) return found;
  const at = gatewaysAt(connections, logs);
  const attemptsOf = new Map([...byHost].map(([host, own]) => [host, own.flatMap(({ attempts }) => attempts)]));
  for (const { attempts, host } of connections) {
    for (const attempt of attempts) {
      if (attempt.firstFailure === null || attempt.role !== 'initiator' || attempt.peerAnswered) continue;
      const [log, another] = [...(at.get(peerOf(attempt) ?? '') ?? [])].filter((each) => each.host !== host);
      if (log === undefined || another !== undefined || !covers(log, attempt)) continue;
      const heard = attemptsOf.get(log.host) ?? [];
      if (heard.length <= MOST_HEARD && !heard.some((there) => mayBe(attempt, there, logs))) found.set(attempt, log);
    }
  }
  return found;
}

/** By address. */
function gatewaysAt(connections: readonly Connection[], logs: Logs): ReadonlyMap<string, ReadonlySet<GatewayLog>> {
  const at = new Map<string, Set<GatewayLog>>();
  const add = (address: string | null, log: GatewayLog | undefined): void => {
    if (address === null || log === undefined) return;
    const known = at.get(address);
    if (known === undefined) at.set(address, new Set([log]));
    else known.add(log);
  };
  for (const log of logs.values()) for (const address of log.addresses) add(address, log);
  for (const { host, attempts } of connections) for (const attempt of attempts) add(localOf(attempt), logs.get(host));
  return at;
}

function covers({ first, last }: GatewayLog, { started, ended }: Attempt): boolean {
  return started !== null && first !== null && last !== null && first <= (ended ?? started) + USUAL_ERROR && last >= started - QUIET;
}

/** It may be the attempt itself, whatever the clocks say or the address behind a NAT; or one of its own, whose lines the answers to both share. */
function mayBe(attempt: Attempt, there: Attempt, logs: Logs): boolean {
  const isWith = isAt(attempt, peerOf(there), logs);
  if (there.role === 'initiator') return isWith !== false && isMeanwhile(attempt, there);
  return isWith === true || isMeanwhile(attempt, there);
}

function isMeanwhile(attempt: Attempt, there: Attempt): boolean {
  if (attempt.started === null || there.started === null) return true;
  return there.started <= endOf(attempt, attempt.started) + USUAL_ERROR && endOf(there, there.started) >= attempt.started - USUAL_ERROR;
}

