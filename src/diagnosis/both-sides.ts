import type { Side } from '../model/cause.js';
import { reworded } from '../model/lazy-finding.js';
import type { FilledRemedy, Finding } from '../model/report.js';
import type { ClauseMatch } from './engine.js';

/** Ranked causes, taking both gateways' logs into account. */
export interface Decision {
  readonly causes: readonly ClauseMatch[];
  /** The other gateway's match that decided the first cause; empty if none did. */
  readonly told: readonly ClauseMatch[];
}

/** The side as seen from the other gateway. */
const SEEN_FROM_THERE: Readonly<Record<Side, Side>> = { here: 'peer', peer: 'here', between: 'between', unknown: 'unknown' };

/**
 * Lets the other gateway's log decide between causes that this one leaves open. It only chooses among those, because
 * what fails there may be a consequence of what failed here. `own` and `theirs` are ranked.
 */
export function decide(own: readonly ClauseMatch[], theirs: readonly ClauseMatch[]): Decision {
  const common = own.filter(({ cause }) => theirs.some((other) => other.cause.id === cause.id));
  if (common.length === 0 || own[0]?.clause.confidence === 'certain') return { causes: own, told: [] };
  const best = theirs.find(({ clause }, rank) => rank === 0 && clause.confidence !== 'possible');
  // A likely cause at this gateway came first; the other gateway saw only its consequences.
  if (own[0]?.clause.confidence === 'likely' && (own[0].clause.side ?? own[0].cause.side) === 'here' && best?.cause.id !== own[0].cause.id) return { causes: own, told: [] };
  const match = common.find(({ cause }) => cause.id === best?.cause.id);
  if (best === undefined || match === undefined) return { causes: common, told: [] };
  const { confidence } = best.clause;
  const decided = { ...match, clause: { ...match.clause, confidence, side: SEEN_FROM_THERE[best.clause.side ?? best.cause.side] } };
  return { causes: [decided, ...common.filter((other) => other !== match && confidence !== 'certain')], told: [best] };
}

/**
 * A finding of this gateway in the words and with the confidence of the other one's, whose log states the cause.
 * `gateway`: the name of the other one.
 */
export function asTold(own: Finding, theirs: Finding, gateway: string): Finding {
  const isSaid = (advice: FilledRemedy): boolean => advice.command === null && own.remedies.some((remedy) => remedy.side === 'here' && remedy.do === advice.do);
  const atPeer = (): FilledRemedy[] => theirs.remedies.filter((remedy) => remedy.side === 'here' && !isSaid(remedy)).map((remedy) => ({ ...remedy, side: 'peer' as const }));
  return reworded(own, {
    confidence: theirs.confidence,
    explanation: () => `Seen from ${gateway}: ${theirs.explanation}`,
    remedies: (remedies) => [...remedies.filter(({ side }) => side !== 'peer'), ...atPeer()],
    askPeer: () => [],
  });
}
