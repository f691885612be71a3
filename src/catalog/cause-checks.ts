import type { Cause, CauseClause, Condition, Operator, Remedy, Side } from '../model/cause.js';
import { EVENT_KINDS, describeKind } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';
import { FACTS } from '../model/facts.js';
import type { FactType, FactValue } from '../model/facts.js';
import type { Problem } from '../model/problem.js';
import { placeholderFaults, problemOf } from './faults.js';
import type { Fault } from './faults.js';
import type { JsonPath } from './locate.js';
import type { RuleFile } from './read-files.js';

/** Event roles that can be a first failure. */
const TRIGGERS = new Set(['failure', 'symptom', 'end']);

/**
 * Checks what the schema of a cause file cannot express: that facts, events, placeholders and ids exist and fit
 * together.
 */
export function checkCauses(causes: readonly Cause[], files: ReadonlyMap<string, RuleFile>): Problem[] {
  const ids = new Set(causes.map(({ id }) => id));
  return causes.flatMap((cause) => faultsOf(cause, ids).map((fault) => problemOf(fault, files.get(cause.id))));
}

function faultsOf(cause: Cause, ids: ReadonlySet<string>): Fault[] {
  return [
    ...cause.when.flatMap((clause, index) => [
      ...clause.on.flatMap((kind, at) => checkTrigger(kind, ['when', index, 'on', at])),
      ...(clause.conditions ? checkCondition(clause.conditions, ['when', index, 'conditions']) : []),
      ...placeholderFaults(clause.explanation, ['when', index, 'explanation']),
      ...checkRemedies(clause.remedies ?? [], ['when', index, 'remedies']),
      ...(clause.askPeer ?? []).flatMap((ask, place) => placeholderFaults(ask.means, ['when', index, 'askPeer', place, 'means'])),
      ...checkFits(cause, clause, ['when', index]),
    ]),
    ...(cause.excludedBy ? checkCondition(cause.excludedBy, ['excludedBy']) : []),
    ...placeholderFaults(cause.explanation, ['explanation']),
    ...checkRemedies(cause.remedies, ['remedies']),
    ...cause.askPeer.flatMap((ask, index) => placeholderFaults(ask.means, ['askPeer', index, 'means'])),
    ...cause.insteadOf.flatMap((id, index) => checkId(id, cause.id, ids, ['insteadOf', index])),
  ];
}

/** There must be a remedy for the side on which the fault is. */
function checkFits(cause: Cause, clause: CauseClause, path: JsonPath): Fault[] {
  const side: Side = clause.side ?? cause.side;
  if ((clause.remedies ?? cause.remedies).some(({ fault }) => fault === undefined || fault.includes(side))) return [];
  return [{ check: 'no-remedy', path, message: `Expected a remedy for a fault with side "${side}"`, help: 'Write one whose "fault" has this side, or that has no "fault".' }];
}

function checkTrigger(kind: EventKind, path: JsonPath): Fault[] {
  const help = 'Choose a kind of src/model/event-kinds with the role failure, symptom or end.';
  if (!Object.hasOwn(EVENT_KINDS, kind)) return [{ check: 'unknown-event', path, message: `Unknown event "${kind}"`, help }];
  const { role, lastResort } = describeKind(kind);
  if (TRIGGERS.has(role) || lastResort === true) return [];
  return [{ check: 'trigger-role', path, message: `Expected an event that can be a first failure, got "${kind}" (${role})`, help }];
}

function checkCondition(condition: Condition, path: JsonPath): Fault[] {
  if ('all' in condition) return condition.all.flatMap((inner, index) => checkCondition(inner, [...path, 'all', index]));
  if ('any' in condition) return condition.any.flatMap((inner, index) => checkCondition(inner, [...path, 'any', index]));
  if ('not' in condition) return checkCondition(condition.not, [...path, 'not']);
  const { fact, operator, value } = condition;
  const entry = FACTS.get(fact);
  if (!entry) return [{ check: 'unknown-fact', path: [...path, 'fact'], message: `Unknown fact "${fact}"`, help: 'Choose a fact of src/model/facts.ts or a field of src/model/fields.ts.' }];
  const expected = expectedValue(entry.type, operator);
  if (expected === null) {
    return [{ check: 'operator-type', path: [...path, 'operator'], message: `Unknown operator "${operator}" for "${fact}", which is a ${entry.type}`, help: 'CONTRIBUTING.md lists the operators of each type.' }];
  }
  if (matches(value, expected)) return [];
  return [{ check: 'value-type', path: [...path, 'value'], message: `Expected a ${expected} for "${fact}" ${operator}, got ${JSON.stringify(value)}`, help: 'Write the value in the type of the fact.' }];
}

/** The type that `operator` compares such a fact with; null if it does not apply. */
function expectedValue(type: FactType, operator: Operator): FactType | null {
  if (operator === 'exists') return 'boolean';
  if (operator === 'contains' || operator === 'lacks') return type === 'list' || type === 'string' ? 'string' : null;
  if (operator === 'in' || operator === 'notIn') return type === 'string' ? 'list' : null;
  if (operator === 'atLeast' || operator === 'atMost') return type === 'number' ? 'number' : null;
  return type === 'list' ? null : type;
}

function matches(value: FactValue, type: FactType): boolean {
  return type === 'list' ? Array.isArray(value) : typeof value === type;
}

function checkRemedies(remedies: readonly Remedy[], path: JsonPath): Fault[] {
  return remedies.flatMap((remedy, index) => [
    ...placeholderFaults(remedy.do, [...path, index, 'do']),
    ...placeholderFaults(remedy.command, [...path, index, 'command']),
  ]);
}

function checkId(id: string, own: string, ids: ReadonlySet<string>, path: JsonPath): Fault[] {
  if (id !== own && ids.has(id)) return [];
  return [{ check: 'unknown-cause', path, message: `Unknown cause "${id}" in "insteadOf"`, help: 'Write the path of another cause file below rules/causes, without ".json".' }];
}
