import type { Finding } from './report.js';

/** The parts of a finding that contain values of a tunnel. */
type Words = Pick<Finding, 'explanation' | 'remedies' | 'askPeer'>;

/**
 * A finding whose texts are generated on first access and cached: of many connections with the same failure, only one
 * is explained.
 */
export function lazyFinding(known: Omit<Finding, keyof Words>, words: { readonly [Part in keyof Words]: () => Words[Part] }): Finding {
  const { cause, confidence, side, title, references } = known;
  const [explanation, remedies, askPeer] = [once(words.explanation), once(words.remedies), once(words.askPeer)];
  return {
    cause,
    confidence,
    side,
    title,
    get explanation() {
      return explanation();
    },
    get remedies() {
      return remedies();
    },
    get askPeer() {
      return askPeer();
    },
    references,
  };
}

type Rewording = { readonly [Part in keyof Words]?: (words: Words[Part]) => Words[Part] } & Partial<Pick<Finding, 'title' | 'confidence'>>;

/** The finding with another title or confidence, and with texts that are changed on access. */
export function reworded(finding: Finding, change: Rewording): Finding {
  const { cause, confidence, side, title, references } = finding;
  return lazyFinding(
    { cause, confidence: change.confidence ?? confidence, side, title: change.title ?? title, references },
    {
      explanation: () => change.explanation?.(finding.explanation) ?? finding.explanation,
      remedies: () => change.remedies?.(finding.remedies) ?? finding.remedies,
      askPeer: () => change.askPeer?.(finding.askPeer) ?? finding.askPeer,
    },
  );
}

/** Calls `make` on first access and caches its value. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
