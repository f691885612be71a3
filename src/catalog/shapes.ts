import { z } from 'zod';
import { CONFIDENCES, FREQUENCIES, OPERATORS, SIDES } from '../model/cause.js';
import type { Condition } from '../model/cause.js';
import { DAEMONS } from '../model/daemons.js';
import type { Daemon } from '../model/daemons.js';
import { EVENT_KINDS } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';
import { FACTS } from '../model/facts.js';
import type { FactName } from '../model/facts.js';
import { FIELDS } from '../model/fields.js';
import type { FieldName } from '../model/fields.js';
import { ROUTEROS } from '../model/programs.js';
import type { Fault } from './faults.js';
import type { JsonPath } from './locate.js';
import { nearestName } from './nearest-name.js';
import type { RuleFolder } from './read-files.js';

/** Longest list of allowed values printed in full. */
const SHORT_LIST = 10;

const text = z.string().min(1);
const note = z.string().describe('For people who read the file; the program ignores it').optional();
const eventKind = z.enum(keysOf<EventKind>(EVENT_KINDS)).describe('What happened; the kinds are listed in src/model/event-kinds');
const daemonOrAny = z.enum([...keysOf<Daemon>(DAEMONS), 'any']);
const fieldValues = z.partialRecord(z.enum(keysOf<FieldName>(FIELDS)), z.union([z.string(), z.number()]));

const signatureExample = z.strictObject({
  message: text.describe('A message of the daemon without time, host, program, thread and connection'),
  fields: fieldValues.describe('Written by "rules test --update"'),
});

const signature = z.strictObject({
  event: eventKind,
  templates: z.array(text).min(1).describe('Wordings: literal text, {field}, {?optional text}, {_} to skip, {{ for a brace'),
  set: fieldValues.describe('Fields that the wording implies without printing them').default({}),
  note,
  examples: z.array(signatureExample).min(1),
});

/** A file `rules/signatures/<daemon>/<topic>.json`. */
export const SIGNATURE_FILE = z.strictObject({
  $schema: z.string().optional(),
  upstream: z.strictObject({ project: text, path: text }).describe('Where the daemon prints these messages').optional(),
  note,
  signatures: z.array(signature).min(1),
});

const factValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
const factTest = z.strictObject({
  fact: z.enum([...FACTS.keys()] as [FactName, ...FactName[]]).describe('A fact of src/model/facts.ts'),
  operator: z.enum(OPERATORS).describe('False if the fact is missing, except "exists": false'),
  value: factValue,
});
const condition: z.ZodType<Condition> = z.union([
  z.strictObject({ get all() { return z.array(condition).min(1); } }),
  z.strictObject({ get any() { return z.array(condition).min(1); } }),
  z.strictObject({ get not() { return condition; } }),
  factTest,
]).meta({ id: 'condition' });

const side = z.enum(SIDES).describe('Where the fault is');
const fault = z.array(side).min(1).describe('Useful only if the fault is on one of these sides').optional();

const remedy = z.strictObject({
  side: z.enum(['here', 'peer', 'between']).describe('Where to do it'),
  for: z.enum([...keysOf<Daemon>(DAEMONS), ROUTEROS, 'any']),
  fault,
  initiates: z.literal(true).describe('The command makes this gateway initiate; it is omitted if the connection accepts peers from any address').optional(),
  do: text.describe('One sentence that starts with a verb'),
  command: text.describe('A complete command for a root shell on that side').optional(),
  readsPeerLog: z.literal(true).describe("It only sends the reader to the peer's log: if the peer's product is known, how to read its log is shown instead").optional(),
});

/** When a peer may have logged a text. */
const spoken = {
  version: z.enum(['ikev1', 'ikev2']).describe('The IKE version that the wording belongs to').optional(),
  role: z.enum(['initiator', 'responder']).describe('The role in which the peer logs it').optional(),
  method: z.enum(['psk', 'certificate', 'eap']).describe('The wording is possible only if this side authenticates itself in this way').optional(),
};

const askPeer = z.strictObject({
  for: daemonOrAny,
  fault,
  ...spoken,
  silent: z.literal(true).describe('The peer logs it and does not answer: skipped if the failure is its answer').optional(),
  grep: text.describe("Fixed text to look for in the peer's log"),
  means: text.describe('What its presence means'),
});

const clause = z.strictObject({
  on: z.array(eventKind).min(1).describe('Kinds of the first failure that this clause explains'),
  conditions: condition.optional(),
  confidence: z.enum(CONFIDENCES),
  side: side.optional(),
  frequency: z.enum(FREQUENCIES).optional(),
  explanation: text.optional(),
  remedies: z.array(remedy).min(1).describe("Replaces the cause's own, if this clause requires other steps").optional(),
  askPeer: z.array(askPeer).describe("Replaces the cause's own, if the peer words it differently").optional(),
});

const causeExample = z.strictObject({ name: text, log: z.array(text).min(1) });

/** A file `rules/causes/<area>/<name>.json`. */
export const CAUSE_FILE = z.strictObject({
  $schema: z.string().optional(),
  note,
  title: text,
  side,
  frequency: z.enum(FREQUENCIES).describe('How often this cause is behind an ambiguous failure in practice').default('occasional'),
  explanation: text.describe('What is wrong, and on which side; {placeholders} are facts'),
  when: z.array(clause).min(1),
  excludedBy: condition.describe('What shows that this is not the cause, whichever clause applies').optional(),
  insteadOf: z.array(text).describe('Ids of causes that this one removes if it outranks them').default([]),
  remedies: z.array(remedy).min(1),
  askPeer: z.array(askPeer).default([]),
  references: z.array(z.url({ protocol: /^https$/ })).default([]),
  examples: z.strictObject({
    fires: z.array(causeExample).min(1).describe('This cause is the best finding of exactly one attempt'),
    silent: z.array(causeExample).min(1).describe('This cause is in no finding'),
  }),
});

const productLog = z.strictObject({
  version: spoken.version,
  do: text.describe('One sentence that starts with a verb; {placeholders} are facts'),
  command: text.describe("Complete commands for the product's own command line, one per line").optional(),
});

const productText = z.strictObject({
  causes: z.array(text).min(1).describe('Ids of the causes that it is evidence of'),
  ...spoken,
  grep: text.describe("Fixed text in the product's log, in the wording of its vendor's documents"),
  means: text.describe('What its presence means'),
});

/** A file `rules/products/<name>.json`. */
export const PRODUCT_FILE = z.strictObject({
  $schema: z.string().optional(),
  note,
  title: text,
  is: text.describe('Completes a sentence that begins with an address, such as "is a FortiGate"'),
  vendorIds: z.array(z.string().regex(/^[0-9a-f.]{8,}\*?$/)).describe('Vendor IDs that nobody else sends, in hex digits: "." any digit, "*" any rest').default([]),
  names: z.array(text).describe('What daemons that know these vendor IDs call them in their logs, or how those names begin').default([]),
  daemon: z.enum(keysOf<Daemon>(DAEMONS)).describe('The daemon whose messages its log contains').optional(),
  shell: z.literal(true).describe("Its host has a Linux root shell, so the causes' commands for the peer work there").optional(),
  capture: text.describe('Shows the IKE and ESP packets of this gateway, on its own command line; values are filled in as in the commands of causes').optional(),
  logs: z.array(productLog).min(1).describe('Where its log of an attempt is; the first that fits is shown'),
  texts: z.array(productText).default([]),
  references: z.array(z.url({ protocol: /^https$/ })).describe("The vendor's documents").default([]),
  examples: z.array(causeExample).describe('Logs in which exactly one failed attempt has this product as its peer').default([]),
});

const SHAPES: Readonly<Record<RuleFolder, z.ZodType>> = { signatures: SIGNATURE_FILE, causes: CAUSE_FILE, products: PRODUCT_FILE };

const HELP = 'The schema of the file says what belongs there; editors show it when "$schema" is set.';

/** Checks the shape of a parsed file. For unions of conditions, errors of the closest alternative are reported. */
export function checkShape(kind: RuleFolder, value: unknown): Fault[] {
  const result = SHAPES[kind].safeParse(value);
  const errors = result.success ? [] : result.error.issues.flatMap((issue) => errorsOf(issue, [], value));
  return errors.map(({ path, message }) => ({ check: 'shape', path, message: path.length === 0 ? message : `${message} (${path.map(String).join('.')})`, help: HELP }));
}

function errorsOf(issue: z.core.$ZodIssue, prefix: JsonPath, value: unknown): Pick<Fault, 'path' | 'message'>[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, path.at(-1)) }));
  if (issue.code === 'too_small' && issue.minimum === 1) return [{ path, message: issue.origin === 'array' ? 'Expected at least one, got an empty list' : 'Expected a text, got an empty one' }];
  if (issue.code === 'invalid_value') return [{ path, message: invalidValue(issue.values.map(String), valueAt(value, path)) }];
  if (issue.code === 'invalid_format' && issue.format === 'url') return [{ path, message: 'Expected an address that begins with https://' }];
  if (issue.code === 'invalid_type') return [{ path, message: wrongType(issue.expected, valueAt(value, path)) }];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ path, message: issue.message }];
  const closest = [...issue.errors].sort((one, other) => distance(one) - distance(other))[0] ?? [];
  return closest.flatMap((inner) => errorsOf(inner, path, value));
}

/** The names of JSON's types for people; short values are shown as they are. */
function wrongType(expected: string, got: unknown): string {
  if (got === undefined) return 'Missing value';
  const shown = Array.isArray(got) ? 'a list' : typeof got === 'object' && got !== null ? 'an object' : JSON.stringify(got);
  return `Expected ${TYPES[expected] ?? expected}, got ${shown}`;
}

const TYPES: Readonly<Record<string, string>> = { array: 'a list', object: 'an object', string: 'a text', number: 'a number', boolean: 'true or false' };

/** `place`: the key of the containing object; `set` and `fields` contain field names. */
const unknownKey = (key: string, place: PropertyKey | undefined): string => `Unknown key ${place === 'set' || place === 'fields' ? meant(key, keysOf<FieldName>(FIELDS)) : `"${key}"`}`;

/** Lists short enumerations in full; for long ones, suggests the nearest value. */
function invalidValue(values: readonly string[], got: unknown): string {
  if (got === undefined) return 'Missing value';
  return `Unknown value ${values.length <= SHORT_LIST ? `${JSON.stringify(got)}, expected one of ${values.join(', ')}` : meant(String(got), values)}`;
}

const meant = (got: string, names: readonly string[]): string => `"${got}", did you mean "${nearestName(names, got)}"?`;

function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce((inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
}

/** Alternatives that lack a key entirely are further off than those with an error deeper inside. */
function distance(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.path.length === 0 ? 10 : issue.path.length === 1 ? 3 : 1), 0);
}

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): [Key, ...Key[]] {
  return Object.keys(table) as [Key, ...Key[]];
}
