import { FIELDS } from '../model/fields.js';
import type { CaptureType, FieldName } from '../model/fields.js';

/** A part of a template. `skip` matches text without capturing it. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'optional'; readonly text: string }
  | { readonly kind: 'capture'; readonly field: FieldName; readonly type: CaptureType }
  | { readonly kind: 'skip' };

/** A part of a reading: a template with each optional literal either included or omitted. */
export type Step = Exclude<Segment, { kind: 'optional' }>;

/** Why a template is invalid: the failed check, and what is wrong. */
export interface TemplateFault {
  readonly check: 'template-syntax' | 'unknown-field';
  readonly message: string;
}

/** Each optional literal doubles the number of readings. */
const MAX_OPTIONALS = 3;

/**
 * Parses the template language: literal text, `{field}` captures, `{?text}` optional literal text (at most three),
 * `{_}` skips to the next literal or to the end, `{{` is a brace. Blanks at both ends are ignored.
 */
export function parseTemplate(template: string): Segment[] | TemplateFault {
  const segments: Segment[] = [];
  const text = template.trim();
  let literal = '';
  let at = 0;
  for (let open = text.indexOf('{'); open >= 0; open = text.indexOf('{', at)) {
    literal += text.slice(at, open);
    at = open + 2;
    if (text[open + 1] === '{') {
      literal += '{';
      continue;
    }
    const close = text.indexOf('}', open);
    if (close < 0) return syntaxFault(`Expected "}" after "${text.slice(open)}"; a literal brace is written "{{"`);
    const segment = readBraces(text.slice(open + 1, close));
    if ('check' in segment) return segment;
    if (literal !== '') segments.push({ kind: 'literal', text: literal });
    segments.push(segment);
    literal = '';
    at = close + 1;
  }
  literal += text.slice(at);
  if (literal !== '') segments.push({ kind: 'literal', text: literal });
  return tooManyOptionals(segments) ?? segments;
}

/**
 * All readings of a template: each optional literal once included and once omitted; runs of blanks also as a single
 * blank, because web pages collapse them. Adjacent literals are merged.
 */
export function expandOptionals(segments: readonly Segment[]): Step[][] {
  const readings = segments.some(({ kind }) => kind === 'optional') ? readOptionals(segments) : [segments as Step[]];
  return segments.some(hasBlanks) ? readings.flatMap((reading) => [reading, reading.map(squeezed)]) : readings;
}

function readOptionals(segments: readonly Segment[]): Step[][] {
  let readings: Step[][] = [[]];
  for (const segment of segments) {
    if (segment.kind === 'optional') {
      readings = readings.flatMap((reading) => [appended(reading, { kind: 'literal', text: segment.text }), reading]);
    } else {
      readings = readings.map((reading) => appended(reading, segment));
    }
  }
  return readings;
}

function hasBlanks(segment: Segment): boolean {
  return 'text' in segment && segment.text.includes('  ');
}

function squeezed(step: Step): Step {
  return step.kind === 'literal' ? { kind: 'literal', text: squeezeBlanks(step.text) } : step;
}

/** Collapses runs of blanks. */
export function squeezeBlanks(text: string): string {
  return text.replace(/ {2,}/g, ' ');
}

function readBraces(content: string): Segment | TemplateFault {
  if (content === '_') return { kind: 'skip' };
  if (content.startsWith('?')) {
    return content.length > 1 ? { kind: 'optional', text: content.slice(1) } : syntaxFault('Expected text after "{?"');
  }
  if (!isFieldName(content)) return { check: 'unknown-field', message: `Unknown field "${content}"` };
  return { kind: 'capture', field: content, type: FIELDS[content].type };
}

function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}

function appended(reading: readonly Step[], step: Step): Step[] {
  const last = reading.at(-1);
  if (last?.kind !== 'literal' || step.kind !== 'literal') return [...reading, step];
  return [...reading.slice(0, -1), { kind: 'literal', text: last.text + step.text }];
}

function tooManyOptionals(segments: readonly Segment[]): TemplateFault | null {
  const count = segments.filter(({ kind }) => kind === 'optional').length;
  return count > MAX_OPTIONALS ? syntaxFault(`Expected at most ${MAX_OPTIONALS} optional literals, got ${count}`) : null;
}

function syntaxFault(message: string): TemplateFault {
  return { check: 'template-syntax', message };
}
