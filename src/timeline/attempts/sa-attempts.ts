import type { Link, Subject } from '../../model/attempt.js';
import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import type { EventKindEntry } from '../../model/event-kinds/entry.js';
import type { DaemonProcess } from '../associations/daemon-process.js';
import type { LiveAssociations } from '../associations/live-associations.js';
import { inContext, isProtectedRefusal } from '../associations/notify-context.js';
import type { SecurityAssociation } from '../associations/security-association.js';
import { childRefusedBy, settle } from './attempt-endings.js';
import type { AttemptInProgress } from './attempt-in-progress.js';
import { childAttempt } from './child-attempts.js';
import { ikeAttempt } from './ike-attempts.js';
import { findAskedFor, isEstablished, ownerOf, subjectOf } from './line-subject.js';
import { asRefusal } from './sent-refusals.js';
import { endLeftBehind } from './unexplained-ends.js';
import { asUnprotectedRefusal } from './unprotected-refusals.js';
import { answeredUnder } from './upkeep-attempts.js';

/** The attempt that took a line, and other attempts of its SA that changed with it. */
export interface Told {
  readonly sa: SecurityAssociation;
  readonly attempt: AttemptInProgress;
  readonly also: readonly AttemptInProgress[];
}

/** Exchanges that create an IKE SA; their messages may be repeated after it is up. */
const OPENING: ReadonlySet<string> = new Set(['IKE_SA_INIT', 'IKE_AUTH', 'ID_PROT', 'AGGRESSIVE']);

const NO_OTHERS: readonly AttemptInProgress[] = [];

/** Adds a line placed with an SA to an attempt of that SA; null if it is about none. */
export function tell(placed: Event, placedWith: SecurityAssociation, link: Link, others: readonly SecurityAssociation[], process: DaemonProcess): Told | null {
  const inPhase2 = inContext(placed, placedWith);
  const event = inPhase2 === null ? asRefusal(asUnprotectedRefusal(placed, placedWith), placedWith) : inPhase2.event;
  const spoken = inPhase2 === null ? placedWith : inPhase2.sa;
  const description = describeKind(event.kind);
  spoken.request.hear(event);
  findAskedFor(spoken, event, process);
  const subject = subjectOf(spoken, event, description);
  const sa = ownerOf(spoken, event, subject, description, process);
  learn(sa, event, link, process.live);
  if (sa.ike === null) learnWhetherUp(sa, placed, subject);
  noteRequest(sa, event);
  if (isVerdictOnFormer(sa, event) || isVerdictOnDeclined(sa, event)) return null;
  noteUse(sa, event, description);
  if (event.kind === 'log.unread') sa.noteUnread(event);
  if (description.role === 'noise') return null;
  sa.isDeclined = event.kind === 'child.already_up';
  if (sa.isDeclined) return null;
  const left = description.starts === true && description.as === 'initiator' ? endLeftBehind(sa, event, process) : NO_OTHERS;
  const attempt = childRefusedBy(event, sa) ?? (subject === 'child' ? childAttempt(sa, event, description, process) : ikeAttempt(sa, event, description, process));
  if (attempt === null) return null;
  attempt.peerAddress = sa.peerAddress ?? attempt.peerAddress;
  attempt.add({ event, link }, description);
  if (others.length > 0) attempt.addCandidates(others.map((other) => other.name ?? other.peerAddress ?? 'an unnamed one'));
  const spi = event.kind === 'child.sa_installed' ? event.fields['spi.number'] : undefined;
  if (spi !== undefined) sa.rememberSpi(spi, attempt);
  const also = settle(sa, attempt, event, description, process.live);
  const retried = attempt === sa.ike && attempt.entries.length === 1 && description.as !== 'initiator' ? supersedeRetried(sa, event, process) : null;
  const answered = answeredUnder(attempt, sa, event, process);
  return { sa, attempt, also: retried === null && answered === null && left.length === 0 ? also : [...left, ...also, retried, answered].filter((each) => each !== null) };
}

/** A log may begin when the IKE SA is up already, which a line under it then shows. */
function learnWhetherUp(sa: SecurityAssociation, event: Event, subject: Subject): void {
  if (isLastAuthResponse(event)) sa.isUp = false;
  else if (isUnderIkeSa(event, subject)) sa.isUp = true;
}

/** What a line tells about an SA that is up: messages went through it, or its peer was probed and has answered. */
function noteUse(sa: SecurityAssociation, { kind, fields }: Event, { heard }: EventKindEntry): void {
  if (sa.isUp && kind === 'message.parsed' && !OPENING.has(String(fields['exchange.name']))) sa.isUsed = true;
  if (kind === 'dpd.sent') sa.probes += 1;
  else if (heard === true) sa.probes = 0;
}

/**
 * The command that initiated a connection fails together with its first attempt, but says so only after charon has
 * started over: what has only sent its first packet has not failed.
 */
function isVerdictOnFormer({ ike, formerIke }: SecurityAssociation, { kind, message }: Event): boolean {
  return kind === 'ike.failed' && message.daemon === 'charon' && formerIke?.outcome === 'failed' && ike !== null && !ike.over && !ike.failing && !ike.peerAnswered && ike.silentSince === null;
}

/** A command to initiate a Child SA fails if one like it is up. */
function isVerdictOnDeclined({ isDeclined }: SecurityAssociation, { kind, message }: Event): boolean {
  return kind === 'ike.failed' && message.daemon === 'charon' && isDeclined;
}

/**
 * The peer retries with the requested group: charon and pluto have dropped the first request, and give the retry a new
 * SA.
 */
function supersedeRetried(sa: SecurityAssociation, { message: { record } }: Event, process: DaemonProcess): AttemptInProgress | null {
  const first = process.live.lastOf((other) => other !== sa && other.ike?.awaitsRetry === true && (sa.peerAddress === null ? other.name === sa.name : other.peerAddress === sa.peerAddress));
  if (first?.ike == null) return null;
  first.ike.supersede(record.time);
  process.retire(first);
  if (sa.peerAddress === null && first.peerAddress !== null) process.live.readdress(sa, first.peerAddress);
  return first.ike;
}

function noteRequest(sa: SecurityAssociation, { kind, fields }: Event): void {
  // Nothing answers an IKEv1 notify, so it is not repeated
  const isRequest = kind === 'child.virtual_ip_requested' || (kind === 'message.generating' && fields['message.kind'] === 'request');
  if (isRequest && fields['exchange.name'] !== 'INFORMATIONAL_V1') sa.asked = fields['message.id'] ?? null;
  if (kind === 'message.generating' && fields['message.kind'] === 'response') sa.answered = fields['message.id'] ?? null;
  if (kind === 'message.generating' && sa.gone && String(fields['message.payloads']).trim() === 'D') sa.deletion = { id: fields['message.id'] ?? '', repeats: 0 };
  else if (kind === 'ike.deleting') sa.deletion ??= { id: null, repeats: 0 };
  else if (kind === 'retransmit.sent' && sa.deletion !== null) sa.deletion.repeats += 1;
}

/**
 * Quick Mode, CREATE_CHILD_SA and messages about a Child SA alone are protected by an IKE SA, and only one that is up is
 * checked for liveness; if the log begins with them, it is up.
 */
function isUnderIkeSa({ kind, fields, message }: Event, subject: Subject): boolean {
  if (kind === 'dpd.peer_dead' || kind === 'dpd.sent' || (kind === 'child.established' && message.daemon === 'charon')) return true;
  if (kind === 'ike.failed' && message.daemon === 'pluto') return isEstablished(fields);
  if ((kind !== 'message.parsed' && kind !== 'message.generating') || message.daemon !== 'charon') return false;
  return subject === 'child' || fields['exchange.name'] === 'QUICK_MODE' || fields['exchange.name'] === 'CREATE_CHILD_SA' || isProtectedRefusal(fields);
}

/** charon as responder sends its last IKE_AUTH response after the first Child SA has come up. */
const isLastAuthResponse = ({ kind, fields }: Event): boolean => kind === 'message.generating' && fields['exchange.name'] === 'IKE_AUTH' && fields['message.kind'] === 'response';

/** Events whose connection is that of their SA. */
const NAMES_CONNECTION: ReadonlySet<string> = new Set(['ike.config_selected', 'lifecycle.terminated_by_operator']);
/** Events that change an endpoint's address (MOBIKE, a new NAT mapping). */
const MOVES: ReadonlySet<string> = new Set(['network.peer_moved', 'network.path_changed']);

/** A log may begin with a Child SA, which is usually named like its connection. */
function namedLikeChild({ ike, name }: SecurityAssociation, kind: string, fields: Event['fields']): unknown {
  return kind === 'child.established' && ike === null && name === null ? fields['child.name'] : undefined;
}

/** Learns name and addresses. Known addresses are changed only by a line that names its SA, or reports a move. */
function learn(sa: SecurityAssociation, { fields, message, kind }: Event, link: Link, live: LiveAssociations): void {
  const name = fields['ike.name'] ?? fields['connection.new'] ?? message.connectionName ?? (NAMES_CONNECTION.has(kind) ? fields['connection.name'] : namedLikeChild(sa, kind, fields));
  if (typeof name === 'string' && name !== '(unnamed)') live.rename(sa, name);
  const mayChange = link === 'sa' || MOVES.has(kind);
  const peer = fields['peer.address'] ?? message.peerAddress;
  if (typeof peer === 'string' && !peer.startsWith('%') && (mayChange || sa.peerAddress === null)) live.readdress(sa, peer);
  const local = fields['local.address'];
  if (typeof local === 'string' && !local.startsWith('%') && (mayChange || sa.localAddress === null)) sa.localAddress = local;
  const port = fields['peer.port'] ?? message.peerPort;
  if (typeof port === 'number') sa.peerPort = port;
  sa.lastTime = message.record.time ?? sa.lastTime;
  live.hear(sa);
}
