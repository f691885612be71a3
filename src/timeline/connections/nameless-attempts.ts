import type { TimelineEntry } from '../../model/attempt.js';
import { groupBy } from '../../model/group-by.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';
import type { ConnectionInProgress } from './connection-in-progress.js';

/** Finds the connection of attempts that no line names. */
export class Owners {
  private readonly byHost: ReadonlyMap<string, readonly ConnectionInProgress[]>;
  private readonly byPeer: ReadonlyMap<string, readonly ConnectionInProgress[]>;

  constructor(connections: readonly ConnectionInProgress[]) {
    const known = connections.filter(({ attempts }) => attempts.length > 0);
    this.byHost = groupBy(known, hostOf);
    this.byPeer = groupBy(known, (each) => `${hostOf(each)}|${addressOf(each) ?? '?'}`);
  }

  /**
   * The only connection that the attempts of this nameless one can belong to; null if there are none or several.
   *
   * - A host name that cannot be resolved is that of any connection.
   * - racoon names no tunnel; pfSense puts the name before some of its lines only.
   * - Where the log begins in the middle of a negotiation, it lacks the lines that would name it: it is of any
   *   connection with that peer, if its lines show the peer's address.
   */
  of(nameless: ConnectionInProgress): ConnectionInProgress | null {
    if (nameless.attempts.length === 0) return null;
    const address = addressOf(nameless);
    const others = ((address === null ? this.byHost.get(hostOf(nameless)) : this.byPeer.get(`${hostOf(nameless)}|${address}`)) ?? []).filter((each) => each !== nameless);
    if (address !== null && nameless.daemon === 'racoon') return onlyOne(others.filter(({ name }) => name !== null));
    const owner = onlyOne(others);
    return owner !== null && (isFromBefore(nameless, owner) || (address === null && isUnresolved(nameless) && owner.name !== null)) ? owner : null;
  }
}

const onlyOne = ([only, ...more]: readonly ConnectionInProgress[]): ConnectionInProgress | null => (only !== undefined && more.length === 0 ? only : null);

const isUnresolved = ({ attempts }: ConnectionInProgress): boolean => attempts.every(({ firstFailure }) => firstFailure?.event.kind === 'network.dns_failed');

/** Had the IKE SA of the nameless attempts begun before the log, and does nothing say that it was another's? */
function isFromBefore(nameless: ConnectionInProgress, owner: ConnectionInProgress): boolean {
  const [first] = owner.attempts;
  return first !== undefined && nameless.attempts.every((attempt) => (attempt.subject === 'child' || !attempt.begun) && endsBefore(attempt, first) && !isElsewhere(attempt, owner));
}

/** Is it about another address of this gateway? */
function isElsewhere({ entries }: AttemptInProgress, { local: { address } }: ConnectionInProgress): boolean {
  return address !== null && entries.some(({ event: { fields } }) => (fields['local.address'] ?? address) !== address);
}

function endsBefore({ lastTime, entries }: AttemptInProgress, { started, entries: [first] }: AttemptInProgress): boolean {
  return lastTime === started ? lineOf(entries.at(-1)) < lineOf(first) : (lastTime ?? 0) < (started ?? 0);
}

/** Compares by time, and by line where there are no times. */
export function chronologically(one: AttemptInProgress, other: AttemptInProgress): number {
  return (one.started ?? 0) - (other.started ?? 0) || lineOf(one.entries[0] ?? one.firstFailure) - lineOf(other.entries[0] ?? other.firstFailure);
}

const lineOf = (entry: TimelineEntry | null | undefined): number => entry?.event.message.record.line.number ?? 0;

function addressOf({ peer, attempts }: ConnectionInProgress): string | null {
  return peer.address ?? attempts.find(({ peerAddress }) => peerAddress !== null)?.peerAddress ?? null;
}

const hostOf = ({ host, daemon }: ConnectionInProgress): string => `${host}|${daemon}`;
