import type { Attempt, TimelineEntry } from '../model/attempt.js';
import type { EventKind } from '../model/event-kinds.js';
import { describeKind } from '../model/event-kinds.js';
import type { ChildSaObservation, KernelSaObservation, Observation, PacketsObservation } from '../model/observation.js';
import type { Tunnel } from '../model/tunnel.js';
import { breaks, hasAnswer, lineOf, lineOfStatus } from './evidence.js';
import type { CheckEvidence, Line } from './evidence.js';

/** A confirmation of a question, and the line that shows it, if it is kept. */
export interface Confirmation {
  readonly says: string;
  readonly line: Line | null;
}

type Confirm = (evidence: CheckEvidence) => Confirmation | null;

/** All ways to confirm questions of the checklist. */
export const CONFIRMATIONS = {
  loaded: ({ connection, ike, tunnel }) => {
    if (tunnel?.loaded != null && tunnel.loaded.oriented !== false) return byStatus('the daemon lists it', tunnel.loaded);
    if (ike?.reached === 'established' && connection.name === null) return byKind(ike, 'the daemon negotiated with it', ['ike.established', 'ike.rekeyed'], true);
    if (ike === undefined || connection.name === null) return null;
    if (ike.role === 'initiator') return byEntry('the daemon initiated it by name', ike, ({ event }) => describeKind(event.kind).starts === true);
    const named = ike.entries.some(({ event }) => event.message.connectionName === connection.name);
    return named ? byEntry('the daemon selected it for the peer', ike, ({ event }) => event.message.connectionName === connection.name) : byKind(ike, 'the daemon selected it for the peer', ['ike.config_selected']);
  },
  'peer-heard': (evidence) => heard(evidence),
  'request-answered': (evidence) => passes(evidence) ?? (evidence.ike?.role === 'initiator' ? heard(evidence) : null),
  'ike-captured': ({ tunnel }) => captured('a capture shows IKE packets leaving', tunnel?.captured.sent) ?? shown(tunnel, 'ike-sent', 'connection tracking has IKE packets from this gateway'),
  'first-exchange': (evidence) => {
    const { ike } = evidence;
    const done = ike === undefined ? null : byKind(ike, 'the first exchange is complete', ['ike.half_open', 'proposal.selected']);
    return authenticated(evidence) ?? done ?? (ike?.reached === 'authenticating' ? byKind(ike, 'authentication started, so the first exchange is complete', ['ike.authenticating', 'auth.own'], true) : null);
  },
  'authentication-answered': ({ ike }) => {
    const failure = ike?.firstFailure ?? null;
    const kind = failure?.event.kind;
    const heard = kind !== undefined && /^(?:auth|cert)\./.test(kind) && kind !== 'auth.cleartext_notify' && describeKind(kind).heard === true;
    return failure !== null && heard ? { says: 'a message from the peer about authentication arrived', line: lineOf(failure) } : null;
  },
  accepted: (evidence) => {
    const { ike, failing } = evidence;
    return ike === undefined || ike !== failing || FELL_SILENT.test(failing.firstFailure?.event.kind ?? '') ? authenticated(evidence) : null;
  },
  'packets-pass': (evidence) => passes(evidence),
  'ike-up': (evidence) => {
    const { ike, failing } = evidence;
    return ike !== failing && (ike?.outcome === 'established' || failing?.subject === 'child') ? authenticated(evidence) : upByStatus(evidence);
  },
  'child-up': ({ child, failing, sas }) => {
    if (child !== undefined && child !== failing && child.outcome === 'established') return byKind(child, 'the Child SA came up', ['child.established', 'child.sa_installed', 'child.rekeyed'], true);
    const seen = sas.childSas.find(({ installed }) => installed);
    return seen === undefined ? null : byStatus('the daemon lists it as installed', seen);
  },
  'kernel-sas': ({ sas }) => {
    const [inbound, outbound] = [sas.inbound.find(isMature), sas.outbound.find(isMature)];
    return inbound === undefined || outbound === undefined ? null : byStatus('the kernel has SAs in both directions', inbound);
  },
  'policies-installed': ({ sas }) => {
    const [out, inbound] = (['out', 'in'] as const).map((direction) => sas.policies.find((policy) => policy.direction === direction && policy.action === 'ipsec'));
    return out === undefined || inbound === undefined ? null : byStatus('the kernel has its outbound and inbound policies', out);
  },
  'packets-sent': (evidence) => sent(evidence),
  'packets-received': (evidence) => received(evidence),
  'packets-both': (evidence) => {
    const back = received(evidence);
    return back === null || sent(evidence) === null ? pinged(evidence, 'ping', 'a ping through it was answered') : { ...back, says: 'packets went in both directions' };
  },
  'nat-spares': ({ tunnel }) => shown(tunnel, 'nat', 'no NAT rule matches packets between the two networks'),
  forwards: ({ tunnel }) => shown(tunnel, 'forwarding', 'forwarding is on, and the firewall forwards packets between the two networks'),
  routed: ({ tunnel }) => shown(tunnel, 'routes', 'there are usable routes to both networks'),
  'large-packets': (evidence) => pinged(evidence, 'large-packets', 'a ping with large packets was answered'),
  'packets-intact': (evidence) => {
    const { sas, tunnel } = evidence;
    const used = sas.inbound.filter((sa) => isMature(sa) && (sa.packets ?? 0) > 0);
    const [seen] = used;
    return seen !== undefined && used.every(({ failures, replays }) => failures === 0 && replays === 0) ? byStatus('the SA has received packets and counts no errors', seen) : received(evidence) === null ? null : shown(tunnel, 'no-errors', 'packets were received, and the kernel counts neither failed checks nor replays');
  },
} as const satisfies Record<string, Confirm>;

/**
 * Failures of an SA that both ends had accepted. Needed because a responder's IKE SA comes up before the initiator has
 * checked the responder's authentication.
 */
const FELL_SILENT = /^(?:dpd|retransmit|peer|network|lifecycle)\.|^ike\.(?:expired|rekey)/;

export type ConfirmationName = keyof typeof CONFIRMATIONS;

/** Both ends accepted each other, whatever happened later. */
function authenticated(evidence: CheckEvidence): Confirmation | null {
  const { ike } = evidence;
  if (ike?.reached === 'established') return byKind(ike, 'the IKE SA came up', ['ike.established', 'ike.rekeyed'], true);
  return upByStatus(evidence);
}

/** Packets get through. An SA that came up and then broke proves nothing about the current path. */
function passes(evidence: CheckEvidence): Confirmation | null {
  return broke(evidence) ? null : authenticated(evidence);
}

function broke({ ike, failing }: CheckEvidence): boolean {
  return ike !== undefined && ike === failing && ike.purpose === 'maintain';
}

function upByStatus({ sas }: CheckEvidence): Confirmation | null {
  const seen = sas.ikeSas.find(({ established }) => established);
  return seen === undefined ? null : byStatus('the daemon lists the IKE SA as established', seen);
}

function heard(evidence: CheckEvidence): Confirmation | null {
  const { ike, sas } = evidence;
  if (broke(evidence)) return null;
  if (ike !== undefined && hasAnswer(ike)) return byEntry('packets from the peer arrived', ike, ({ event }) => describeKind(event.kind).heard === true);
  const seen = sas.ikeSas.find(({ established, peerAnswered }) => established || peerAnswered === true);
  if (seen !== undefined) return byStatus('the peer has answered', seen);
  return captured('a capture shows IKE packets from the peer', evidence.tunnel?.captured.heard) ?? shown(evidence.tunnel, 'ike-heard', 'connection tracking has IKE packets from the peer');
}

function captured(says: string, packets: readonly PacketsObservation[] | undefined): Confirmation | null {
  const seen = packets?.find(({ kind }) => kind === 'ike');
  return seen === undefined ? null : byStatus(says, seen);
}

function shown(tunnel: Tunnel | undefined, what: keyof Tunnel['confirmed'], says: string): Confirmation | null {
  const seen = tunnel?.confirmed[what] ?? null;
  return seen === null ? null : byStatus(says, seen);
}

/** A ping may predate the failure that breaks the tunnel. */
function pinged({ tunnel, failing }: CheckEvidence, what: 'ping' | 'large-packets', says: string): Confirmation | null {
  return failing !== undefined && breaks(failing) ? null : shown(tunnel, what, says);
}

function sent({ sas }: CheckEvidence): Confirmation | null {
  return flowed('packets went into it', sas.childSas, sas.outbound, ({ packetsOut, bytesOut }) => packetsOut ?? bytesOut);
}

function received({ sas }: CheckEvidence): Confirmation | null {
  return flowed('packets from the peer came out of it', sas.childSas, sas.inbound, ({ packetsIn, bytesIn }) => packetsIn ?? bytesIn);
}

function byStatus(says: string, seen: Observation): Confirmation {
  return { says, line: lineOfStatus(seen) };
}

/** Always a confirmation; the line is included if it is still kept. */
function byEntry(says: string, { entries }: Attempt, test: (entry: TimelineEntry) => boolean): Confirmation {
  const entry = entries.find(test);
  return { says, line: entry === undefined ? null : lineOf(entry) };
}

/** Confirmed by an event of these kinds, even if only its kind is kept; `anyway`: also without such an event. */
function byKind(attempt: Attempt, says: string, kinds: readonly EventKind[], anyway: true): Confirmation;
function byKind(attempt: Attempt, says: string, kinds: readonly EventKind[]): Confirmation | null;
function byKind(attempt: Attempt, says: string, kinds: readonly EventKind[], anyway = false): Confirmation | null {
  const { entries, abridged } = attempt;
  const entry = entries.find(({ event }) => kinds.includes(event.kind));
  const noted = [...(abridged?.before ?? []), ...(abridged?.after ?? [])].some((kind) => kinds.includes(kind));
  return entry !== undefined || noted || anyway ? { says, line: entry === undefined ? null : lineOf(entry) } : null;
}

/** By the daemon's counters, otherwise by the kernel's. */
function flowed(says: string, children: readonly ChildSaObservation[], sas: readonly KernelSaObservation[], count: (child: ChildSaObservation) => number | null): Confirmation | null {
  const seen = children.find((child) => child.installed && (count(child) ?? 0) > 0) ?? sas.find((sa) => isMature(sa) && (sa.packets ?? sa.bytes ?? 0) > 0);
  return seen === undefined ? null : byStatus(says, seen);
}

const isMature = ({ state }: KernelSaObservation): boolean => state === 'mature' || state === 'dying';
