import type { DaemonMessage } from '../model/daemon-message.js';
import type { Event } from '../model/event.js';
import type { FieldName, Fields, FieldValue } from '../model/fields.js';
import { isNumeric } from './compile.js';
import type { Walker } from './match.js';
import type { Leaf } from './trie.js';

/** The event that `walker` has just found in a message. */
export function readEvent(message: DaemonMessage, leaf: Leaf, walker: Walker): Event {
  const { event, id } = leaf.signature;
  return { kind: event, fields: readFields(leaf, walker), signature: id, message };
}

/** Captured values, numbers as numbers, and then what the signature sets. Empty captures are left out. */
export function readFields(leaf: Leaf, walker: Walker): Fields {
  const fields: Partial<Record<FieldName, FieldValue>> = {};
  for (let index = 0; index < leaf.fields.length; index += 1) {
    const field = leaf.fields[index] as FieldName;
    const text = walker.capture(index);
    if (text !== '') fields[field] = isNumeric(field) ? Number(text) : text;
  }
  const { set } = leaf.signature;
  for (const field in set) fields[field as FieldName] = set[field as FieldName] as FieldValue;
  return fields;
}
