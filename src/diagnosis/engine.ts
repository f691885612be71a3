import { Engine, Fact } from 'json-rules-engine';
import type { RuleProperties, TopLevelCondition } from 'json-rules-engine';
import type { Cause, CauseClause, CausesFor, Condition } from '../model/cause.js';
import type { EventKind } from '../model/event-kinds.js';
import type { Facts } from '../model/facts.js';
import { createMemo } from './memo.js';
import { OPERATOR_FUNCTIONS } from './operators.js';

/** A clause of a cause that holds; `specificity` is the number of comparisons it requires. */
export interface ClauseMatch {
  readonly cause: Cause;
  readonly clause: CauseClause;
  readonly specificity: number;
}

export interface CauseEngine {
  /** All clauses that may apply to a failure of this kind. */
  clausesFor(trigger: EventKind): readonly ClauseMatch[];
  match(trigger: EventKind, facts: Facts): Promise<readonly ClauseMatch[]>;
}

interface Trigger {
  readonly engine: Engine;
  readonly comparisons: readonly Comparison[];
  readonly clauses: readonly ClauseMatch[];
}

type Comparison = Extract<Condition, { fact: unknown }>;

/** Number of cached answers; each takes a few hundred bytes. */
const REMEMBERED_ANSWERS = 512;

/**
 * Isolates json-rules-engine, whose defaults are wrong for evidence that may be missing: its operators fire on missing
 * facts or coerce types, and `path` evaluates contributed expressions. Here only our own operators and flat facts
 * exist. There is one small engine per trigger kind, with its clauses. The result depends only on which comparisons
 * hold, so it is cached by those, whatever names and numbers a stranger puts into the facts.
 */
export function createCauseEngine(causesFor: CausesFor): CauseEngine {
  const clauses = new Map<EventKind, readonly ClauseMatch[]>();
  const clausesFor = (kind: EventKind): readonly ClauseMatch[] => {
    const known = clauses.get(kind) ?? causesFor(kind).flatMap((cause) => clausesOf(cause, kind));
    clauses.set(kind, known);
    return known;
  };
  const triggers = new Map<EventKind, Trigger>();
  const memo = createMemo<readonly ClauseMatch[]>(REMEMBERED_ANSWERS);
  // An Engine keeps its run state on the instance, so runs must be sequential.
  let queue: Promise<unknown> = Promise.resolve();
  return {
    clausesFor,
    match(kind, facts) {
      const woken = clausesFor(kind);
      if (woken.length === 0) return Promise.resolve(woken);
      const trigger = triggers.get(kind) ?? createTrigger(woken);
      triggers.set(kind, trigger);
      const key = `${kind} ${trigger.comparisons.map((comparison) => (holds(comparison, facts) ? '1' : '0')).join('')}`;
      const run = queue.then(() => memo(key, () => runEngine(trigger, facts)));
      queue = run.catch(() => undefined);
      return run;
    },
  };
}

function clausesOf(cause: Cause, kind: EventKind): readonly ClauseMatch[] {
  const clauses = cause.when.filter(({ on }) => on.includes(kind));
  return clauses.map((clause) => ({ cause, clause: unlessExcluded(clause, cause), specificity: clause.conditions ? comparisonsOf(clause.conditions).length : 0 }));
}

function unlessExcluded(clause: CauseClause, { excludedBy }: Cause): CauseClause {
  if (excludedBy === undefined) return clause;
  return { ...clause, conditions: { all: [...(clause.conditions === undefined ? [] : [clause.conditions]), { not: excludedBy }] } };
}

function createTrigger(clauses: readonly ClauseMatch[]): Trigger {
  const engine = new Engine(clauses.map(toRule), { allowUndefinedFacts: true, pathResolver: refusePath });
  for (const name of DEFAULT_OPERATORS) engine.removeOperator(name);
  for (const [name, evaluate] of Object.entries(OPERATOR_FUNCTIONS)) engine.addOperator(name, evaluate);
  const comparisons = clauses.flatMap(({ clause }) => (clause.conditions ? comparisonsOf(clause.conditions) : []));
  const different = new Map(comparisons.map((comparison) => [JSON.stringify(comparison), comparison]));
  return { engine, clauses, comparisons: [...different.values()] };
}

/** Operators that json-rules-engine 7 registers by default. */
const DEFAULT_OPERATORS = [
  'equal', 'notEqual', 'in', 'notIn', 'contains', 'doesNotContain',
  'lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive',
];

function refusePath(): never {
  throw new Error('Conditions of causes have no path');
}

function toRule({ clause }: ClauseMatch, index: number): RuleProperties {
  return { name: String(index), event: { type: String(index) }, conditions: toRuleConditions(clause.conditions) };
}

/** Copies only known properties of a condition; no condition becomes `all: []`, which always holds. */
function toRuleConditions(condition: Condition | undefined): TopLevelCondition {
  if (!condition) return { all: [] };
  if ('all' in condition) return { all: condition.all.map(toNestedCondition) };
  if ('any' in condition) return { any: condition.any.map(toNestedCondition) };
  if ('not' in condition) return { not: toNestedCondition(condition.not) };
  return { all: [toNestedCondition(condition)] };
}

function toNestedCondition(condition: Condition): RuleCondition {
  if (!('fact' in condition)) return toRuleConditions(condition);
  const { fact, operator, value } = condition;
  return { fact, operator, value };
}

type RuleCondition = TopLevelCondition | { fact: string; operator: string; value: unknown };

function comparisonsOf(condition: Condition): Comparison[] {
  if ('all' in condition) return condition.all.flatMap(comparisonsOf);
  if ('any' in condition) return condition.any.flatMap(comparisonsOf);
  if ('not' in condition) return comparisonsOf(condition.not);
  return [condition];
}

function holds({ fact, operator, value }: Comparison, facts: Facts): boolean {
  return OPERATOR_FUNCTIONS[operator](facts[fact], value);
}

/** Looking up a value is faster than computing its cache key. */
const UNCACHED = { cache: false };

async function runEngine({ engine, comparisons, clauses }: Trigger, facts: Facts): Promise<readonly ClauseMatch[]> {
  const tested = [...new Set(comparisons.map(({ fact }) => fact))].filter((fact) => facts[fact] !== undefined);
  const { results } = await engine.run(Object.fromEntries(tested.map((fact) => [fact, new Fact(fact, facts[fact], UNCACHED)])));
  return results.flatMap(({ name }) => clauses[Number(name)] ?? []);
}
