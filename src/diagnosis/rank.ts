import { CONFIDENCES, FREQUENCIES } from '../model/cause.js';
import type { Confidence, Frequency } from '../model/cause.js';
import type { ClauseMatch } from './engine.js';

/**
 * One match per cause, best first: certain, likely, possible. Among equal confidences, more specific conditions lead;
 * among the merely possible, which the log cannot tell apart, the more frequent cause. The id breaks ties. Causes
 * outranked by another (`insteadOf`) are dropped, and with a certain cause all possible ones.
 */
export function rankMatches(matches: readonly ClauseMatch[]): readonly ClauseMatch[] {
  const best = new Map<string, ClauseMatch>();
  for (const match of [...matches].sort(compareMatches)) {
    if (!best.has(match.cause.id)) best.set(match.cause.id, match);
  }
  return withoutMerelyPossible(withoutOutranked([...best.values()]));
}

/**
 * Lowers the confidence of a finding whose line may belong to another attempt. `doubts` counts the reasons: it was
 * attributed by adjacency only, and other connections match as well.
 */
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

/**
 * Drops causes that another one outranks, unless they have a higher confidence; a merely possible cause outranks
 * nothing.
 */
function withoutOutranked(ranked: readonly ClauseMatch[]): readonly ClauseMatch[] {
  return ranked.filter((match) => !ranked.some((other) =>
    other.cause.insteadOf.includes(match.cause.id) && other.clause.confidence !== 'possible' && confidenceRank(other) <= confidenceRank(match)));
}

function withoutMerelyPossible(ranked: readonly ClauseMatch[]): readonly ClauseMatch[] {
  if (ranked[0]?.clause.confidence !== 'certain') return ranked;
  return ranked.filter(({ clause }) => clause.confidence !== 'possible');
}
