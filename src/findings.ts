import type { Causes, Diagnosis } from './diagnosis/diagnose.js';
import { withStarter } from './diagnosis/starter-commands.js';
import type { HostEntry } from './model/analysis.js';
import type { Attempt, TimelineEntry } from './model/attempt.js';
import type { Finding } from './model/report.js';
import type { Tunnel } from './model/tunnel.js';
import type { Timeline } from './timeline/timeline.js';

/** What the diagnosis says of the attempts and hosts of a timeline, in the commands of each host. */
export class Findings {
  /** Hosts where ipsec.conf configures charon. */
  readonly starters = new Set<string>();
  readonly diagnosis: Diagnosis;
  private readonly causes = new WeakMap<Attempt, Causes>();

  constructor(diagnosis: Diagnosis, private readonly timeline: Timeline) {
    this.diagnosis = withStarter(diagnosis, (host) => this.starters.has(host));
  }

  /** Was the attempt looked at before, and did it fail? */
  has(attempt: Attempt): boolean {
    return this.causes.has(attempt);
  }

  /** Looks for the causes. An attempt may have gone on since it was looked at last; the diagnosis remembers equal facts. */
  async recognise(attempt: Attempt, hostFailures: readonly TimelineEntry[], tunnel?: Tunnel): Promise<void> {
    if (attempt.firstFailure === null) this.causes.delete(attempt);
    else this.causes.set(attempt, await this.diagnosis.recognise(attempt, hostFailures, tunnel));
  }

  /** The causes that were found last, in words. */
  explain(attempt: Attempt, hostFailures: readonly TimelineEntry[], tunnel?: Tunnel): readonly Finding[] {
    return this.diagnosis.explain(this.causes.get(attempt) ?? [], attempt, hostFailures, tunnel);
  }

  hostFailures(): readonly TimelineEntry[] {
    return this.timeline.hostEntries().all().map(({ entry }) => entry);
  }

  hostEntries(): Promise<HostEntry[]> {
    return Promise.all(this.timeline.hostEntries().all().map(async ({ entry, repeats }) => ({ entry, repeats, findings: await this.diagnosis.diagnoseHost(entry) })));
  }
}
