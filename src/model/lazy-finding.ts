import type { Finding } from './report.js';

/** What of a finding is words with the values of a tunnel. */
type Words = Pick<Finding, 'explanation' | 'remedies' | 'askPeer'>;

/** A finding whose words are made when they are first asked for, and once: of very many connections that fail alike, one is explained. */
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

/** The same finding with another title or confidence, and some of its words changed when they are asked for. */
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

/** Calls `make` when its value is first asked for, and never again. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
