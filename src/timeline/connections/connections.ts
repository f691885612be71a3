import type { Daemon } from '../../model/daemons.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';
import type { SharedValues } from '../values/shared-values.js';
import { ConnectionInProgress } from './connection-in-progress.js';

/**
 * Attempts kept per connection: the first and the latest ones, those in between are counted. Fewer with very many
 * connections.
 */
const MOST_ATTEMPTS = 50;
const FEWEST_ATTEMPTS = 4;
/** Limit over all connections, as far as {@link FEWEST_ATTEMPTS} allows; each attempt takes about 1 kB. */
const ALL_ATTEMPTS = 100_000;
/**
 * Limit on unnamed connections; beyond it the oldest are dropped, because a stranger can send packets from any number
 * of addresses.
 */
const MAX_UNNAMED = 20_000;
const FORGOTTEN_AT_ONCE = 1_000;

/** The host and daemon that logged a line. */
interface Speaker {
  readonly host: string;
  readonly daemon: Daemon;
}

/** All connections of a run, by host, daemon and name, or by peer address if unnamed. */
export class Connections {
  private readonly byKey = new Map<string, ConnectionInProgress>();
  private readonly unnamed = new Set<string>();

  /** `onForgotten` receives the key of a connection that is dropped. */
  constructor(private readonly shared: SharedValues, private readonly onForgotten: (key: string) => void) {}

  all(): readonly ConnectionInProgress[] {
    return [...this.byKey.values()];
  }

  /** Number of attempts each connection may keep. */
  get limit(): number {
    return Math.max(FEWEST_ATTEMPTS, Math.min(MOST_ATTEMPTS, Math.floor(ALL_ATTEMPTS / this.byKey.size)));
  }

  /**
   * The connection with this name, or for this peer if there is no name; created if missing. What a peer wants of
   * different addresses of this gateway are different connections.
   */
  find({ daemon, host }: Speaker, name: string | null, peer: string | null, local: string | null): ConnectionInProgress {
    const key = this.keyFor(`${host}|${daemon}|${name === null ? `peer:${peer ?? '?'}` : `name:${name}`}`, name === null ? local : null);
    const known = this.byKey.get(key);
    if (known !== undefined) {
      return known;
    }
    const connection = new ConnectionInProgress(key, this.shared.text(host), daemon, name === null ? null : this.shared.text(name));
    connection.peer.address = name === null ? peer : null;
    this.byKey.set(key, connection);
    if (name === null) this.addUnnamed(key);
    return connection;
  }

  private keyFor(key: string, local: string | null): string {
    const first = this.byKey.get(key)?.local.address ?? null;
    return local === null || first === null || local === first ? key : `${key}|${local}`;
  }

  /**
   * At the end of the log: DNS failures without a connection name are assigned to the only named connection, if there
   * is exactly one; and what racoon says of a peer without its tunnel's name, which pfSense puts before some lines
   * only, to the tunnel with that peer.
   */
  nameUnresolved(): void {
    for (const key of this.unnamed) {
      const nameless = this.byKey.get(key);
      if (nameless === undefined || nameless.attempts.length === 0) continue;
      const others = [...this.byKey.values()].filter((each) => each !== nameless && each.host === nameless.host && each.daemon === nameless.daemon && each.attempts.length > 0);
      const [only, ...more] = nameless.peer.address === null ? ifUnresolved(nameless, others) : ifOfRacoon(nameless, others);
      if (only === undefined || more.length > 0 || only.name === null) continue;
      for (const attempt of nameless.attempts) attempt.connection = only;
      only.attempts.push(...nameless.attempts.splice(0));
      only.attempts.sort((one, other) => beginning(one) - beginning(other));
    }
  }

  neededFrom(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const connection of this.byKey.values()) least = Math.min(least, connection.neededFrom());
    return least;
  }

  /** Drops many at a time: finding the first key of a Map is slow after many deletions at its start. */
  private addUnnamed(added: string): void {
    this.unnamed.add(added);
    if (this.unnamed.size <= MAX_UNNAMED) return;
    for (const key of this.unnamed) {
      this.unnamed.delete(key);
      this.byKey.delete(key);
      this.onForgotten(key);
      if (this.unnamed.size <= MAX_UNNAMED - FORGOTTEN_AT_ONCE) return;
    }
  }
}

function ifUnresolved({ attempts }: ConnectionInProgress, others: readonly ConnectionInProgress[]): readonly ConnectionInProgress[] {
  return attempts.every(({ firstFailure }) => firstFailure?.event.kind === 'network.dns_failed') ? others : [];
}

function ifOfRacoon({ daemon, peer }: ConnectionInProgress, others: readonly ConnectionInProgress[]): readonly ConnectionInProgress[] {
  return daemon === 'racoon' ? others.filter(({ name, peer: { address } }) => name !== null && address === peer.address) : [];
}

/** Number of the first line kept of an attempt. */
function beginning({ entries, firstFailure }: AttemptInProgress): number {
  return (entries[0] ?? firstFailure)?.event.message.record.line.number ?? 0;
}
