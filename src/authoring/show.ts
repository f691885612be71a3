import type { Catalog } from '../catalog/load.js';
import type { AskPeer, Cause, CauseClause, Condition, Example, Remedy } from '../model/cause.js';
import { EVENT_KINDS, describeKind } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';
import { FACTS } from '../model/facts.js';
import { productRule } from '../model/product.js';
import type { Product, ProductText } from '../model/product.js';
import type { Signature } from '../model/signature.js';

const SIDES = { here: 'here', peer: 'at the peer', between: 'in between', unknown: 'on a side this log cannot tell' } as const;
const OPERATORS = {
  equal: 'is',
  notEqual: 'is known and is not',
  in: 'is one of',
  notIn: 'is known and is none of',
  contains: 'contains',
  lacks: 'is known and does not contain',
  atLeast: 'is at least',
  atMost: 'is at most',
} as const;

/** Describes a cause, a product, a signature, a signature file or an event kind in prose; null if the id is unknown. */
export function showRule(catalog: Catalog, id: string): string | null {
  if (Object.hasOwn(EVENT_KINDS, id)) return `${kindLines(id as EventKind, catalog).join('\n')}\n`;
  const cause = catalog.causes.find((candidate) => candidate.id === id);
  if (cause) return `${causeLines(cause, catalog.signatures).join('\n')}\n`;
  const product = catalog.products.find((candidate) => productRule(candidate.id) === id);
  if (product) return `${productLines(product).join('\n')}\n`;
  const signatures = catalog.signatures.filter((signature) => signature.id === id || signature.id.startsWith(`${id}#`));
  return signatures.length > 0 ? `${signatures.map((signature) => signatureLines(signature).join('\n')).join('\n\n')}\n` : null;
}

function causeLines(cause: Cause, signatures: readonly Signature[]): string[] {
  return [
    cause.id,
    cause.title,
    `The fault is ${SIDES[cause.side]}; ${cause.frequency} in practice.`,
    '',
    cause.explanation,
    ...cause.when.flatMap((clause) => ['', ...clauseLines(clause, signatures)]),
    ...section('Excluded by', cause.excludedBy === undefined ? [] : conditionLines(cause.excludedBy, '')),
    ...section('Outranks', cause.insteadOf),
    ...section('What to do', cause.remedies.flatMap(remedyLines)),
    ...section("What to look for in the peer's log", cause.askPeer.map(askLine)),
    ...section('Read on', cause.references),
    ...section('Fires in', cause.examples.fires.flatMap(exampleLines)),
    ...section('Stays silent in', cause.examples.silent.flatMap(exampleLines)),
  ];
}

function productLines({ id, title, vendorIds, names, daemon, logs, capture, texts, references, examples }: Product): string[] {
  return [
    productRule(id),
    title,
    ...section('Recognised by vendor IDs', vendorIds),
    ...section('Called by daemons', names),
    ...section('Its log', [...logs.flatMap(({ version, do: step, command }) => [`${version === undefined ? '' : `${version}: `}${step}`, ...(command?.split('\n') ?? []).map((line) => `  ${line}`)]), ...(daemon === null ? [] : [`It has the messages of ${daemon}.`])]),
    ...section('A capture there', capture === undefined ? [] : [capture]),
    ...section('What to look for in it', texts.map(textLine)),
    ...section('Read on', references),
    ...section('Recognised in', examples.flatMap(exampleLines)),
  ];
}

function textLine({ causes, version, role, grep, means }: ProductText): string {
  const limits = [version, role === undefined ? undefined : `of the ${role}`].filter((limit) => limit !== undefined);
  return `"${grep}"${limits.length === 0 ? '' : ` (${limits.join(', ')})`}: ${means} [${causes.join(', ')}]`;
}

function kindLines(kind: EventKind, { causes, signatures }: Catalog): string[] {
  const { meaning, role } = describeKind(kind);
  const triggered = causes.flatMap(({ id, when }) => {
    const own = when.filter(({ on }) => on.includes(kind)).map(({ confidence }) => confidence);
    return own.length > 0 ? [`${id} (${[...new Set(own)].join(', ')})`] : [];
  });
  const reported = signatures.filter(({ event }) => event === kind);
  return [kind, meaning, `Its role: ${role}.`, ...section('Triggers', triggered), ...reported.flatMap(({ id, templates }) => section(id, templates))];
}

function clauseLines({ on, conditions, confidence, side, explanation, remedies, askPeer }: CauseClause, signatures: readonly Signature[]): string[] {
  return [
    `Recognised (${confidence}${side ? `, ${SIDES[side]}` : ''}) when the first failure is`,
    ...on.map((kind) => `  ${kind}: ${describeKind(kind).meaning}${reporters(kind, signatures)}`),
    ...(conditions ? ['and', ...conditionLines(conditions, '  ')] : []),
    ...(explanation ? [`Then: ${explanation}`] : []),
    ...(remedies ?? []).flatMap(remedyLines),
    ...(askPeer ?? []).map(askLine),
  ];
}

function reporters(kind: string, signatures: readonly Signature[]): string {
  const daemons = new Set(signatures.filter(({ event }) => event === kind).map(({ daemon }) => daemon));
  return daemons.size > 0 ? ` [${[...daemons].join(', ')}]` : ' [no signature reports it]';
}

function conditionLines(condition: Condition, indent: string): string[] {
  const deeper = `${indent}  `;
  if ('all' in condition) return [`${indent}all of`, ...condition.all.flatMap((inner) => conditionLines(inner, deeper))];
  if ('any' in condition) return [`${indent}any of`, ...condition.any.flatMap((inner) => conditionLines(inner, deeper))];
  if ('not' in condition) return [`${indent}not`, ...conditionLines(condition.not, deeper)];
  const { fact, operator, value } = condition;
  const meaning = FACTS.get(fact)?.meaning ?? 'unknown fact';
  if (operator === 'exists') return [`${indent}${fact} is ${value === true ? 'known' : 'not known'}  (${meaning})`];
  const shown = Array.isArray(value) ? value.join(', ') : String(value);
  return [`${indent}${fact} ${OPERATORS[operator]} ${shown}  (${meaning})`];
}

function remedyLines(remedy: Remedy): string[] {
  const daemon = remedy.for === 'any' ? '' : `, ${remedy.for}`;
  return [`${SIDES[remedy.side]}${daemon}${faultWords(remedy)}: ${remedy.do}`, ...(remedy.command ? [`  ${remedy.command}`] : [])];
}

function faultWords({ fault }: Pick<Remedy | AskPeer, 'fault'>): string {
  return fault === undefined ? '' : ` (fault ${fault.map((side) => SIDES[side]).join(' or ')})`;
}

function askLine(ask: AskPeer): string {
  return `${ask.for === 'any' ? '' : `${ask.for}: `}"${ask.grep}"${ask.role === undefined ? '' : ` (of the ${ask.role})`}${ask.method === undefined ? '' : ` (with ${ask.method})`}${faultWords(ask)}: ${ask.means}`;
}

function exampleLines({ name, log }: Example): string[] {
  return [`${name}:`, ...log.map((line) => `  ${line}`)];
}

function signatureLines({ id, event, templates, set, examples }: Signature): string[] {
  return [
    id,
    `${event}: ${describeKind(event).meaning}`,
    ...section('Wordings', templates),
    ...section('Sets', Object.entries(set).map(([field, value]) => `${field} = ${value}`)),
    ...section('Examples', examples.flatMap(({ message, fields }) => [message, ...Object.entries(fields).map(([field, value]) => `  ${field} = ${value}`)])),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', `${title}:`, ...lines.map((line) => `  ${line}`)] : [];
}
