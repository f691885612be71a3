import type { Attempt, Connection } from '../model/attempt.js';
import type { GatewayLog } from '../model/counterpart.js';
import { groupBy } from '../model/group-by.js';
import { endOf, isAt, localOf, peerOf } from './ends.js';
import type { Logs } from './ends.js';

/** Milliseconds by which the last line of the peer's log may precede the attempt: an idle daemon writes nothing. */
const QUIET = 3_600_000;
/** A gateway with more attempts than this has one in progress at any time, so nothing can be concluded. */
const MOST_HEARD = 2_000;
/** Milliseconds by which clocks commonly differ unnoticed. */
const USUAL_ERROR = 120_000;

/**
 * For attempts that no peer ever answered, finds the gateway at the peer's address whose log, if given, contains
 * nothing of them. If that log has attempts at the time that could be the same ones behind a NAT, nothing is concluded.
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

/** Gateways by address. */
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

/**
 * Could this be the same attempt, despite clock differences or a NAT? Or the gateway's own attempt towards us, to which
 * lines of ours could have been attributed?
 */
function mayBe(attempt: Attempt, there: Attempt, logs: Logs): boolean {
  const isWith = isAt(attempt, peerOf(there), logs);
  if (there.role === 'initiator') return isWith !== false && isMeanwhile(attempt, there);
  return isWith === true || isMeanwhile(attempt, there);
}

function isMeanwhile(attempt: Attempt, there: Attempt): boolean {
  if (attempt.started === null || there.started === null) return true;
  return there.started <= endOf(attempt, attempt.started) + USUAL_ERROR && endOf(there, there.started) >= attempt.started - USUAL_ERROR;
}

