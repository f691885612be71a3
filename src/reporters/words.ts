import type { Exchange, Outcome, Role } from '../model/attempt.js';
import type { Side } from '../model/cause.js';
import type { AttemptReport, ConnectionReport, ConnectionSummary } from '../model/report.js';

const EXCHANGES: Readonly<Record<Exchange, string>> = {
  'ikev1-main': 'IKEv1 Main Mode',
  'ikev1-aggressive': 'IKEv1 Aggressive Mode',
  'ikev1-quick': 'IKEv1 Quick Mode',
  ikev1: 'IKEv1',
  ikev2: 'IKEv2',
  unknown: '',
};

const ROLES: Readonly<Record<Role, string>> = { initiator: 'we initiate', responder: 'the peer initiates', unknown: '' };
const ARROWS: Readonly<Record<Role, string>> = { initiator: '→', responder: '←', unknown: '↔' };

const PURPOSES: Readonly<Record<AttemptReport['purpose'], string>> = {
  create: '',
  rekey: 'rekeying',
  reauthenticate: 'reauthentication',
  maintain: 'after it came up',
};

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  open: 'not finished',
  stalled: 'no answer yet, the daemon is still trying',
  established: 'established',
  failed: 'failed',
  'timed-out': 'timed out',
  superseded: 'replaced by another attempt',
  closed: 'closed',
  interrupted: 'in progress when the daemon stopped',
  'log-ends': 'in progress when the log ends',
};

/** Where something is to be done or looked at. */
export const SIDE_WORDS: Readonly<Record<Side, string>> = { here: 'here', peer: 'at peer', between: 'between', unknown: '' };

/** `1 line`, `1,904 lines`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Digits in groups of three, the same in every locale. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `IKEv2, we initiate`; empty where the log says neither. */
export function exchangeWords({ exchange, role, purpose, subject }: AttemptReport): string {
  // With only the IKE SA up, there may never have been a tunnel
  if (purpose === 'maintain' && subject === 'ike') return [EXCHANGES[exchange], 'after the IKE SA came up'].filter((word) => word !== '').join(', ');
  // Who had initiated what was up already is of no interest, and reads as if it were initiated now
  return [EXCHANGES[exchange], PURPOSES[purpose], purpose === 'maintain' ? '' : ROLES[role]].filter((word) => word !== '').join(', ');
}

/** `IKE SA`, `Child SA berlin-net`. */
export function subjectWords({ subject, child }: AttemptReport): string {
  return subject === 'ike' ? 'IKE SA' : `Child SA${child === null ? '' : ` ${child}`}`;
}

/** It is no attempt of anybody, but what comes upon the packets of a Child SA that is up: they are dropped, cannot be read, belong nowhere. */
export function befallsTraffic({ purpose, firstFailure }: AttemptReport): boolean {
  return purpose === 'maintain' && firstFailure?.event.startsWith('traffic.') === true;
}

/** How an attempt ended. */
export function outcomeWords({ outcome }: AttemptReport): string {
  return OUTCOMES[outcome];
}

/** Seconds by which two clocks differ that are worth telling. */
const CLOCKS_APART = 3;

/** `(the clock there is 2.0 h ahead)`; empty where both agree. */
export function clockWords(ahead: number | null): string {
  const seconds = Math.abs(ahead ?? 0);
  if (ahead === null || seconds < CLOCKS_APART) return '';
  const span = seconds < 120 ? `${Math.round(seconds)} s` : seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
  return `(the clock there is ${span} ${ahead < 0 ? 'behind' : 'ahead'})`;
}

/** The daemon's name of a connection, else who the peer is. */
export function nameWords({ name, peer }: ConnectionSummary): string {
  return name ?? peer.address ?? peer.id ?? '(unnamed)';
}

/** `192.0.2.1 → 198.51.100.7`, the arrow from the initiator of a failing attempt. */
export function routeWords({ local, peer }: ConnectionSummary, role: Role): string {
  const here = local.address ?? local.id;
  const there = peer.address ?? peer.id;
  return here === null && there === null ? '' : `${here ?? 'here'} ${ARROWS[role]} ${there ?? 'unknown'}`;
}

/** Does an IKE SA of the connection stand while something else fails? */
export function ikeStands({ attempts }: ConnectionReport): boolean {
  return attempts.findLast(({ subject, outcome }) => subject === 'ike' && outcome !== 'open' && outcome !== 'superseded')?.outcome === 'established';
}
