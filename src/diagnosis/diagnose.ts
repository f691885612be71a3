import type { Attempt, TimelineEntry } from '../model/attempt.js';
import type { AskPeer, Cause, CausesFor, Remedy, Side } from '../model/cause.js';
import type { Daemon } from '../model/daemons.js';
import { describeKind, EVENT_KINDS } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';
import type { Facts } from '../model/facts.js';
import { lazyFinding, once } from '../model/lazy-finding.js';
import type { PeerProduct, Product } from '../model/product.js';
import type { Finding } from '../model/report.js';
import type { Tunnel } from '../model/tunnel.js';
import { deviceOf, forDevice } from './device-commands.js';
import type { Settings } from './device-commands.js';
import { createCauseEngine } from './engine.js';
import type { ClauseMatch } from './engine.js';
import { attemptFacts, hostFacts } from './facts.js';
import { fillProse } from './fill.js';
import { discountMissing } from './missing-evidence.js';
import type { MissingEvidence } from './missing-evidence.js';
import { askedTexts, withPeerLog } from './peer-advice.js';
import { rankMatches, weaken } from './rank.js';
import { productRecogniser } from './recognise-product.js';
import { observedEnds, observedFacts, tunnelFacts } from './tunnel-facts.js';

/**
 * Ranked causes without their texts. Attempts with the same facts share one list, so it is all that is kept of many
 * attempts.
 */
export type Causes = readonly ClauseMatch[];

export interface Diagnosis {
  /** The ranked causes of an attempt's first failure; empty if it did not fail or the cause is unknown. */
  recognise(attempt: Attempt, hostFailures: readonly TimelineEntry[], tunnel?: Tunnel): Promise<Causes>;
  /** Turns causes into findings for this attempt, with texts. */
  explain(causes: Causes, attempt: Attempt, hostFailures: readonly TimelineEntry[], tunnel?: Tunnel): readonly Finding[];
  /** The product at the other end, if its vendor IDs tell, or if it is assumed. */
  productOf(attempt: Attempt): PeerProduct | null;
  /** The ranked findings for a failure that concerns no single connection. */
  diagnoseHost(entry: TimelineEntry): Promise<readonly Finding[]>;
  /** The ranked findings for a problem that status outputs show about a tunnel. */
  diagnoseTunnel(entry: TimelineEntry, tunnel: Tunnel): Promise<readonly Finding[]>;
}

const NO_CAUSES: Causes = [];
const NOTHING_BESIDE: Pick<Attempt, 'unread' | 'fields'> = { unread: null, fields: {} };

/**
 * Creates a diagnosis from the causes that `causesFor` gives for the kind of a first failure, and the products a peer
 * may be, or is assumed to be.
 */
export function createDiagnosis(causesFor: CausesFor, loadProducts: () => readonly Product[] = () => [], assumed: string | null = null): Diagnosis {
  const productOf = productRecogniser(loadProducts, assumed);
  const engine = createCauseEngine(causesFor);
  const match = async (kind: EventKind, facts: Facts, missing: MissingEvidence | null): Promise<Causes> => {
    const matches = await engine.match(kind, facts);
    return missing === null ? rank(matches) : rankMatches(discountMissing(missing, matches, engine.clausesFor(kind), facts));
  };
  const ranked = new WeakMap<Causes, Causes>();
  const rank = (matches: Causes): Causes => {
    const known = ranked.get(matches) ?? rankMatches(matches);
    ranked.set(matches, known);
    return known;
  };
  const matchAttempt = (attempt: Attempt, failure: TimelineEntry, facts: Facts): Promise<Causes> =>
    match(failure.event.kind, facts, missingIn(failure, attempt, attempt.subject === 'ike' && describeKind(failure.event.kind).role !== 'symptom' && isEmpty(facts['attempt.before'])));
  return {
    async recognise(attempt, hostFailures, tunnel) {
      const failure = attempt.firstFailure;
      return failure === null ? NO_CAUSES : matchAttempt(attempt, failure, factsOf(attempt, failure, hostFailures, tunnel));
    },
    explain(causes, attempt, hostFailures, tunnel) {
      const failure = attempt.firstFailure;
      if (failure === null || causes.length === 0) return [];
      const facts = once(() => factsOf(attempt, failure, hostFailures, tunnel));
      const doubts = [failure.link === 'adjacent', attempt.candidates.length > 0].filter((doubt) => doubt).length;
      const product = once(() => productOf(attempt));
      return causes.map((cause) => toFinding(cause, facts, settingsOf(failure, attempt.connection.daemon), doubts, product));
    },
    productOf,
    async diagnoseHost(entry) {
      const facts = hostFacts(entry);
      const matches = await match(entry.event.kind, facts, missingIn(entry));
      return matches.map((each) => toFinding(each, () => facts, settingsOf(entry, entry.event.message.daemon), 0));
    },
    async diagnoseTunnel(entry, tunnel) {
      const facts = tunnelFacts(entry, tunnel);
      const matches = await match(entry.event.kind, facts, null);
      return matches.map((each) => toFinding(each, () => facts, tunnel.connection.daemon, 0));
    },
  };
}

const isEmpty = (fact: Facts[keyof Facts]): boolean => Array.isArray(fact) && fact.length === 0;

/** What must have been logged but is not in the log; null if nothing seems to be missing. */
function missingIn({ event: { fields } }: TimelineEntry, attempt: Pick<Attempt, 'unread' | 'fields'> = NOTHING_BESIDE, unbegun = false): MissingEvidence | null {
  const cut = fields['line.cut'];
  const missing: MissingEvidence = { unread: attempt.unread !== null, unbegun, cut: attempt.fields['line.cut'] !== undefined, failure: cut === 'values' || cut === 'meaning' ? cut : null };
  return missing.unread || unbegun || missing.cut || missing.failure !== null ? missing : null;
}

function factsOf(attempt: Attempt, failure: TimelineEntry, hostFailures: readonly TimelineEntry[], tunnel: Tunnel | undefined): Facts {
  return { ...observedEnds(tunnel), ...attemptFacts(attempt, failure, hostFailures), ...observedFacts(tunnel) };
}

/** A cause as a finding. `product`: that of the peer. */
function toFinding({ cause, clause }: ClauseMatch, facts: () => Facts, own: Settings, doubts: number, product: () => PeerProduct | null = () => null): Finding {
  const side = clause.side ?? cause.side;
  const { id, references } = cause;
  const asks = once(() => (isDecidedHere(facts()) || clause.confidence === 'certain' ? null : (clause.askPeer ?? cause.askPeer).filter((ask) => fits(ask, side))));
  const remedies = once(() => (clause.remedies ?? cause.remedies).filter((remedy) => concerns(remedy, own, side) && (remedy.initiates !== true || facts()['connection.any_peer'] !== true)));
  return lazyFinding(
    { cause: id, confidence: weaken(clause.confidence, doubts), side, title: titleOf(cause, side), references },
    {
      explanation: () => fillProse(clause.explanation ?? cause.explanation, facts()),
      remedies: () => forDevice(own, withPeerLog(remedies(), product(), (asks()?.length ?? 0) > 0, facts())),
      askPeer: () => askedTexts(id, asks(), product(), facts()),
    },
  );
}

/** A title speaks of the end where the fault usually is, unless it names the peer itself. */
function titleOf({ title, side: usual }: Cause, side: Side): string {
  if (/\bpeer\b/.test(title)) return title;
  if (usual === 'here' && side === 'peer') return `${title} (at peer)`;
  return usual === 'peer' && side === 'here' ? `${title} (here)` : title;
}

/** A device has a daemon's messages, but settings of its own. */
function settingsOf({ event }: TimelineEntry, daemon: Daemon): Settings {
  return deviceOf(event.message.record.program) ?? daemon;
}

/** Skips commands for another daemon on this side; the peer's daemon is unknown. */
function concerns(remedy: Remedy, own: Settings, side: Side): boolean {
  return fits(remedy, side) && (remedy.side !== 'here' || remedy.for === 'any' || remedy.for === own);
}

/** If this gateway rejected the peer, the peer's log does not say why. */
function isDecidedHere({ 'failure.event': kind }: Facts): boolean {
  return typeof kind === 'string' && kind in EVENT_KINDS && describeKind(kind as EventKind).decidedHere === true;
}

/** A check or remedy at one end does nothing for a fault at the other. */
function fits({ fault }: Pick<Remedy | AskPeer, 'fault'>, side: Side): boolean {
  return fault === undefined || fault.includes(side);
}
