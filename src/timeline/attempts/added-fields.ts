import type { FieldName, Fields, FieldValue } from '../../model/fields.js';

/**
 * Adds the values captured by a line to those `known` of its attempt; existing values are overwritten only if
 * `replaces`.
 */
export function addFields(known: Fields, fields: Fields, replaces: boolean): void {
  const mutable = known as Partial<Record<FieldName, FieldValue>>;
  for (const name in fields) {
    const field = name as FieldName;
    const value = fields[field];
    if (value !== undefined && (replaces || mutable[field] === undefined)) mutable[field] = value;
  }
}
