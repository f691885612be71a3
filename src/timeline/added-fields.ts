import type { FieldName, Fields, FieldValue } from '../model/fields.js';

/** Adds what a line captured to what is `known` of its attempt; a later value takes the place of an earlier one if it `replaces` them. */
export function addFields(known: Fields, fields: Fields, replaces: boolean): void {
  const mutable = known as Partial<Record<FieldName, FieldValue>>;
  for (const name in fields) {
    const field = name as FieldName;
    const value = fields[field];
    if (value !== undefined && (replaces || mutable[field] === undefined)) mutable[field] = value;
  }
}
