import type { AbridgedStory, Attempt, Connection, Endpoint, Exchange, TimelineEntry } from '../model/attempt.js';
import { describeKind } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';
import type { FactName, Facts, FactValue } from '../model/facts.js';
import type { Fields } from '../model/fields.js';
import { isOpportunistic } from '../model/policy-groups.js';
import { certValidity } from './cert-validity.js';
import { hidesIdentity } from './hidden-identity.js';
import { carriesL2tp } from './l2tp.js';
import { proposalDifference } from './proposal-difference.js';

/** An SA that is up no longer than that was taken down by what the other end thought of it (milliseconds). */
const BRIEF = 10_000;
/** Milliseconds after which the exchange that brought up an IKE SA is over. */
const LONG = 30_000;

const PPK_USED: readonly EventKind[] = ['auth.ppk_used'];

type MutableFacts = Partial<Record<FactName, FactValue>>;

/** UDP port of IKE and ESP behind a NAT, RFC 3947 and RFC 7296 section 2.23. */
const NAT_TRAVERSAL_PORT = 4500;

/** Everything the conditions of a cause may test about a failed attempt; what the log did not say has no entry. */
export function attemptFacts(attempt: Attempt, failure: TimelineEntry, hostFailures: readonly TimelineEntry[]): Facts {
  const { connection } = attempt;
  const { before, after } = kindsAround(attempt, failure);
  const facts: MutableFacts = {
    ...endpointFacts(attempt),
    ...childName(connection),
    ...withoutWildcards(attempt.fields),
    ...failureFacts(failure),
    ...comparedFacts(attempt, failure),
    'attempt.subject': attempt.subject,
    'attempt.role': attempt.role,
    'attempt.exchange': attempt.exchange,
    'attempt.version': versionOf(attempt.exchange),
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
    'connection.carries_l2tp': carriesL2tp(connection),
    'host.failures': kindsOf(hostFailures.filter((entry) => hostOf(entry) === connection.host)),
  };
  const nat = seesNat(facts, before);
  // Of an attempt whose first line fails nothing is known of what was before.
  if (nat || before.length > 0) facts['nat.detected'] = nat;
  facts['nat.hides_identity'] = hidesIdentity(stringOf(facts['local.id']), stringOf(facts['peer.address']), nat);
  return facts;
}

/** Facts of a failure that concerns no single connection. */
export function hostFacts(entry: TimelineEntry): Facts {
  return { ...withoutWildcards(entry.event.fields), ...failureFacts(entry), 'connection.daemon': entry.event.message.daemon };
}

/** Clients may share a connection: what was learned of the latest one says nothing of another. */
function endpointFacts({ connection: { name, local, peer }, peerAddress }: Attempt): MutableFacts {
  const another = peerAddress !== null && peerAddress !== peer.address;
  return {
    ...(name === null ? {} : { 'connection.name': name }),
    ...sideFacts('local', local),
    ...sideFacts('peer', another ? { address: peerAddress, port: null, id: null } : peer),
  };
}

/** pluto numbers the instances of a connection that names no address of the peer. */
export function takesAnyPeer({ attempts }: Connection): boolean {
  return attempts.some(({ role, entries, firstFailure }) => role === 'responder' && [firstFailure, entries[0], entries.at(-1)].some((entry) => entry != null && entry.event.message.instance !== null));
}

/** What is initiated and rekeyed by name in strongSwan: the Child SA's configuration, which is often named as its connection. */
export function childName({ name, attempts }: Connection): Facts {
  const known = attempts.findLast(({ fields }) => fields['child.name'] !== undefined)?.fields['child.name'] ?? name;
  return known === null ? {} : { 'child.name': known };
}

function sideFacts(side: 'local' | 'peer', { address, port, id }: Readonly<Endpoint>): MutableFacts {
  const facts: MutableFacts = {};
  if (address !== null && !isWildcard(address)) facts[`${side}.address`] = address;
  if (port !== null) facts[`${side}.port`] = port;
  if (id !== null) facts[`${side}.id`] = id;
  return facts;
}

/** `%any` stands for an identity or address that is not known yet; it must not hide one that is. */
function withoutWildcards(fields: Fields): MutableFacts {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && !isWildcard(value)));
}

const isWildcard = (value: string | number): boolean => value === '%any' || value === '%any6';

function failureFacts(failure: TimelineEntry): MutableFacts {
  const facts: Record<string, FactValue> = { 'failure.event': failure.event.kind, 'failure.link': failure.link };
  for (const [name, value] of Object.entries(failure.event.fields)) facts[`failure.${name}`] = value;
  if (failure.event.kind === 'network.dns_failed' && isHidden(String(failure.event.fields['peer.name'] ?? ''))) facts['failure.detail'] = 'a name or an address';
  return facts;
}

/** Who posted the log has written something else for what the daemon could not resolve: `XXX`, `PEER_IP`, `[redacted]`. */
const isHidden = (name: string): boolean => /^[A-Z\d_-]+$|[*#?█<>[\](){}$]|%\w+%/.test(name) || /(?:^|[_.-])ip\d?(?:$|[_.-])|^[x.]+$|redacted|removed|masked|hidden/i.test(name);

/** Facts that no line states but two values together do. */
function comparedFacts({ fields, exchange, subject, purpose }: Attempt, failure: TimelineEntry): MutableFacts {
  const { 'proposal.received': received, 'proposal.configured': configured } = fields;
  const { 'cert.valid_from': from, 'cert.valid_until': until } = failure.event.fields;
  const difference = received === undefined || configured === undefined ? undefined : proposalDifference(String(received), String(configured), (exchange === 'ikev2' || exchange === 'unknown') && subject === 'child' && purpose === 'create');
  const validity = certValidity(textOf(from), textOf(until), failure.event.message.record);
  return {
    ...(difference === undefined ? {} : { 'proposal.difference': difference }),
    ...(validity === undefined ? {} : { 'cert.validity': validity }),
  };
}

const stringOf = (value: FactValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

const textOf = (value: string | number | undefined): string | undefined => (value === undefined ? undefined : String(value));

function isPastOf({ saNumber, subject, started }: Attempt, other: Attempt): boolean {
  return other.saNumber === saNumber && other.subject === subject && (started === null || (other.started ?? 0) <= started);
}

/** What an SA goes through after it came up is seen against how it came up. */
function kindsAround(attempt: Attempt, failure: TimelineEntry): { before: string[]; after: string[] } {
  const { before, after } = attempt.abridged ?? splitAt(attempt.entries, failure);
  const past = attempt.purpose === 'create' ? [] : attempt.connection.attempts.filter((other) => other !== attempt && isPastOf(attempt, other));
  return { before: distinct([...past.flatMap(kindsOfPast), ...before, ...(showsPpk(attempt) ? PPK_USED : [])]), after: distinct(after) };
}

/** charon says that it uses one only when all is well; before, the notify with the identity of the key tells (RFC 8784 section 3). */
function showsPpk({ connection, exchange, entries }: Attempt): boolean {
  return connection.daemon === 'charon' && exchange === 'ikev2' && entries.some(({ event: { fields } }) => fields['message.payloads']?.toString().includes('N(PPK_ID)') === true);
}

/** A peer behind a NAT goes on from another port when NAT traversal begins (RFC 3947 section 4): before the SA is up, that is no move. */
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

function versionOf(exchange: Exchange): string {
  if (exchange === 'ikev2' || exchange === 'unknown') return exchange;
  return 'ikev1';
}

function wasUpBefore(attempt: Attempt): boolean {
  if (!attempt.connection.attempts.includes(attempt)) return attempt.connection.everEstablished;
  return attemptsBefore(attempt).some((earlier) => earlier.reached === 'established');
}

function attemptsBefore(attempt: Attempt): readonly Attempt[] {
  const { attempts } = attempt.connection;
  return attempts.slice(0, Math.max(attempts.indexOf(attempt), 0));
}

/** With the first Child SA its IKE SA comes up; those that come later are negotiated by themselves. */
function isLongUp({ connection }: Attempt, { event }: TimelineEntry): boolean {
  const { time } = event.message.record;
  const up = connection.attempts.findLast(({ subject, reached, ended }) => subject === 'ike' && reached === 'established' && ended !== null && time !== null && ended <= time);
  return up?.ended != null && time !== null && time - up.ended > LONG;
}

/** Did the SA that a failure ended come up just before? What an SA that is up comes to is an attempt of its own, after the one that made it. */
function isBrief({ connection, subject, purpose, started }: Attempt, { event }: TimelineEntry): boolean {
  const made = purpose === 'maintain' ? connection.attempts.findLast((each) => each.subject === subject && each.purpose !== 'maintain' && each.reached === 'established') : undefined;
  const begun = made === undefined ? started : made.started;
  const { time } = event.message.record;
  return begun !== null && time !== null && time - begun <= BRIEF;
}

function seesNat(facts: MutableFacts, before: readonly string[]): boolean {
  return before.includes('nat.local') || before.includes('nat.peer')
    || facts['local.port'] === NAT_TRAVERSAL_PORT || facts['peer.port'] === NAT_TRAVERSAL_PORT;
}
