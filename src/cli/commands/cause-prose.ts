import type { Cause, CauseClause, Condition } from '../../model/cause.js';
import { describeKind } from '../../model/event-kinds.js';

/** A cause in words: what it claims, what wakes it, what it advises, and what speaks for it in the peer's log. */
export function causeProse(cause: Cause): string[] {
  return [
    `${cause.id}: ${cause.title}`,
    `  fault ${cause.side === 'unknown' ? 'on a side this log cannot tell' : SIDES[cause.side]}, ${cause.frequency}`,
    `  ${cause.explanation}`,
    ...cause.when.flatMap(clauseProse),
    ...(cause.insteadOf.length === 0 ? [] : [`instead of: ${cause.insteadOf.join(', ')}`]),
    ...(cause.remedies.length === 0 ? [] : ['what to do:']),
    ...cause.remedies.flatMap(({ side, for: daemon, do: action, command }) => [
      `  ${SIDES[side]}${daemon === 'any' ? '' : ` (${daemon})`}: ${action}`,
      ...(command === undefined ? [] : [`      ${command}`]),
    ]),
    ...(cause.askPeer.length === 0 ? [] : ["in the peer's log:"]),
    ...cause.askPeer.map(({ for: daemon, grep, means }) => `  ${daemon === 'any' ? '' : `${daemon}: `}"${grep}": ${means}`),
    ...cause.references.map((reference) => `see ${reference}`),
    `${cause.examples.fires.length} examples that fire, ${cause.examples.silent.length} that stay silent`,
  ];
}

const SIDES = { here: 'here', peer: 'at the peer', between: 'in between' } as const;

function clauseProse({ on, conditions, confidence, side, explanation }: CauseClause): string[] {
  return [
    `${confidence}${side === undefined ? '' : `, ${side}`} when the first failure is`,
    ...on.map((kind) => `  ${kind}: ${describeKind(kind).meaning}`),
    ...(conditions === undefined ? [] : [`  and ${conditionProse(conditions)}`]),
    ...(explanation === undefined ? [] : [`  then: ${explanation}`]),
  ];
}

function conditionProse(condition: Condition): string {
  if ('all' in condition) {
    return condition.all.map(conditionProse).join(' and ');
  }
  if ('any' in condition) {
    return `(${condition.any.map(conditionProse).join(' or ')})`;
  }
  if ('not' in condition) {
    return `not (${conditionProse(condition.not)})`;
  }
  return `${condition.fact} ${condition.operator} ${JSON.stringify(condition.value)}`;
}
