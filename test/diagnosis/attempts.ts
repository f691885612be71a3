import type { Attempt, Connection, TimelineEntry } from '../../src/model/attempt.js';
import type { Cause, CauseClause } from '../../src/model/cause.js';
import type { Daemon } from '../../src/model/daemons.js';
import type { EventKind } from '../../src/model/event-kinds.js';
import type { Fields } from '../../src/model/fields.js';

/** A timeline entry, with what the diagnosis uses. */
export function entry(kind: EventKind, fields: Fields = {}, daemon: Daemon = 'charon'): TimelineEntry {
  const line = { source: 'charon.log', number: 1, text: '' };
  const record = { line, time: 0, inferred: [], host: 'gw', program: 'charon', pid: 1, message: '', repeats: 1, tag: null };
  const message = {
    record, daemon, text: '', connectionName: null, instance: null, saNumber: 1,
    peerAddress: null, peerPort: null, thread: null, group: null,
  };
  return { link: 'sa', event: { kind, fields, signature: 'charon/test', message } };
}

/** A failed attempt of the connection `office`, whose last entry is its first failure. */
export function attempt(entries: readonly TimelineEntry[], changes: Partial<Attempt> = {}, daemon: Daemon = 'charon'): Attempt {
  const connection: Connection = {
    key: 'office', host: 'gw', daemon, name: 'office',
    local: { address: '192.0.2.1', port: 500, id: null },
    peer: { address: '198.51.100.7', port: 500, id: null },
    attempts: [], omittedAttempts: 0, everEstablished: false, rekeys: 0,
  };
  return {
    connection, subject: 'ike', role: 'initiator', exchange: 'ikev2', purpose: 'create', saNumber: 1, peerAddress: '198.51.100.7', started: 0, ended: 1,
    reached: 'started', outcome: 'failed', retired: false, endsIkeSa: false, entries, omittedEntries: 0, abridged: null, firstFailure: entries.at(-1) ?? null,
    visibleStartOnly: false, unread: null, doubt: null, candidates: [], fields: {}, vendorIds: [], retransmits: 0, peerAnswered: false, natPortIsOpen: false, repeats: 1, lastRepeat: null, closedBy: null,
    ...changes,
  };
}

/** A cause with one clause on `auth.mac_mismatched`. */
export function cause(id: string, clause: Partial<CauseClause>, changes: Partial<Cause> = {}): Cause {
  return {
    id, title: id, side: 'unknown', frequency: 'common', explanation: 'Something is wrong.',
    when: [{ on: ['auth.mac_mismatched'], confidence: 'certain', ...clause }],
    insteadOf: [], remedies: [], askPeer: [], references: [], examples: { fires: [], silent: [] },
    ...changes,
  };
}
