import type { AttemptReport, ConnectionReport, Report } from '../src/model/report.js';

/**
 * What a form of a host's log lacks. Forms that lack the same must give the same report; otherwise only what both can
 * show is compared.
 */
export interface FormEntry {
  readonly lacks: 'nothing' | 'association';
  readonly why: string;
}

const PLAIN = 'charon-systemd hands syslog and the journal\'s message only the text; its thread and IKE SA stand in journal fields that this form leaves out. '
  + 'Interleaved negotiations can be told apart by addresses only, so attempts may be counted apart, and attributions are less sure';

/**
 * By the part of the file name after the host. Also missing in every form of a kind: year and zone (both inferred),
 * host and pid in `charon.log`.
 */
export const FORMS: Readonly<Record<string, FormEntry>> = {
  'syslog.log': { lacks: 'association', why: PLAIN },
  'iso.log': { lacks: 'association', why: PLAIN },
  'journal.short.log': { lacks: 'association', why: PLAIN },
  'journal.short-iso.log': { lacks: 'association', why: PLAIN },
  'journal.short-precise.log': { lacks: 'association', why: PLAIN },
  'journal.json': { lacks: 'nothing', why: 'has charon-systemd\'s own fields: THREAD, GROUP, IKE_SA_NAME, IKE_SA_UNIQUE_ID' },
  'charon.log': { lacks: 'nothing', why: 'written with ike_name: thread, group, name and number of the IKE SA before each message' },
};

/** Scenarios whose forms have different times, and why. */
export const CLOCKS_DIFFER: Readonly<Record<string, string>> = {
  'clock-wrong': 'the daemon\'s clock alone is wrong: its own file has its time, syslog that of the host, and both dates bear on the cause',
  'clock-wrong-responder': 'likewise',
  'time-zones': 'the host\'s zone is not UTC: stamps without zone are read as UTC, those of journal.json count from 1970',
};

/** Do both forms contain the same facts? pluto's messages include names and numbers in any form. */
export function areEqual(daemon: string, one: string, other: string): boolean {
  return daemon !== 'charon' || FORMS[formOf(one)]?.lacks === FORMS[formOf(other)]?.lacks;
}

/** `journal.json` for `west.journal.json`. */
export function formOf(file: string): string {
  return file.slice(file.indexOf('.') + 1);
}

/** Everything in a report, except its source and fractions of seconds. */
export function fullStory({ connections, hostFindings }: Report): unknown {
  return {
    host: hostFindings.map(({ event, cause, confidence }) => ({ event, cause, confidence })),
    connections: connections.map((connection) => ({
      ...identityOf(connection),
      local: connection.local,
      peer: connection.peer,
      rekeys: connection.rekeys,
      since: secondsOf(connection.since),
      attempts: connection.attempts.map((attempt) => ({
        ...pick(attempt, ['subject', 'child', 'role', 'exchange', 'purpose', 'reached', 'outcome', 'repeats', 'retransmits']),
        started: secondsOf(attempt.started),
        firstFailure: attempt.firstFailure === null ? null : [attempt.firstFailure.event, attempt.firstFailure.visibleStartOnly],
        findings: attempt.findings.map(({ cause, confidence, side }) => [cause, confidence, side]),
      })),
    })),
  };
}

/** What no form may miss: which tunnels there are, the state of each, its current first failure, and the cause. */
export function coreStory({ connections, hostFindings }: Report): unknown {
  const known = connections.filter(({ name, state }) => name !== null || state !== 'unknown');
  return {
    host: hostFindings.map(({ event, cause }) => ({ event, cause })),
    connections: known.map((connection) => {
      const failing = connection.problem === null ? undefined : connection.attempts[connection.problem.attempt];
      return { ...identityOf(connection), fails: failing === undefined ? null : failureOf(failing), since: secondsOf(connection.since) };
    }).sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1),
  };
}

function failureOf({ subject, firstFailure, findings }: AttemptReport): unknown {
  return { subject, event: firstFailure?.event, causes: findings.map(({ cause, side }) => [cause, side]) };
}

function identityOf({ name, daemon, peer, state }: ConnectionReport): { readonly name: string | null; readonly daemon: string; readonly peer: string | null; readonly state: string } {
  return { name, daemon, peer: peer.address, state };
}

function pick<T, K extends keyof T>(object: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, object[name]])) as Pick<T, K>;
}

/** Without fractions, which most forms lack. */
function secondsOf(time: string | null): string | null {
  return time?.slice(0, 19) ?? null;
}
