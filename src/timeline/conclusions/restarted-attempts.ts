import type { DaemonProcess } from '../associations/daemon-process.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';

/** Minimum number of attempts by a peer: two may be chance, or two clients behind one NAT. */
const BEGINNINGS = 3;
/** Maximum milliseconds between two attempts of a client that makes no progress. */
const AGAIN_WITHIN = 60_000;

/** An SA and the attempt to establish it. */
interface Begun {
  readonly sa: SecurityAssociation;
  readonly ike: AttemptInProgress;
}

/**
 * Attempts that their peers silently abandoned and restarted: if the log ends before this daemon gives up, no line says
 * that they fail. Excludes the latest attempt of each peer, which may still continue.
 */
export function restartedAttempts({ live }: DaemonProcess): AttemptInProgress[] {
  const byPeer = new Map<string, Begun[]>();
  for (const sa of live) {
    const { ike } = sa;
    if (ike === null || sa.peerAddress === null || !isHalfWay(ike)) continue;
    const key = `${sa.name} ${sa.peerAddress} ${sa.peerPort}`;
    byPeer.set(key, [...(byPeer.get(key) ?? []), { sa, ike }]);
  }
  const isUp = (begun: readonly Begun[]): boolean => begun.slice(0, 1).some(({ sa }) => live.ofPeer(sa.peerAddress).some((other) => other.isUp));
  return [...byPeer.values()].flatMap((begun) => (isInVain(begun) && !isUp(begun) ? begun.slice(0, -1).map(({ ike }) => ike) : []));
}

function isHalfWay({ over, role, purpose, failing, started, retransmits }: AttemptInProgress): boolean {
  return !over && role === 'responder' && purpose === 'create' && !failing && started !== null && retransmits === 0;
}

/** Each attempt starts soon after the previous one went silent, and none gets further than the first. */
function isInVain(begun: readonly Begun[]): boolean {
  return begun.length >= BEGINNINGS && begun.every(({ ike }, index) => {
    const before = begun[index - 1];
    if (before === undefined) return true;
    const { lastTime, reached } = before.ike;
    const since = ike.started === null || lastTime === null ? -1 : ike.started - lastTime;
    return since >= 0 && since <= AGAIN_WITHIN && (ike.reached === reached || index === begun.length - 1);
  });
}
