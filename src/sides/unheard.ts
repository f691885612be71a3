import type { Attempt, Connection } from '../model/attempt.js';
import type { GatewayLog } from '../model/counterpart.js';
import { endOf, isAt, localOf, peerOf } from './ends.js';
import type { Logs } from './ends.js';
import { groupBy } from './group-by.js';

/** The peer may have been quiet for so long (milliseconds) before its log, had it gone on, would have had the attempt. */
const QUIET = 3_600_000;
/** By which clocks differ without anybody seeing it. */
const USUAL_ERROR = 120_000;

/**
 * Finds, for attempts to which no peer ever answered, the gateway at that address, where its log was read, too, and has nothing of
 * them. Where it has attempts at that time that may be these, from behind a NAT, that cannot be told.
 */
export function findUnheard(connections: readonly Connection[], logs: Logs): ReadonlyMap<Attempt, GatewayLog> {
  const byHost = groupBy(connections, ({ host }) => host);
  const at = gatewaysAt(connections, logs);
  const found = new Map<Attempt, GatewayLog>();
  if (byHost.size + logs.size < 2) return found;
  for (const { attempts, host } of connections) {
    for (const attempt of attempts) {
      if (attempt.firstFailure === null || attempt.role !== 'initiator' || attempt.peerAnswered) continue;
      const [log, another] = (at.get(peerOf(attempt)) ?? []).filter((each) => each.host !== host);
      if (log === undefined || another !== undefined || !covers(log, attempt)) continue;
      const heard = (byHost.get(log.host) ?? []).flatMap((connection) => connection.attempts);
      if (!heard.some((there) => mayBe(attempt, there, logs))) found.set(attempt, log);
    }
  }
  return found;
}

function gatewaysAt(connections: readonly Connection[], logs: Logs): ReadonlyMap<string | null, readonly GatewayLog[]> {
  const listened = [...logs.values()].flatMap((log) => [...log.addresses].map((address) => ({ address, log })));
  const used = connections.flatMap(({ host, attempts }) => attempts.flatMap((attempt) => {
    const [address, log] = [localOf(attempt), logs.get(host)];
    return address === null || log === undefined ? [] : [{ address, log }];
  }));
  return new Map([...groupBy([...listened, ...used], ({ address }) => address)].map(([address, group]) => [address, [...new Set(group.map(({ log }) => log))]]));
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

