import { CONFIDENCES, FREQUENCIES } from '../model/cause.js';
import type { Confidence, Frequency } from '../model/cause.js';
import type { ClauseMatch } from './engine.js';

/**
 * One match per cause, best first: certain before likely before possible. Among equally sure ones the more specific
 * conditions lead; among merely possible ones, which nothing in the log tells apart, the more frequent. The id decides last.
 * What another cause outranks (`insteadOf`) is left out, and beside a certain cause nothing is merely possible.
 */
export function rankMatches(matches: readonly ClauseMatch[]): readonly ClauseMatch[] {
  const best = new Map<string, ClauseMatch>();
  for (const match of [...matches].sort(compareMatches)) {
    if (!best.has(match.cause.id)) best.set(match.cause.id, match);
  }
  return withoutMerelyPossible(withoutOutranked([...best.values()]));
}

/** How sure a finding is whose line may belong to another attempt; `doubts`: it carries no number, and there are others that it fits. */
export function weaken(confidence: Confidence, doubts: number): Confidence {
  if (doubts === 2) return 'possible';
  return doubts === 1 && confidence === 'certain' ? 'likely' : confidence;
}

function compareMatches(a: ClauseMatch, b: ClauseMatch): number {
  const byConfidence = confidenceRank(a) - confidenceRank(b);
  const bySpecificity = b.specificity - a.specificity;
  const byFrequency = frequencyRank(a) - frequencyRank(b);
  const byEvidence = a.clause.confidence === 'possible' ? byFrequency || bySpecificity : bySpecificity || byFrequency;
  return byConfidence || byEvidence || (a.cause.id < b.cause.id ? -1 : 1);
}

const confidenceRank = ({ clause }: ClauseMatch): number => CONFIDENCES.indexOf(clause.confidence);

const frequencyRank = ({ cause, clause }: ClauseMatch): number => FREQUENCIES.indexOf(frequencyOf(cause, clause));

function frequencyOf(cause: ClauseMatch['cause'], clause: ClauseMatch['clause']): Frequency {
  return clause.frequency ?? cause.frequency;
}

/** A cause removes those it outranks, unless they are surer than itself; a merely possible one removes nothing. */
function withoutOutranked(ranked: readonly ClauseMatch[]): readonly ClauseMatch[] {
  return ranked.filter((match) => !ranked.some((other) =>
    other.cause.insteadOf.includes(match.cause.id) && other.clause.confidence !== 'possible' && confidenceRank(other) <= confidenceRank(match)));
}

function withoutMerelyPossible(ranked: readonly ClauseMatch[]): readonly ClauseMatch[] {
  if (ranked[0]?.clause.confidence !== 'certain') return ranked;
  return ranked.filter(({ clause }) => clause.confidence !== 'possible');
}
