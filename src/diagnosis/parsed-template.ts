import { FACTS } from '../model/facts.js';
import type { FactName } from '../model/facts.js';

/** A place for the value of a fact. */
export interface Placeholder {
  readonly name: FactName;
  /** In prose: the value stands in quotes, which are not part of the texts around it. */
  readonly isQuoted: boolean;
  /** In a command: how the shell reads what stands here. */
  readonly context: ShellContext;
}

export type ShellContext = 'bare' | 'single' | 'double';

/** A template divided at its placeholders: one more text than there are placeholders. */
export interface ParsedTemplate {
  readonly texts: readonly string[];
  readonly placeholders: readonly Placeholder[];
}

/**
 * Part of a template: words that are dropped if a value in them is missing, or, without names, the text between such.
 */
export interface TemplatePart {
  readonly text: string;
  readonly needs: readonly FactName[];
}

const PLACEHOLDER = /\{([a-z][a-z_.]*)\}/g;
const QUOTED_OR_NOT = new RegExp(`'${PLACEHOLDER.source}'|${PLACEHOLDER.source}`, 'g');
const SEGMENT_START = '[[';
/** Excludes character classes such as `[[:space:]]`; a segment itself may begin with a colon. */
const SEGMENT = /\[\[(?!:[a-z]{1,12}:\]\])/;
const SEGMENT_END = ']]';

/** Divides a template for prose, in which a missing value takes its quotes with it. */
export const parseProse = remembered((template) => parse(template, QUOTED_OR_NOT));

/** Divides a template for a command, in which quotes are the shell's. */
export const parseCommand = remembered((template) => parse(template, PLACEHOLDER));

/** Divides a template at the segments marked `[[...]]`. */
export const partsOf = remembered((template): readonly TemplatePart[] => {
  const start = template.search(SEGMENT);
  const end = start < 0 ? -1 : template.indexOf(SEGMENT_END, start);
  if (end < 0) return [{ text: template, needs: [] }];
  const text = template.slice(start + SEGMENT_START.length, end);
  const needs = [...text.matchAll(PLACEHOLDER)].map(([, name]) => name as FactName);
  return [{ text: template.slice(0, start), needs: [] }, { text, needs }, ...partsOf(template.slice(end + SEGMENT_END.length))];
});

function parse(template: string, pattern: RegExp): ParsedTemplate {
  const texts: string[] = [];
  const placeholders: Placeholder[] = [];
  let from = 0;
  for (const { 0: all, 1: one, 2: other, index } of template.matchAll(pattern)) {
    const name = one ?? other ?? '';
    if (!FACTS.has(name)) continue;
    texts.push(template.slice(from, index));
    placeholders.push({ name: name as FactName, isQuoted: all.startsWith("'"), context: shellContext(texts.join('')) });
    from = index + all.length;
  }
  return { texts: [...texts, template.slice(from)], placeholders };
}

function shellContext(before: string): ShellContext {
  let context: ShellContext = 'bare';
  for (const character of before) {
    if (character === "'" && context !== 'double') context = context === 'single' ? 'bare' : 'single';
    if (character === '"' && context !== 'single') context = context === 'double' ? 'bare' : 'double';
  }
  return context;
}

/**
 * Keeps what was made of each template: there are some thousands, in the rules, and each is filled for very many
 * attempts.
 */
function remembered<Made>(make: (template: string) => Made): (template: string) => Made {
  const known = new Map<string, Made>();
  return (template) => {
    let made = known.get(template);
    if (made === undefined) known.set(template, (made = make(template)));
    return made;
  };
}
