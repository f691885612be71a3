import type { Daemon } from '../../model/daemons.js';
import type { SharedValues } from '../values/shared-values.js';
import { ConnectionInProgress } from './connection-in-progress.js';
import { Owners } from './nameless-attempts.js';

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

  /** At the end of the log: gives attempts that no line names to the connection that they must be of, if only one fits. */
  joinNameless(): void {
    const owners = new Owners(this.all());
    for (const key of this.unnamed) {
      const nameless = this.byKey.get(key);
      if (nameless !== undefined) owners.of(nameless)?.adopt(nameless);
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
