import { findCounterparts, findUnheard } from './counterparts/index.js';
import { asTold, decide } from './diagnosis/both-sides.js';
import type { Causes, Diagnosis } from './diagnosis/diagnose.js';
import { withSetups } from './diagnosis/host-setups.js';
import type { HostSetups } from './diagnosis/host-setups.js';
import type { HostEntry } from './model/analysis.js';
import type { Attempt, Connection, TimelineEntry } from './model/attempt.js';
import type { Counterpart, GatewayLog } from './model/counterpart.js';
import { reworded } from './model/lazy-finding.js';
import type { PeerProduct } from './model/product.js';
import type { Finding } from './model/report.js';
import type { Tunnel } from './model/tunnel.js';
import type { Timeline } from './timeline/timeline.js';

/** Findings for the attempts and hosts of a timeline, with commands in the form each host uses. */
export class Findings {
  readonly diagnosis: Diagnosis;
  private readonly causes = new WeakMap<Attempt, Causes>();
  private counterparts: ReadonlyMap<Attempt, Counterpart> = new Map();
  private unheard: ReadonlyMap<Attempt, GatewayLog> = new Map();

  constructor(diagnosis: Diagnosis, private readonly timeline: Timeline, setups: HostSetups) {
    this.diagnosis = withSetups(diagnosis, setups);
  }

  /** Was the attempt diagnosed before, and had it failed? */
  has(attempt: Attempt): boolean {
    return this.causes.has(attempt);
  }

  /**
   * Determines the causes. An attempt may have continued since its last diagnosis; the diagnosis caches equal sets of
   * facts.
   */
  async recognise(attempt: Attempt, hostFailures: readonly TimelineEntry[], tunnel?: Tunnel): Promise<void> {
    if (attempt.firstFailure === null) this.causes.delete(attempt);
    else this.causes.set(attempt, await this.diagnosis.recognise(attempt, hostFailures, tunnel));
  }

  /**
   * Determines the causes of all attempts of `shown`, and finds the same attempts in other gateways' logs among `all`.
   */
  async recogniseAll(shown: readonly Connection[], all: readonly Connection[], hostFailures: readonly TimelineEntry[], tunnelOf: ReadonlyMap<Connection, Tunnel>): Promise<void> {
    for (const connection of shown) for (const attempt of connection.attempts) await this.recognise(attempt, hostFailures, tunnelOf.get(connection));
    const logs = this.timeline.gatewayLogs();
    this.counterparts = findCounterparts(all, logs);
    this.unheard = findUnheard(all, logs);
    for (const { attempt } of this.counterparts.values()) if (!this.has(attempt)) await this.recognise(attempt, hostFailures, tunnelOf.get(attempt.connection));
  }

  /** The same attempt in the other gateway's log, if it failed there too. */
  counterpartOf(attempt: Attempt): Counterpart | undefined {
    return this.counterparts.get(attempt);
  }

  /** The log of the gateway at the peer's address, if it was read and contains nothing of the attempt. */
  unheardBy(attempt: Attempt): GatewayLog | undefined {
    return this.unheard.get(attempt);
  }

  /** The product at the other end, if its vendor IDs tell, or if it is assumed. */
  productOf(attempt: Attempt): PeerProduct | null {
    return this.diagnosis.productOf(attempt);
  }

  /** The causes last determined, as findings with texts. */
  explain(attempt: Attempt, hostFailures: readonly TimelineEntry[], tunnel?: Tunnel): readonly Finding[] {
    const own = this.causes.get(attempt) ?? [];
    const there = this.counterparts.get(attempt)?.attempt;
    if (there === undefined) {
      const findings = this.diagnosis.explain(own, attempt, hostFailures, tunnel);
      // The peer's log was read already, so there is nothing to look for in it.
      return this.unheard.has(attempt) ? findings.map((finding) => reworded(finding, { askPeer: () => [] })) : findings;
    }
    const { causes, told } = decide(own, this.causes.get(there) ?? []);
    const [best, ...others] = this.diagnosis.explain(causes, attempt, hostFailures, tunnel);
    const [theirs] = this.diagnosis.explain(told, there, hostFailures);
    if (best === undefined) return [];
    return [theirs === undefined ? best : asTold(best, theirs, there.connection.host || 'the other gateway'), ...others];
  }

  hostFailures(): readonly TimelineEntry[] {
    return this.timeline.hostEntries().all().map(({ entry }) => entry);
  }

  /** The host's events with their findings. */
  hostEntries(): Promise<HostEntry[]> {
    return Promise.all(this.timeline.hostEntries().all().map(async ({ entry, repeats, hasConsequence }) => ({ entry, repeats, hasConsequence, findings: await this.diagnosis.diagnoseHost(entry) })));
  }
}
