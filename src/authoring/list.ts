import type { Catalog } from '../catalog/load.js';
import { DAEMONS } from '../model/daemons.js';
import { EVENT_KINDS, describeKind } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';
import { productRule } from '../model/product.js';
import type { Signature } from '../model/signature.js';

/**
 * Lists causes and products with their titles, by area, and counts messages per daemon (`byTopic`: per signature file);
 * as text.
 */
export function listRules({ causes, signatures, products }: Catalog, byTopic: boolean): string {
  const titles = byArea([...causes.map(({ id, title }): [string, string] => [id, title]), ...products.map(({ id, title }): [string, string] => [productRule(id), title])]);
  const known = countsOf(signatures, byTopic ? topicOf : ({ daemon }) => DAEMONS[daemon].title);
  return [...titles, ...(titles.length > 0 ? ['', `${counted(causes.length, 'cause')}, ${counted(products.length, 'product')}`] : []), ...known, ''].join('\n');
}

/**
 * Lists event kinds that begin with one of the prefixes (all if there are none), with their roles and meanings; as
 * text.
 */
export function listKinds(prefixes: readonly string[]): string {
  const wanted = (Object.keys(EVENT_KINDS) as EventKind[]).filter((kind) => prefixes.length === 0 || prefixes.some((prefix) => kind.startsWith(prefix)));
  return byArea(wanted.map((kind) => [kind, `${describeKind(kind).role.padEnd(9)}  ${describeKind(kind).meaning}`])).join('\n');
}

/** Aligned rows, sorted by id, with an empty line between areas. */
function byArea(rows: readonly (readonly [id: string, text: string])[]): string[] {
  const width = Math.max(0, ...rows.map(([id]) => id.length));
  const sorted = [...rows].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.flatMap(([id, text], index) => {
    const gap = index > 0 && areaOf(id) !== areaOf(sorted[index - 1]![0]) ? [''] : [];
    return [...gap, `${id.padEnd(width)}  ${text}`];
  });
}

function areaOf(id: string): string {
  return id.slice(0, id.search(/[/.]/));
}

const counted = (count: number, what: string): string => (count === 1 ? `1 ${what}` : `${count} ${what}s`);

function countsOf(signatures: readonly Signature[], nameOf: (signature: Signature) => string): string[] {
  const counts = new Map<string, { messages: number; wordings: number }>();
  for (const signature of signatures) {
    const { messages, wordings } = counts.get(nameOf(signature)) ?? { messages: 0, wordings: 0 };
    counts.set(nameOf(signature), { messages: messages + 1, wordings: wordings + signature.templates.length });
  }
  return [...counts].map(([name, { messages, wordings }]) => `${name}: ${wordings} wordings of ${messages} messages`);
}

/** Extracts `charon/ike-auth` from `charon/ike-auth#auth.psk_missing`. */
function topicOf({ id }: Signature): string {
  return id.slice(0, id.indexOf('#'));
}
