import type { Condition } from '../model/cause.js';
import type { FactName, Facts } from '../model/facts.js';
import { FIELDS } from '../model/fields.js';
import type { ClauseMatch } from './engine.js';
import { OPERATOR_FUNCTIONS } from './operators.js';

/** What a log does not say although it was said: then what it lacks is no evidence. */
export interface Unsaid {
  /** A line of the attempt was not understood, up to its failure. */
  readonly unread: boolean;
  /** The failure is the first line of it that is there, so that nothing is known of what was said before. */
  readonly unbegun: boolean;
  /** Lines of it are cut off, so values are missing. */
  readonly cut: boolean;
  /** Of the failure's line, values are missing, or also what it is about. */
  readonly failure: 'values' | 'meaning' | null;
}

type Comparison = Extract<Condition, { readonly fact: FactName }>;

/** Lines that are missing can only add to these. */
const GROWING: ReadonlySet<string> = new Set(['attempt.before', 'attempt.after']);

/**
 * The causes where something was said that the log does not say. A cause stays as sure as it was where it holds whatever that was, and none that may hold
 * as well would be told instead; those that are sure only as long as nothing else was said are possible, and so are those that a value of the failure's line
 * that is cut off would tell.
 *
 * @param asked all clauses that the kind of failure asks for.
 */
export function allowFor(unsaid: Unsaid, matches: readonly ClauseMatch[], asked: readonly ClauseMatch[], facts: Facts): readonly ClauseMatch[] {
  const isOpen = (fact: string): boolean => isUnsaid(fact, unsaid);
  const holdsAnyhow = (match: ClauseMatch): boolean => match.clause.conditions === undefined || judge(match.clause.conditions, facts, isOpen) === true;
  const others = asked.filter((match) => match.clause.confidence !== 'possible' && match.clause.conditions !== undefined && judge(match.clause.conditions, facts, isOpen) === undefined);
  const staysSure = (match: ClauseMatch): boolean => {
    if (unsaid.failure === 'meaning' || !holdsAnyhow(match)) return false;
    if (match.clause.confidence === 'certain') return !others.some(({ cause }) => cause.insteadOf.includes(match.cause.id));
    return (unsaid.unread ? asked : others).every(({ cause }) => cause === match.cause);
  };
  const isMissingValue = ({ clause: { conditions } }: ClauseMatch): boolean => conditions !== undefined && judge(conditions, facts, (fact) => !GROWING.has(fact) && isOpen(fact)) === undefined;
  const added = unsaid.failure === null ? [] : others.filter((match) => !matches.includes(match) && isMissingValue(match));
  return [...matches.map((match) => (staysSure(match) ? match : asPossible(match, 'common'))), ...added.map((match) => asPossible(match))];
}

function isUnsaid(fact: string, { unread, unbegun, cut, failure }: Unsaid): boolean {
  if (fact.startsWith('failure.')) return failure !== null && fact.slice('failure.'.length) in FIELDS;
  if (fact === 'attempt.before' && unbegun) return true;
  if (GROWING.has(fact) || fact === 'nat.detected') return unread;
  return (unread || cut || failure !== null) && fact in FIELDS;
}

/** Does the condition hold? Undefined where that depends on what the log does not say. */
function judge(condition: Condition, facts: Facts, isOpen: (fact: string) => boolean): boolean | undefined {
  const each = (conditions: readonly Condition[]): readonly (boolean | undefined)[] => conditions.map((one) => judge(one, facts, isOpen));
  if ('all' in condition) return decide(each(condition.all), false);
  if ('any' in condition) return decide(each(condition.any), true);
  if ('not' in condition) {
    const negated = judge(condition.not, facts, isOpen);
    return negated === undefined ? undefined : !negated;
  }
  return isOpen(condition.fact) && !isSettled(condition, facts) ? undefined : OPERATOR_FUNCTIONS[condition.operator](facts[condition.fact], condition.value);
}

/** One of the results `decides` alone; else what is not known leaves it open. */
function decide(results: readonly (boolean | undefined)[], decides: boolean): boolean | undefined {
  if (results.includes(decides)) return decides;
  return results.includes(undefined) ? undefined : !decides;
}

/** A value that is there is what was said; a list holds at least what it holds. */
function isSettled({ fact, value }: Comparison, facts: Facts): boolean {
  const known = facts[fact];
  return Array.isArray(known) ? known.includes(value) : known !== undefined;
}

/** `frequency`: what was surer leads what is merely possible anyway. */
function asPossible(match: ClauseMatch, frequency = match.clause.frequency): ClauseMatch {
  return match.clause.confidence === 'possible' ? match : { ...match, clause: { ...match.clause, confidence: 'possible', frequency } };
}
