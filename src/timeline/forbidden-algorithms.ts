import type { Event } from '../model/event.js';

/** pluto knows some fifty. */
const MAX_NAMES = 200;

/**
 * Algorithms that one process of pluto does without since FIPS mode forbids them, as it says when it starts: a connection that
 * names one is refused later as if the program did not know it.
 */
export class ForbiddenAlgorithms {
  private readonly names = new Set<string>();

  learn({ kind, fields }: Event): void {
    const name = fields['proposal.algorithm'];
    if (kind === 'daemon.algorithm_forbidden' && typeof name === 'string' && this.names.size < MAX_NAMES) this.names.add(name.toLowerCase());
  }

  /** The event as what it is, where it refuses one of them. */
  complete(event: Event): Event {
    const name = event.kind === 'config.bad_value' ? event.fields['proposal.algorithm'] : undefined;
    return typeof name === 'string' && this.has(name.toLowerCase()) ? { ...event, kind: 'daemon.fips' } : event;
  }

  /** Configurations say `md5` and `camellia` where the daemon has HMAC_MD5_96 and CAMELLIA_CBC. */
  private has(name: string): boolean {
    return [...this.names].some((each) => `_${each}_`.includes(`_${name}_`));
  }
}
