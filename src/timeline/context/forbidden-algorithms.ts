import type { Event } from '../../model/event.js';

/** A bound for damaged logs; pluto supports about fifty. */
const MAX_NAMES = 200;

/**
 * Algorithms that a pluto process disabled because of FIPS mode, as logged at its start. pluto later rejects a connection
 * that uses one as if the algorithm were unknown.
 */
export class ForbiddenAlgorithms {
  private readonly names = new Set<string>();

  learn({ kind, fields }: Event): void {
    const name = fields['proposal.algorithm'];
    if (kind === 'daemon.algorithm_forbidden' && typeof name === 'string' && this.names.size < MAX_NAMES) this.names.add(name.toLowerCase());
  }

  /** Turns the rejection of an unknown algorithm into `daemon.fips` if FIPS mode disabled that algorithm. */
  complete(event: Event): Event {
    const name = event.kind === 'config.bad_value' ? event.fields['proposal.algorithm'] : undefined;
    return typeof name === 'string' && this.has(name.toLowerCase()) ? { ...event, kind: 'daemon.fips' } : event;
  }

  /** Configurations use short names: `md5` for HMAC_MD5_96, `camellia` for CAMELLIA_CBC. */
  private has(name: string): boolean {
    return [...this.names].some((each) => `_${each}_`.includes(`_${name}_`));
  }
}
