import { FACTS } from '../model/facts.js';
import type { Facts } from '../model/facts.js';

/** Maximum length of a value in prose; proposal lists are the long ones. */
const PROSE_LIMIT = 240;
/** Longer values are not inserted into commands. */
const COMMAND_LIMIT = 200;

const PLACEHOLDERS = /\{([a-z][a-z_.]*)\}/g;
const QUOTED_PLACEHOLDERS = new RegExp(`'${PLACEHOLDERS.source}'`, 'g');
const SEGMENT_START = '[[';
/** Excludes character classes such as `[[:space:]]`; a segment itself may begin with a colon. */
const SEGMENT = /\[\[(?!:[a-z]{1,12}:\]\])/;
const SEGMENT_END = ']]';

/** A DNS name ends with a dot too, which would double the full stop. */
const NAME_BEFORE_STOP = /([\w-]\.)\.(?=\s|$)/g;

/** Words for missing values whose dictionary meaning would read badly. */
const PROSE_FALLBACKS: Readonly<Record<string, string>> = {
  'peer.address': 'the peer',
  'local.address': "this gateway's address",
  'peer.id': 'the peer',
  'local.id': 'this gateway',
  'connection.name': 'this connection',
};

/** Words for the value to be typed, where the fact's name does not say it. */
const COMMAND_FALLBACKS: Readonly<Record<string, string>> = {
  'local.address': 'own address',
  'cert.name': 'file of the certificate',
  'interface.name': 'interface',
  'dns.name': 'record name',
  'ping.source': 'own address inside the tunnel',
  'ping.target': 'address of a host behind the peer',
};

/** Fills values of this tunnel into prose. `[[...]]` marks words that are dropped if a value in them is missing. */
export function fillProse(template: string, facts: Facts): string {
  const filled = fill(unquoteMissing(dropIncomplete(template, facts), facts), (name) => {
    const value = valueOf(facts, name);
    return value === undefined ? proseFallback(name) : shorten(value, PROSE_LIMIT);
  });
  const sentence = filled.replace(NAME_BEFORE_STOP, '$1');
  return /^'?\{/.test(template) && sentence.startsWith('the ') ? `T${sentence.slice(1)}` : sentence;
}

/**
 * Fills values of this tunnel into a POSIX shell command. Values come from untrusted log text, so each is quoted for
 * its position: bare, in single or in double quotes. Anything that could be taken for an option is not inserted.
 */
export function fillCommand(template: string, facts: Facts): string {
  return fill(dropIncomplete(template, facts), (name, before) => {
    const value = valueOf(facts, name);
    const usable = value !== undefined && value.length <= COMMAND_LIMIT && !value.startsWith('-');
    return quoteFor(shellContext(before), usable ? value : `<${COMMAND_FALLBACKS[name] ?? name.replaceAll('.', ' ').replaceAll('_', ' ')}>`);
  });
}

/** Replaces each placeholder; `before` is the template's own text before it. */
function fill(template: string, replace: (name: string, before: string) => string): string {
  let filled = '';
  let before = '';
  for (const [index, part] of template.split(PLACEHOLDERS).entries()) {
    // split() puts the captured names at odd indices
    if (index % 2 === 1) filled += FACTS.has(part) ? replace(part, before) : `{${part}}`;
    else {
      filled += part;
      before += part;
    }
  }
  return filled;
}

function dropIncomplete(template: string, facts: Facts): string {
  const start = template.search(SEGMENT);
  const end = start < 0 ? -1 : template.indexOf(SEGMENT_END, start);
  if (end < 0) return template;
  const segment = template.slice(start + SEGMENT_START.length, end);
  const complete = [...segment.matchAll(PLACEHOLDERS)].every(([, name]) => valueOf(facts, name!) !== undefined);
  return template.slice(0, start) + (complete ? segment : '') + dropIncomplete(template.slice(end + SEGMENT_END.length), facts);
}

/** Removes the quotes around a missing name, because its substitute needs none. */
function unquoteMissing(template: string, facts: Facts): string {
  return template.replace(QUOTED_PLACEHOLDERS, (quoted, name: string) =>
    valueOf(facts, name) === undefined && FACTS.has(name) ? `{${name}}` : quoted);
}

function valueOf(facts: Facts, name: string): string | undefined {
  const value = facts[name as keyof Facts];
  if (value === undefined) return undefined;
  // Control characters would reach the terminal that displays the report.
  return String(value).replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

function proseFallback(name: string): string {
  const field = name.replace(/^failure\./, '');
  return PROSE_FALLBACKS[field] ?? FACTS.get(field)?.meaning ?? field;
}

const shorten = (value: string, limit: number): string => (value.length > limit ? `${value.slice(0, limit)}…` : value);

type ShellContext = 'bare' | 'single' | 'double';

function shellContext(before: string): ShellContext {
  let context: ShellContext = 'bare';
  for (const character of before) {
    if (character === "'" && context !== 'double') context = context === 'single' ? 'bare' : 'single';
    if (character === '"' && context !== 'single') context = context === 'double' ? 'bare' : 'double';
  }
  return context;
}

function quoteFor(context: ShellContext, value: string): string {
  const inSingleQuotes = value.replaceAll("'", String.raw`'\''`);
  if (context === 'single') return inSingleQuotes;
  if (context === 'double') return `"'${inSingleQuotes}'"`;
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${inSingleQuotes}'`;
}
