import type { Signature } from '../model/signature.js';
import { Walker } from './match.js';
import { expandOptionals, parseTemplate } from './template.js';
import { emptyNode, insert } from './trie.js';

/** A template that nearly matches a message. */
export interface NearTemplate {
  readonly signature: string;
  readonly file: string;
  readonly template: string;
  /** Number of characters that the template accounts for. */
  readonly matched: number;
}

const MOST_TEMPLATES = 3;

/**
 * The templates that match a text furthest, best first, to explain why a message is not understood. Slow: tries each
 * template separately.
 */
export function nearestTemplates(signatures: readonly Signature[], text: string): NearTemplate[] {
  const walker = new Walker();
  return signatures
    .flatMap(({ id, file, templates }) => templates.map((template) => ({ signature: id, file, template, ...reach(walker, template, text) })))
    .filter(({ matched }) => matched > 0)
    .sort((one, other) => other.likeness - one.likeness || (one.template < other.template ? -1 : 1))
    .slice(0, MOST_TEMPLATES)
    .map(({ signature, file, template, matched }) => ({ signature, file, template, matched }));
}

/**
 * Progress through captures that accept anything does not count: likeness is limited to the template's literal text.
 */
function reach(walker: Walker, template: string, text: string): { matched: number; likeness: number } {
  const segments = parseTemplate(template);
  if ('check' in segments) return { matched: 0, likeness: 0 };
  const root = emptyNode();
  for (const steps of expandOptionals(segments)) insert(root, steps);
  walker.find(root, text);
  const literal = segments.reduce((sum, segment) => sum + ('text' in segment ? segment.text.length : 0), 0);
  return { matched: walker.furthest, likeness: Math.min(walker.furthest, literal) };
}
