import type { Condition } from '../model/cause.js';
import { CUT_OFF } from '../model/cut-marks.js';
import type { FactName, Facts } from '../model/facts.js';
import { FIELDS } from '../model/fields.js';
import type { ClauseMatch } from './engine.js';
import { OPERATOR_FUNCTIONS } from './operators.js';

/** What was logged but is missing from the log we have: the absence of such a fact proves nothing. */
export interface MissingEvidence {
  /** A line of the attempt up to its failure was not understood. */
  readonly unread: boolean;
  /** The failure is the first line of the attempt, so nothing is known about what preceded it. */
  readonly unbegun: boolean;
  /** Some of its lines were cut off, so values are missing. */
  readonly cut: boolean;
  /** The line of the failure was cut off: values, or even its meaning, are missing. */
  readonly failure: 'values' | 'meaning' | null;
}

type Comparison = Extract<Condition, { readonly fact: FactName }>;

/** Missing lines can only add to these lists. */
const GROWING: ReadonlySet<string> = new Set(['attempt.before', 'attempt.after']);
/** What the two lists of proposals tell together. */
const COMPARED = 'proposal.difference';
/** What lines before the failure say: what kinds there were, and that the peer was heard. */
const PRECEDING: ReadonlySet<string> = new Set(['attempt.before', 'attempt.peer_answered']);
/** Post-quantum pre-shared keys are too rare to be suspected in lines that are missing. */
const UNSUSPECTED: ReadonlySet<string> = new Set(['auth.ppk_used', 'auth.ppk_unknown']);

/**
 * Adjusts the matches for what may be missing from the log. A cause keeps its confidence if it holds whatever was
 * missing, and no other cause could then take precedence; causes that hold only if nothing else was logged become
 * possible, and so do causes that a cut-off value of the failure's line might indicate.
 *
 * @param asked all clauses that may apply to this kind of failure.
 */
export function discountMissing(missing: MissingEvidence, matches: readonly ClauseMatch[], asked: readonly ClauseMatch[], facts: Facts): readonly ClauseMatch[] {
  const isOpen = (fact: string): boolean => isMissing(fact, missing);
  const holdsAnyhow = (match: ClauseMatch): boolean => match.clause.conditions === undefined || judge(match.clause.conditions, facts, isOpen) === true;
  const others = asked.filter((match) => match.clause.confidence !== 'possible' && match.clause.conditions !== undefined && judge(match.clause.conditions, facts, isOpen) === undefined);
  const staysSure = (match: ClauseMatch): boolean => {
    if (missing.failure === 'meaning' || !holdsAnyhow(match)) return false;
    if (match.clause.confidence === 'certain') return !others.some(({ cause }) => cause.insteadOf.includes(match.cause.id));
    return (missing.unread ? asked : others).every(({ cause }) => cause === match.cause);
  };
  const isMissingValue = ({ clause: { conditions } }: ClauseMatch): boolean => conditions !== undefined && judge(conditions, facts, (fact) => !GROWING.has(fact) && isOpen(fact)) === undefined;
  const added = missing.failure === null ? [] : others.filter((match) => !matches.includes(match) && isMissingValue(match));
  const isNarrower = ({ cause }: ClauseMatch): boolean => matches.some((other) => cause.insteadOf.includes(other.cause.id));
  return [...matches.map((match) => (staysSure(match) ? match : asPossible(match, isNarrower(match) ? undefined : 'common'))), ...added.map((match) => asPossible(match))];
}

function isMissing(fact: string, { unread, unbegun, cut, failure }: MissingEvidence): boolean {
  if (fact.startsWith('failure.')) return failure !== null && fact.slice('failure.'.length) in FIELDS;
  if (unbegun && PRECEDING.has(fact)) return true;
  if (GROWING.has(fact) || fact === 'nat.detected') return unread;
  if (fact === COMPARED) return cut;
  return (unread || cut || failure !== null) && fact in FIELDS;
}

/** Does the condition hold? Undefined if that depends on what is missing. */
function judge(condition: Condition, facts: Facts, isOpen: (fact: string) => boolean): boolean | undefined {
  const each = (conditions: readonly Condition[]): readonly (boolean | undefined)[] => conditions.map((one) => judge(one, facts, isOpen));
  if ('all' in condition) return decide(each(condition.all), false);
  if ('any' in condition) return decide(each(condition.any), true);
  if ('not' in condition) {
    const negated = judge(condition.not, facts, isOpen);
    return negated === undefined ? undefined : !negated;
  }
  const open = isOpen(condition.fact) && !UNSUSPECTED.has(String(condition.value));
  return open && !isSettled(condition, facts) ? undefined : OPERATOR_FUNCTIONS[condition.operator](facts[condition.fact], condition.value);
}

/** A single result equal to `decides` settles it; otherwise an unknown result leaves it open. */
function decide(results: readonly (boolean | undefined)[], decides: boolean): boolean | undefined {
  if (results.includes(decides)) return decides;
  return results.includes(undefined) ? undefined : !decides;
}

/** A value that is present was logged, but not a "no"; a list contains at least the items present. */
function isSettled({ fact, operator, value }: Comparison, facts: Facts): boolean {
  const known = facts[fact];
  if (typeof known === 'string' && known.endsWith(CUT_OFF)) return operator === 'exists' || known.includes(String(value));
  return Array.isArray(known) ? known.includes(value) : known !== undefined && known !== false;
}

/**
 * `frequency`: lets causes that had a higher confidence lead those that are merely possible anyway; one that applies
 * instead of another does not lead that.
 */
function asPossible(match: ClauseMatch, frequency = match.clause.frequency): ClauseMatch {
  return match.clause.confidence === 'possible' ? match : { ...match, clause: { ...match.clause, confidence: 'possible', frequency } };
}
