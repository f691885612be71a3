import type { HostEntry } from '../model/analysis.js';
import type { Attempt, Connection, TimelineEntry } from '../model/attempt.js';
import type { CheckAnswer } from '../model/checklist.js';
import type { Observation } from '../model/observation.js';
import type { Product } from '../model/product.js';
import type { Tunnel } from '../model/tunnel.js';

/** What is known about a connection. `failing`: its attempt that is failing now, if any. */
export interface CheckSubject {
  readonly connection: Connection;
  readonly failing: Attempt | undefined;
  readonly tunnel: Tunnel | undefined;
  readonly hostEntries: readonly HostEntry[];
  /** What the peer is, if known. */
  readonly product: Product | null;
}

/** The part from which the questions are answered. */
export interface CheckEvidence {
  readonly connection: Connection;
  readonly failing: Attempt | undefined;
  /** The attempts that decide phase 1 and phase 2; undefined if none does. */
  readonly ike: Attempt | undefined;
  readonly child: Attempt | undefined;
  /** Problems of the connection found in status outputs. */
  readonly problems: readonly TimelineEntry[];
  /** Host failures that concern its gateway as a whole, or name it. */
  readonly hostFailures: readonly TimelineEntry[];
  readonly tunnel: Tunnel | undefined;
  readonly product: Product | null;
  /**
   * SAs and policies from status outputs; empty while an SA is failing, as those listed may be older than the failure or
   * belong to another Child SA.
   */
  readonly sas: Pick<Tunnel, 'ikeSas' | 'childSas' | 'inbound' | 'outbound' | 'policies'>;
}

const NO_SAS: CheckEvidence['sas'] = { ikeSas: [], childSas: [], inbound: [], outbound: [], policies: [] };

/** Selects the evidence for the connection's current state. */
export function evidenceFor({ connection, failing, tunnel, hostEntries, product }: CheckSubject): CheckEvidence {
  const ike = ikeAttempt(connection, failing);
  return {
    connection,
    failing,
    ike,
    child: childAttempt(connection, failing, ike),
    problems: tunnel?.problems ?? [],
    hostFailures: hostEntries.map(({ entry }) => entry).filter((entry) => concerns(entry, connection)),
    tunnel,
    product,
    sas: tunnel === undefined || (failing !== undefined && breaks(failing)) ? NO_SAS : tunnel,
  };
}

/**
 * Does the failure mean that its SA is not up? A failed rekeying leaves the old SA, and a traffic failure happens in an
 * established one.
 */
export function breaks({ purpose, firstFailure }: Attempt): boolean {
  return (purpose === 'create' || purpose === 'maintain') && firstFailure?.event.kind.startsWith('traffic.') !== true;
}

/** Has the peer answered? Some daemons do not log the packet, only the state it led to. */
export function hasAnswer({ peerAnswered, reached }: Attempt): boolean {
  return peerAnswered || reached === 'half-open' || reached === 'authenticating' || reached === 'established';
}

/** The IKE SA below a failing Child SA is one that came up. */
function ikeAttempt({ attempts }: Connection, failing: Attempt | undefined): Attempt | undefined {
  if (failing?.subject === 'ike') return failing;
  const known = attempts.filter(({ subject, outcome }) => subject === 'ike' && outcome !== 'superseded');
  if (failing === undefined) return known.findLast(({ outcome }) => outcome === 'established') ?? known.at(-1);
  return known.findLast((each) => each.reached === 'established' && (each.peerAddress === failing.peerAddress || each.peerAddress === null || failing.peerAddress === null));
}

/** An earlier Child SA proves nothing once its IKE SA is gone. */
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
