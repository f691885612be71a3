import type { Cause } from '../model/cause.js';
import type { Problem } from '../model/problem.js';
import type { Product } from '../model/product.js';
import { placeholderFaults, problemOf } from './faults.js';
import type { Fault } from './faults.js';
import type { JsonPath } from './locate.js';
import type { RuleFile } from './read-files.js';

/** Checks what the schema of a product file cannot express: that causes exist, and that no two products share a sign. */
export function checkProducts(products: readonly Product[], causes: readonly Cause[], files: ReadonlyMap<string, RuleFile>): Problem[] {
  const ids = new Set(causes.map(({ id }) => id));
  return products.flatMap((product, index) => faultsOf(product, ids, products.slice(0, index)).map((fault) => problemOf(fault, files.get(product.id))));
}

function faultsOf(product: Product, causes: ReadonlySet<string>, earlier: readonly Product[]): Fault[] {
  const { logs, texts, vendorIds, names, references, examples } = product;
  return [
    ...texts.flatMap((text, index) => text.causes.flatMap((id, at) => (causes.has(id) ? [] : [unknownCause(id, ['texts', index, 'causes', at])]))),
    ...logs.flatMap(({ do: step }, index) => placeholderFaults(step, ['logs', index, 'do'])),
    ...vendorIds.flatMap((id, index) => earlier.flatMap((other) => (other.vendorIds.some((known) => overlap(id, known)) ? [shared(id, other, ['vendorIds', index])] : []))),
    ...names.flatMap((name, index) => earlier.flatMap((other) => (other.names.some((known) => known.startsWith(name) || name.startsWith(known)) ? [shared(name, other, ['names', index])] : []))),
    ...(texts.length > 0 && references.length === 0 ? [{ check: 'no-reference', path: ['texts'], message: 'Expected a reference for the texts', help: "Name the vendor's document, or the public source, that has them." }] : []),
    ...(vendorIds.length + names.length > 0 && examples.length === 0 ? [{ check: 'no-example', path: ['vendorIds'], message: 'Expected an example in which the product is recognised', help: 'Write the lines of an attempt that fails, with a vendor ID of the peer.' }] : []),
  ];
}

/** Is there a vendor ID that fits both? */
function overlap(one: string, other: string): boolean {
  const [first, second] = [one.replace('*', ''), other.replace('*', '')];
  const length = Math.min(first.length, second.length);
  for (let at = 0; at < length; at += 1) if (first[at] !== second[at] && first[at] !== '.' && second[at] !== '.') return false;
  if (first.length === second.length) return true;
  return first.length < second.length ? one.endsWith('*') : other.endsWith('*');
}

function unknownCause(id: string, path: JsonPath): Fault {
  return { check: 'unknown-cause', path, message: `Unknown cause "${id}"`, help: 'Write the path of a cause file below rules/causes, without ".json".' };
}

function shared(sign: string, { id }: Product, path: JsonPath): Fault {
  return { check: 'shared-sign', path, message: `Expected a sign of this product only, but "${sign}" may also be one of ${id}`, help: 'What two products send proves neither: leave it out, or make them one product.' };
}
