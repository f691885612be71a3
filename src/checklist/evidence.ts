import type { HostEntry } from '../model/analysis.js';
import type { Attempt, Connection, TimelineEntry } from '../model/attempt.js';
import type { Observation } from '../model/observation.js';
import type { CheckAnswer } from '../model/checklist.js';
import type { Tunnel } from '../model/tunnel.js';

/** What is known of a connection. `failing`: its attempt that fails now; undefined where none does. */
export interface CheckSubject {
  readonly connection: Connection;
  readonly failing: Attempt | undefined;
  readonly tunnel: Tunnel | undefined;
  readonly hostEntries: readonly HostEntry[];
}

/** The part of it that the questions are answered from. */
export interface Evidence {
  readonly connection: Connection;
  readonly failing: Attempt | undefined;
  /** The attempts that tell how phase 1 and phase 2 stand; undefined where none does. */
  readonly ike: Attempt | undefined;
  readonly child: Attempt | undefined;
  /** What status outputs show to be wrong with it. */
  readonly problems: readonly TimelineEntry[];
  /** What concerns its whole gateway, or names it. */
  readonly hostFailures: readonly TimelineEntry[];
  readonly tunnel: Tunnel | undefined;
  /** SAs and policies in status outputs; empty where they may be older than the failure, or another Child SA's. */
  readonly sas: Pick<Tunnel, 'ikeSas' | 'childSas' | 'inbound' | 'outbound' | 'policies'>;
}

const NO_SAS: Evidence['sas'] = { ikeSas: [], childSas: [], inbound: [], outbound: [], policies: [] };

/** Picks what tells how a connection stands now. */
export function evidenceFor({ connection, failing, tunnel, hostEntries }: CheckSubject): Evidence {
  const ike = ikeAttempt(connection, failing);
  return {
    connection,
    failing,
    ike,
    child: childAttempt(connection, failing, ike),
    problems: tunnel?.problems ?? [],
    hostFailures: hostEntries.map(({ entry }) => entry).filter((entry) => concerns(entry, connection)),
    tunnel,
    sas: tunnel === undefined || (failing !== undefined && breaks(failing)) ? NO_SAS : tunnel,
  };
}

/** Does the failure keep its SA from being up? A rekeying that fails leaves the old one, and traffic fails in one that is up. */
export function breaks({ purpose, firstFailure }: Attempt): boolean {
  return (purpose === 'create' || purpose === 'maintain') && firstFailure?.event.kind.startsWith('traffic.') !== true;
}

/** Has the peer answered? Some daemons do not log the packet, only how far they got with it. */
export function hasAnswer({ peerAnswered, reached }: Attempt): boolean {
  return peerAnswered || reached === 'half-open' || reached === 'authenticating' || reached === 'established';
}

/** Under a Child SA that fails there is an IKE SA that came up. */
function ikeAttempt({ attempts }: Connection, failing: Attempt | undefined): Attempt | undefined {
  if (failing?.subject === 'ike') return failing;
  const known = attempts.filter(({ subject, outcome }) => subject === 'ike' && outcome !== 'superseded');
  if (failing === undefined) return known.findLast(({ outcome }) => outcome === 'established') ?? known.at(-1);
  return known.findLast((each) => each.reached === 'established' && (each.peerAddress === failing.peerAddress || each.peerAddress === null || failing.peerAddress === null));
}

/** An earlier Child SA says nothing once its IKE SA is gone. */
function childAttempt({ attempts }: Connection, failing: Attempt | undefined, ike: Attempt | undefined): Attempt | undefined {
  if (failing?.subject === 'child') return failing;
  if (failing !== undefined && breaks(failing)) return undefined;
  return ike === undefined || ike.outcome === 'established' || ike === failing ? attempts.findLast(({ subject, outcome }) => subject === 'child' && outcome === 'established') : undefined;
}

function concerns({ event }: TimelineEntry, { host, name }: Connection): boolean {
  const { record, connectionName } = event.message;
  if (record.host !== host && record.host !== '' && host !== '') return false;
  return /^(?:observed|daemon)\./.test(event.kind) || (name !== null && (connectionName ?? event.fields['connection.name']) === name);
}

export type Line = NonNullable<CheckAnswer['evidence']>;

/** The line of an entry, without its envelope. */
export function lineOf({ event: { message } }: TimelineEntry): Line {
  const { line, time, message: text } = message.record;
  return { line, time, text: text.trim() };
}

/** The line of a status output. */
export function lineOfStatus({ line }: Observation): Line {
  return { line, time: null, text: line.text.trim() };
}
