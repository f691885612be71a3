import type { CaptureType } from '../model/fields.js';
import type { Step } from './template.js';

/** A weakness that makes a template miss messages it appears to match, or match messages it should not. */
export interface TemplateWeakness {
  readonly check: 'capture-swallows-literal' | 'adjacent-text' | 'too-little-literal' | 'repeated-field' | 'too-many-captures';
  readonly message: string;
  readonly help: string;
}

const FEWEST_CHARACTERS = 3;
const MOST_CAPTURES = 24;

/** First characters of a following literal that the type's scanner would consume. */
const SWALLOWS: Partial<Record<CaptureType, RegExp>> = {
  port: /^\d/,
  int: /^\d/,
  number: /^\.?\d/,
  hex: /^[0-9a-z]/i,
  ip: /^[0-9a-f]/i,
};

/** Checks one reading of a template (`expandOptionals`). */
export function checkSteps(steps: readonly Step[]): TemplateWeakness[] {
  return [...steps.flatMap((step, index) => checkNeighbour(step, steps[index + 1])), ...checkLiterals(steps), ...checkCaptures(steps)];
}

function checkNeighbour(step: Step, next: Step | undefined): TemplateWeakness[] {
  if (step.kind === 'literal' || next === undefined) return [];
  if (next.kind === 'literal') return checkSwallowing(step, next.text);
  if (step.kind === 'capture' && !['token', 'text', 'rest'].includes(step.type)) return [];
  const name = step.kind === 'skip' ? '{_}' : `{${step.field}}`;
  const message = `Expected literal text between ${name} and what follows it`;
  return [{ check: 'adjacent-text', message, help: 'Put the text that separates the two captures between them.' }];
}

function checkSwallowing(step: Step, literal: string): TemplateWeakness[] {
  if (step.kind !== 'capture') return [];
  if (step.type === 'rest') {
    const message = `Expected nothing behind {${step.field}}, which takes everything up to the end`;
    return [{ check: 'capture-swallows-literal', message, help: 'Use a field of type text, or move the capture to the end.' }];
  }
  if (!SWALLOWS[step.type]?.test(literal)) return [];
  const message = `Expected other text than "${literal}" behind {${step.field}}: a value of type ${step.type} would take "${literal[0]}" for its own`;
  return [{ check: 'capture-swallows-literal', message, help: 'Use a field of type text there, or skip the value with {_}.' }];
}

function checkLiterals(steps: readonly Step[]): TemplateWeakness[] {
  const count = steps.reduce((sum, step) => sum + (step.kind === 'literal' ? step.text.replaceAll(' ', '').length : 0), 0);
  if (count >= FEWEST_CHARACTERS) return [];
  const message = `Expected at least ${FEWEST_CHARACTERS} literal characters, got ${count}`;
  return [{ check: 'too-little-literal', message, help: 'Write out more of the wording; a template of captures claims messages it knows nothing about.' }];
}

function checkCaptures(steps: readonly Step[]): TemplateWeakness[] {
  const fields = steps.flatMap((step) => (step.kind === 'capture' ? [step.field] : []));
  if (fields.length < 2) return [];
  if (fields.length > MOST_CAPTURES) {
    const message = `Expected at most ${MOST_CAPTURES} captures, got ${fields.length}`;
    return [{ check: 'too-many-captures', message, help: 'Skip what no cause needs with {_}.' }];
  }
  const repeated = fields.find((field, index) => fields.indexOf(field) !== index);
  if (repeated === undefined) return [];
  const message = `Duplicate capture {${repeated}}`;
  return [{ check: 'repeated-field', message, help: 'Capture the value once and skip the other place with {_}, or use another field.' }];
}
