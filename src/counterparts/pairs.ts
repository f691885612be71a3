import type { Attempt } from '../model/attempt.js';
import { groupBy } from '../model/group-by.js';
import { fitOf, localOf, peerOf } from './ends.js';
import type { Logs } from './ends.js';

/** Two attempts logged by two gateways that may be the same one. */
export interface Pair {
  readonly here: Attempt;
  readonly there: Attempt;
}

/** `sure`: both ends match. */
type Candidate = Pair & { readonly sure: boolean };

/** Limit on attempts examined per address; with more, they cannot be told apart. */
const MOST_ALIKE = 64;

/**
 * Pairs of attempts whose ends match, in both directions. Each attempt searches at its peer's address; a gateway with
 * very many clients is not searched, but each client's attempt is found from the gateway's side.
 */
export function findPairs(attempts: readonly Attempt[], logs: Logs): readonly Pair[] {
  const here = groupBy(attempts, localOf);
  const listening = groupBy(attempts.filter((attempt) => localOf(attempt) === null), ({ connection }) => connection.host);
  for (const [host, group] of listening) for (const address of logs.get(host)?.addresses ?? []) here.set(address, [...(here.get(address) ?? []), ...group]);
  const candidates = attempts.flatMap((attempt): Candidate[] => {
    const alike = here.get(peerOf(attempt)) ?? [];
    return peerOf(attempt) === null || alike.length > MOST_ALIKE ? [] : alike.flatMap((there) => candidatesOf(attempt, there, logs));
  });
  return unambiguous(bothWays(candidates));
}

function candidatesOf(here: Attempt, there: Attempt, logs: Logs): Candidate[] {
  const fit = here.connection.host === there.connection.host ? 'none' : fitOf(here, there, logs);
  return fit === 'none' ? [] : [{ here, there, sure: fit === 'both ends' }];
}

function bothWays(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = groupBy(candidates, ({ here }) => here);
  const isSeen = ({ here, there }: Candidate): boolean => seen.get(there)?.some((other) => other.there === here) === true;
  const turned = candidates.filter((candidate) => !isSeen(candidate)).map(({ here, there, sure }) => ({ here: there, there: here, sure }));
  return [...candidates, ...turned];
}

/** If only one end is known, the match counts only if no other gateway fits as well. */
function unambiguous(candidates: readonly Candidate[]): readonly Candidate[] {
  const groups = [...groupBy(candidates, ({ here }) => here)];
  const gateways = new Map(groups.map(([here, group]) => [here, new Set(group.map(({ there }) => there.connection.host)).size]));
  return candidates.filter(({ here, there, sure }) => sure || (gateways.get(here) === 1 && gateways.get(there) === 1));
}
