import type { Operator } from '../model/cause.js';
import type { FactValue } from '../model/facts.js';

type Evaluate = (fact: FactValue | undefined, value: FactValue) => boolean;

/**
 * The operators of conditions. Nothing is coerced: a fact whose type differs from the value's compares as false, and a
 * missing fact makes every operator false except `exists: false`, so that a cause never fires on what the log did not
 * state. `contains` and `lacks` test for a list item or a substring.
 */
export const OPERATOR_FUNCTIONS: Readonly<Record<Operator, Evaluate>> = {
  equal: (fact, value) => fact !== undefined && fact === value,
  notEqual: (fact, value) => fact !== undefined && typeof fact === typeof value && fact !== value,
  in: (fact, value) => Array.isArray(value) && value.includes(fact),
  notIn: (fact, value) => fact !== undefined && Array.isArray(value) && !value.includes(fact),
  contains: (fact, value) => holds(fact, value) === true,
  lacks: (fact, value) => holds(fact, value) === false,
  atLeast: (fact, value) => typeof fact === 'number' && typeof value === 'number' && fact >= value,
  atMost: (fact, value) => typeof fact === 'number' && typeof value === 'number' && fact <= value,
  exists: (fact, value) => (fact !== undefined) === value,
};

/** Undefined if the test does not apply: a missing fact, a number. */
function holds(fact: FactValue | undefined, value: FactValue): boolean | undefined {
  if (Array.isArray(fact)) return fact.includes(value);
  if (typeof fact === 'string' && typeof value === 'string') return fact.includes(value);
  return undefined;
}
