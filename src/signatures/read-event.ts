import type { EventKind } from '../model/event-kinds.js';
import type { FieldName, Fields, FieldValue } from '../model/fields.js';
import { isNumeric } from './compile.js';
import type { Walker } from './match.js';
import type { Leaf } from './trie.js';

/** The meaning of a text, independent of its author and time. */
export interface Meaning {
  readonly kind: EventKind;
  readonly fields: Fields;
  /** Id of the signature that matched. */
  readonly signature: string;
}

/** The meaning of the text that `walker` just matched. */
export function readMeaning(leaf: Leaf, walker: Walker): Meaning {
  const { event, id } = leaf.signature;
  return { kind: event, fields: readFields(leaf, walker), signature: id };
}

/**
 * Captured values (numeric fields as numbers), then the values set by the signature. Empty captures are omitted, and
 * so is what C libraries print for a string that does not exist.
 */
export function readFields(leaf: Leaf, walker: Walker): Fields {
  const fields: Partial<Record<FieldName, FieldValue>> = {};
  for (let index = 0; index < leaf.fields.length; index += 1) {
    const field = leaf.fields[index] as FieldName;
    const value = isNumeric(field) ? walker.number(index) : walker.capture(index);
    if (value !== '' && value !== null && value !== '(null)') fields[field] = value;
  }
  const { set } = leaf.signature;
  for (const field in set) fields[field as FieldName] = set[field as FieldName] as FieldValue;
  return fields;
}
