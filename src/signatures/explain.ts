import type { Signature } from '../model/signature.js';
import { Walker } from './match.js';
import { expandOptionals, parseTemplate } from './template.js';
import { emptyNode, insert } from './trie.js';

/** A template that a message nearly follows. */
export interface NearTemplate {
  readonly signature: string;
  readonly file: string;
  readonly template: string;
  /** Characters of the message that the template accounts for. */
  readonly matched: number;
}

const MOST_TEMPLATES = 3;

/**
 * The templates that get furthest with a text, best first; for people who wonder why a message is not understood. Tries each
 * template by itself, so it takes as long as thousands of matches.
 */
export function nearestTemplates(signatures: readonly Signature[], text: string): NearTemplate[] {
  const walker = new Walker();
  return signatures
    .flatMap(({ id, file, templates }) => templates.map((template) => ({ signature: id, file, template, matched: reach(walker, template, text) })))
    .filter(({ matched }) => matched > 0)
    .sort((one, other) => other.matched - one.matched || (one.template < other.template ? -1 : 1))
    .slice(0, MOST_TEMPLATES);
}

function reach(walker: Walker, template: string, text: string): number {
  const segments = parseTemplate(template);
  if ('check' in segments) return 0;
  const root = emptyNode();
  for (const steps of expandOptionals(segments)) insert(root, steps);
  walker.find(root, text);
  return walker.furthest;
}
