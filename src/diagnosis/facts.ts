import type { AbridgedStory, Attempt, Connection, Endpoint, TimelineEntry } from '../model/attempt.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import { describeKind } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';
import type { FactName, Facts, FactValue } from '../model/facts.js';
import type { FieldName, Fields } from '../model/fields.js';
import { isOpportunistic } from '../model/policy-groups.js';
import { NAT_TRAVERSAL_PORT } from '../model/ports.js';
import { certValidity } from './cert-validity.js';
import { hidesIdentity, isBehindNat, isOtherAddress } from './hidden-identity.js';
import { carriesL2tp } from './l2tp.js';
import { differingGroups, proposalDifference } from './proposal-difference.js';

/** An SA up for no longer than this (milliseconds) was taken down because of what the other end thought of it. */
const BRIEF = 10_000;
/** Milliseconds after which the exchange that established an IKE SA is certainly over. */
const LONG = 30_000;

const PPK_USED: readonly EventKind[] = ['auth.ppk_used'];

type MutableFacts = Partial<Record<FactName, FactValue>>;

/** All facts about a failed attempt that conditions may test; what the log did not state has no entry. */
export function attemptFacts(attempt: Attempt, failure: TimelineEntry, hostFailures: readonly TimelineEntry[]): Facts {
  const { connection } = attempt;
  const { before, after } = kindsAround(attempt, failure);
  // What every attempt has comes first: to a layout that is always the same the rest is added fast
  const facts: MutableFacts = {
    'attempt.subject': attempt.subject,
    'attempt.role': attempt.role,
    'attempt.exchange': attempt.exchange,
    'attempt.version': versionOf(attempt, failure.event.message),
    'attempt.purpose': attempt.purpose,
    'attempt.reached': attempt.reached,
    'attempt.outcome': attempt.outcome,
    'attempt.retransmits': attempt.retransmits,
    'attempt.peer_answered': attempt.peerAnswered,
    'attempt.begun_before': attempt.visibleStartOnly,
    'attempt.brief': isBrief(attempt, failure),
    'attempt.before': before,
    'attempt.after': after,
    'connection.daemon': connection.daemon,
    'connection.named': connection.name !== null,
    'connection.opportunistic': isOpportunistic(connection.name),
    'connection.any_peer': takesAnyPeer(connection),
    'connection.was_up': wasUpBefore(attempt),
    'connection.child_was_up': attemptsBefore(attempt).some(({ subject, reached }) => subject === 'child' && reached === 'established'),
    'connection.long_up': isLongUp(attempt, failure),
    'connection.peer_begins_anew': beginsAnew(attempt, failure),
    'connection.carries_l2tp': carriesL2tp(connection),
    'host.failures': kindsOf(hostFailures.filter((entry) => hostOf(entry) === connection.host)),
    'failure.event': failure.event.kind,
    'failure.link': failure.link,
  };
  addEnds(facts, attempt);
  Object.assign(facts, childName(connection));
  addKnown(facts, attempt.fields);
  addFailure(facts, failure);
  Object.assign(facts, comparedFacts(attempt, failure), requestFacts(attempt), trafficOf(attempt));
  const nat = seesNat(facts, before);
  // If the attempt's first line is the failure, nothing is known about what came before.
  if (nat || before.length > 0) facts['nat.detected'] = nat;
  facts['nat.port_open'] = attempt.natPortIsOpen;
  facts['nat.unnoticed'] = !nat && isBehindNat(stringOf(facts['peer.id']), stringOf(facts['peer.address']));
  facts['nat.off_here'] = isNatOffHere(connection);
  facts['nat.hides_identity'] = hidesIdentity(stringOf(facts['local.id']), stringOf(facts['peer.address']), nat);
  facts['nat.renames_us'] = before.includes('nat.local') && attempt.role === 'responder' && isOtherAddress(stringOf(facts['local.id']), stringOf(facts['local.address']));
  facts['nat.renames_peer'] = before.includes('nat.peer') && isOtherAddress(stringOf(facts['peer.id']), stringOf(facts['peer.address']));
  return facts;
}

/** Facts of a failure that concerns no single connection, or one that was not loaded, which the line may name. */
export function hostFacts(entry: TimelineEntry): Facts {
  const { connectionName: name, daemon } = entry.event.message;
  const facts: MutableFacts = { 'failure.event': entry.event.kind, 'failure.link': entry.link, 'connection.daemon': daemon };
  if (name !== null) facts['connection.name'] = name;
  addKnown(facts, entry.event.fields);
  addFailure(facts, entry);
  return facts;
}

/** If clients share the connection, what was learned about the latest one does not apply to another. */
function addEnds(facts: MutableFacts, { connection: { name, local, peer }, peerAddress }: Attempt): void {
  if (name !== null) facts['connection.name'] = name;
  addEnd(facts, 'local', local);
  addEnd(facts, 'peer', peerAddress !== null && peerAddress !== peer.address ? { address: peerAddress, port: null, id: null } : peer);
}

/** The peer is there and wants a tunnel, whatever it leaves unanswered here. */
function beginsAnew({ connection, peerAddress }: Attempt, { event }: TimelineEntry): boolean {
  const failed = event.message.record.time;
  return failed !== null && peerAddress !== null && connection.attempts.some(({ subject, role, purpose, peerAddress: address, started }) =>
    subject === 'ike' && role === 'responder' && purpose === 'create' && address === peerAddress && started !== null && started >= failed);
}

/** pluto and charon count the bytes of a Child SA when it ends; pluto rounds larger numbers, which are not read. */
function trafficOf({ connection, peerAddress }: Attempt): MutableFacts {
  const { 'bytes.in': received, 'bytes.out': sent } = connection.attempts.findLast(({ subject, fields, peerAddress: address }) => subject === 'child' && fields['bytes.in'] !== undefined && address === peerAddress)?.fields ?? {};
  if (received === undefined || sent === undefined) return {};
  if (received === 0) return { 'connection.carried': 'nothing' };
  return { 'connection.carried': sent === 0 ? 'nothing back' : 'both' };
}

/** pluto numbers the instances of a connection whose peer address is not configured. */
export function takesAnyPeer({ attempts }: Connection): boolean {
  return attempts.some(({ role, entries, firstFailure }) => role === 'responder' && [firstFailure, entries[0], entries.at(-1)].some((entry) => entry != null && entry.event.message.instance !== null));
}

/**
 * The name by which strongSwan initiates and rekeys: that of the Child SA configuration, often the same as the
 * connection's.
 */
export function childName({ name, attempts }: Connection): Facts {
  const known = attempts.findLast(({ fields }) => fields['child.name'] !== undefined)?.fields['child.name'] ?? name;
  return known === null ? {} : { 'child.name': known };
}

function addEnd(facts: MutableFacts, side: 'local' | 'peer', { address, port, id }: Readonly<Endpoint>): void {
  if (address !== null && !isWildcard(address)) facts[`${side}.address`] = address;
  if (port !== null) facts[`${side}.port`] = port;
  if (id !== null) facts[`${side}.id`] = id;
}

/** Drops `%any`, a placeholder for an unknown identity or address, so that it does not hide a known one. */
function addKnown(facts: MutableFacts, fields: Fields): void {
  for (const key in fields) {
    const name = key as FieldName;
    const value = fields[name];
    if (value !== undefined && !isWildcard(value)) facts[name] = value;
  }
}

const isWildcard = (value: string | number): boolean => value === '%any' || value === '%any6';

function addFailure(facts: MutableFacts, { event: { kind, fields } }: TimelineEntry): void {
  for (const key in fields) {
    const name = key as FieldName;
    const value = fields[name];
    if (value !== undefined) facts[`failure.${name}`] = value;
  }
  if (kind === 'network.dns_failed' && isHidden(String(fields['peer.name'] ?? ''))) facts['failure.detail'] = 'a name or an address';
}

/** Whoever posted the log replaced the name that could not be resolved: `XXX`, `PEER_IP`, `[redacted]`. */
const isHidden = (name: string): boolean => /^[A-Z\d_-]+$|[*#?█<>[\](){}$]|%\w+%/.test(name) || /(?:^|[_.-])ip\d?(?:$|[_.-])|^[x.]+$|redacted|removed|masked|hidden/i.test(name);

/** Facts derived by comparing two values. */
function comparedFacts({ fields, exchange, subject, purpose, connection }: Attempt, failure: TimelineEntry): MutableFacts {
  const { 'proposal.received': received, 'proposal.configured': configured } = fields;
  const { 'cert.valid_from': from, 'cert.valid_until': until } = failure.event.fields;
  const difference = received === undefined || configured === undefined ? undefined : proposalDifference(String(received), String(configured), (exchange === 'ikev2' || exchange === 'unknown') && subject === 'child' && purpose === 'create');
  const validity = certValidity(textOf(from), textOf(until), failure.event.message.record);
  const { 'icmp.complainant': complainant, 'dh.received': sent, 'dh.expected': expected, 'local.lost_addresses': lost } = failure.event.fields;
  return {
    ...(complainant === undefined ? {} : { 'icmp.sent_here': isOwnAddress(String(complainant), failure, connection) }),
    ...(lost === undefined || connection.local.address === null ? {} : { 'local.address_lost': String(lost).split(' ').includes(connection.local.address) }),
    ...(sent === undefined || expected === undefined ? {} : { 'dh.same': sent === expected }),
    ...(difference === undefined ? {} : { 'proposal.difference': difference }),
    ...(difference === 'key exchange group' ? differingGroups(String(received), String(configured)) : {}),
    ...(validity === undefined ? {} : { 'cert.validity': validity }),
  };
}

/** charon's request for a Child SA in an exchange of its own has a KE payload if its first proposal has a group. */
function requestFacts({ connection, subject, role, entries }: Attempt): MutableFacts {
  if (connection.daemon !== 'charon' || subject !== 'child' || role !== 'initiator') return {};
  const request = entries.findLast(({ event: { kind, fields } }) => kind === 'message.generating' && fields['message.kind'] === 'request' && CHILD_REQUEST.test(`${fields['exchange.name']} ${fields['message.payloads']}`));
  return request === undefined ? {} : { 'child.requests_pfs': / KE /.test(String(request.event.fields['message.payloads'])) };
}

const CHILD_REQUEST = /^(?:CREATE_CHILD_SA|QUICK_MODE) .*\bSA No\b/;

/** pluto writes the address from which it sent in parentheses: `(192.0.2.1:500)`, `([2001:db8::1]:500)`. */
function isOwnAddress(address: string, { event: { message: { text } } }: TimelineEntry, { local }: Connection): boolean {
  return local.address === address || text.includes(`(${address}:`) || text.includes(`([${address}]:`);
}

const stringOf = (value: FactValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

const textOf = (value: string | number | undefined): string | undefined => (value === undefined ? undefined : String(value));

function isPastOf({ saNumber, subject, started }: Attempt, other: Attempt): boolean {
  return other.saNumber === saNumber && other.subject === subject && (started === null || (other.started ?? 0) <= started);
}

/** Event kinds before and after the failure. For an existing SA, those of its establishment count as before. */
function kindsAround(attempt: Attempt, failure: TimelineEntry): { before: string[]; after: string[] } {
  const { before, after } = attempt.abridged ?? splitAt(attempt.entries, failure);
  const past = attempt.purpose === 'create' ? [] : attempt.connection.attempts.filter((other) => other !== attempt && isPastOf(attempt, other));
  const known = [...past.flatMap(kindsOfPast), ...before, ...(showsPpk(attempt) ? PPK_USED : [])];
  return { before: distinct(offersBoth(attempt) ? known.filter((kind) => kind !== 'auth.ppk_unknown') : known), after: distinct(after) };
}

/**
 * charon reports the use of a PPK only on success; before that, the notify with the key's identity shows it (RFC 8784
 * section 3). Where the log has lost the message that contains it, a PPK that was offered may be used.
 */
function showsPpk({ exchange, entries }: Attempt): boolean {
  if (exchange !== 'ikev2' || entries.some(({ event: { kind } }) => kind === 'auth.ppk_unknown')) return false;
  const isAuthShown = entries.some(({ event: { fields } }) => fields['exchange.name'] === 'IKE_AUTH' && fields['message.payloads'] !== undefined);
  return hasPayload(entries, 'N(PPK_ID)') || hasPayload(entries, 'N(PPK_IDENTITY)') || (hasPayload(entries, 'N(USE_PPK)') && !isAuthShown);
}

/** The peer also sent an authentication without the PPK, which then is the one that was checked. */
function offersBoth({ entries }: Attempt): boolean {
  return hasPayload(entries, 'N(NO_PPK');
}

function hasPayload(entries: readonly TimelineEntry[], payload: string): boolean {
  return entries.some(({ event: { fields } }) => fields['message.payloads']?.toString().includes(payload) === true);
}

/**
 * Ignores a peer's move before the SA is up: behind a NAT it changes its port when NAT traversal begins (RFC 3947
 * section 4).
 */
function kindsOfPast(attempt: Attempt): readonly EventKind[] {
  const kinds = kindsOfAttempt(attempt);
  const up = kinds.findIndex((kind) => describeKind(kind).outcome === 'established');
  return kinds.filter((kind, at) => at > up || kind !== 'network.peer_moved');
}

function splitAt(entries: readonly TimelineEntry[], failure: TimelineEntry): AbridgedStory {
  const kinds = entries.map(({ event }) => event.kind);
  const at = entries.indexOf(failure);
  return at < 0 ? { before: kinds, after: [] } : { before: kinds.slice(0, at), after: kinds.slice(at + 1) };
}

function kindsOfAttempt({ abridged, entries }: Attempt): readonly EventKind[] {
  return abridged === null ? entries.map(({ event }) => event.kind) : [...abridged.before, ...abridged.after];
}

const distinct = (kinds: readonly EventKind[]): string[] => [...new Set(kinds)];

const kindsOf = (entries: readonly TimelineEntry[]): string[] => [...new Set(entries.map((entry) => entry.event.kind))];

const hostOf = (entry: TimelineEntry): string => entry.event.message.record.host;

/** racoon has IKEv1 only; RouterOS, whose lines are read as racoon's, has both. */
function versionOf({ exchange }: Attempt, { daemon, record: { program } }: DaemonMessage): string {
  if (exchange !== 'unknown') return exchange === 'ikev2' ? exchange : 'ikev1';
  return daemon === 'racoon' && program !== 'routeros' ? 'ikev1' : exchange;
}

function wasUpBefore(attempt: Attempt): boolean {
  if (!attempt.connection.attempts.includes(attempt)) return attempt.connection.everEstablished;
  return attemptsBefore(attempt).some((earlier) => earlier.reached === 'established');
}

function attemptsBefore(attempt: Attempt): readonly Attempt[] {
  const { attempts } = attempt.connection;
  return attempts.slice(0, Math.max(attempts.indexOf(attempt), 0));
}

/** The first Child SA comes up with its IKE SA; later ones are negotiated on their own. */
function isLongUp({ connection }: Attempt, { event }: TimelineEntry): boolean {
  const { time } = event.message.record;
  const up = connection.attempts.findLast(({ subject, reached, ended }) => subject === 'ike' && reached === 'established' && ended !== null && time !== null && ended <= time);
  return up?.ended != null && time !== null && time - up.ended > LONG;
}

/**
 * Did the SA that the failure ended come up just before? Events of an established SA form a separate attempt, after the
 * one that created it.
 */
function isBrief({ connection, subject, purpose, started }: Attempt, { event }: TimelineEntry): boolean {
  const made = purpose === 'maintain' ? connection.attempts.findLast((each) => each.subject === subject && each.purpose !== 'maintain' && each.reached === 'established') : undefined;
  const begun = made === undefined ? started : made.started;
  const { time } = event.message.record;
  return begun !== null && time !== null && time - begun <= BRIEF;
}

/** The peer offered NAT traversal in the latest negotiation of an IKE SA, and this gateway does not do it. */
function isNatOffHere({ attempts }: Connection): boolean {
  const latest = attempts.findLast(({ subject, purpose }) => subject === 'ike' && purpose !== 'maintain');
  return latest !== undefined && kindsOfAttempt(latest).includes('nat.off_here');
}

function seesNat(facts: MutableFacts, before: readonly string[]): boolean {
  return before.includes('nat.local') || before.includes('nat.peer')
    || facts['local.port'] === NAT_TRAVERSAL_PORT || facts['peer.port'] === NAT_TRAVERSAL_PORT;
}
