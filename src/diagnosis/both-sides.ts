import { CONFIDENCES } from '../model/cause.js';
import type { Side } from '../model/cause.js';
import type { Finding } from '../model/report.js';
import type { ClauseMatch } from './engine.js';

/** Ranked causes by the logs of both gateways. */
export interface Decision {
  readonly causes: readonly ClauseMatch[];
  /** The first of them as the other gateway's log has it, where that is who tells; else empty. */
  readonly told: readonly ClauseMatch[];
}

/** The same place, seen from the other gateway. */
const SEEN_FROM_THERE: Readonly<Record<Side, Side>> = { here: 'peer', peer: 'here', between: 'between', unknown: 'unknown' };

/**
 * What this gateway's log leaves open, the other one's may decide: but only between the causes that are left, because what fails
 * there may be a consequence of what failed here. `own` and `theirs` are ranked.
 */
export function decide(own: readonly ClauseMatch[], theirs: readonly ClauseMatch[]): Decision {
  const [best] = theirs;
  const match = own.find(({ cause }) => cause.id === best?.cause.id);
  if (best === undefined || own[0]?.clause.confidence === 'certain') return { causes: own, told: [] };
  if (match === undefined || best.clause.confidence === 'possible') return { causes: commonFirst(own, theirs), told: [] };
  const { confidence } = best.clause;
  const decided = { ...match, clause: { ...match.clause, confidence, side: SEEN_FROM_THERE[best.clause.side ?? best.cause.side] } };
  return { causes: confidence === 'certain' ? [decided] : [decided, ...own.filter((other) => other !== match)], told: [best] };
}

/** Of causes that are equally sure, those that fit both logs come first. */
function commonFirst(own: readonly ClauseMatch[], theirs: readonly ClauseMatch[]): readonly ClauseMatch[] {
  const rank = ({ cause, clause }: ClauseMatch): number => 2 * CONFIDENCES.indexOf(clause.confidence) + (theirs.some((other) => other.cause.id === cause.id) ? 0 : 1);
  return own.toSorted((one, other) => rank(one) - rank(other));
}

/** A finding of this gateway in the words of the other one's, whose log tells it. `gateway`: what that one is called. */
export function asTold(own: Finding, theirs: Finding, gateway: string): Finding {
  const atPeer = theirs.remedies.filter(({ side }) => side === 'here').map((remedy) => ({ ...remedy, side: 'peer' as const }));
  return {
    ...own,
    explanation: `Seen from ${gateway}: ${theirs.explanation}`,
    remedies: [...own.remedies.filter(({ side }) => side !== 'peer'), ...atPeer],
    askPeer: [],
  };
}
