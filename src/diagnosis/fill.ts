import { FACTS } from '../model/facts.js';
import type { FactName, Facts } from '../model/facts.js';
import { parseCommand, parseProse, partsOf } from './parsed-template.js';
import type { Placeholder, ShellContext } from './parsed-template.js';

/** Maximum length of a value in prose; proposal lists are the long ones. */
const PROSE_LIMIT = 240;
/** Longer values are not inserted into commands. */
const COMMAND_LIMIT = 200;

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
  const { texts, placeholders } = parseProse(withoutIncomplete(template, facts));
  const filled = fill(texts, placeholders, ({ name, isQuoted }) => {
    const value = valueOf(facts, name);
    // The substitute for a missing name needs no quotes
    if (value === undefined) return proseFallback(name);
    return isQuoted ? `'${shorten(value, PROSE_LIMIT)}'` : shorten(value, PROSE_LIMIT);
  });
  const sentence = filled.includes('..') ? filled.replace(NAME_BEFORE_STOP, '$1') : filled;
  return sentence.startsWith('the ') && /^'?\{/.test(template) ? `T${sentence.slice(1)}` : sentence;
}

/**
 * Fills values of this tunnel into a POSIX shell command. Values come from untrusted log text, so each is quoted for
 * its position: bare, in single or in double quotes. Anything that could be taken for an option is not inserted.
 */
export function fillCommand(template: string, facts: Facts): string {
  const { texts, placeholders } = parseCommand(withoutIncomplete(template, facts));
  return fill(texts, placeholders, ({ name, context }) => {
    const value = valueOf(facts, name);
    const usable = value !== undefined && value.length <= COMMAND_LIMIT && !value.startsWith('-');
    return quoteFor(context, usable ? value : `<${COMMAND_FALLBACKS[name] ?? name.replaceAll('.', ' ').replaceAll('_', ' ')}>`);
  });
}

function fill(texts: readonly string[], placeholders: readonly Placeholder[], valueFor: (placeholder: Placeholder) => string): string {
  let filled = texts[0] ?? '';
  placeholders.forEach((placeholder, index) => {
    filled += valueFor(placeholder) + texts[index + 1];
  });
  return filled;
}

function withoutIncomplete(template: string, facts: Facts): string {
  const parts = partsOf(template);
  return parts.length === 1 ? template : parts.filter(({ needs }) => needs.every((name) => facts[name] !== undefined)).map(({ text }) => text).join('');
}

function valueOf(facts: Facts, name: FactName): string | undefined {
  const value = facts[name];
  // Control characters would reach the terminal that displays the report.
  return value === undefined ? undefined : String(value).replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

function proseFallback(name: string): string {
  const field = name.replace(/^failure\./, '');
  return PROSE_FALLBACKS[field] ?? FACTS.get(field)?.meaning ?? field;
}

const shorten = (value: string, limit: number): string => (value.length > limit ? `${value.slice(0, limit)}…` : value);

function quoteFor(context: ShellContext, value: string): string {
  if (context === 'bare' && /^[\w@%+=:,./-]+$/.test(value)) return value;
  const inSingleQuotes = value.includes("'") ? value.replaceAll("'", String.raw`'\''`) : value;
  if (context === 'single') return inSingleQuotes;
  return context === 'double' ? `"'${inSingleQuotes}'"` : `'${inSingleQuotes}'`;
}
