import type { Analysis } from '../../src/model/analysis.js';
import type { Attempt, Connection, TimelineEntry } from '../../src/model/attempt.js';
import type { EventKind } from '../../src/model/event-kinds.js';
import type { Finding } from '../../src/model/report.js';

/** Epoch milliseconds for a time of day on the fixtures' day. */
export function at(time: string): number {
  return Date.parse(`2026-11-20T${time}Z`);
}

/** A timeline entry for a message from pluto on this line. */
export function entry(kind: EventKind, time: string | null, number: number, message: string): TimelineEntry {
  const line = { source: 'auth.log', number, text: `Nov 20 ${time ?? '10:00:00'} gw pluto[77]: ${message}` };
  const record = { line, time: time === null ? null : at(time), inferred: [], host: 'gw', program: 'pluto', pid: 77, message, repeats: 1, tag: null };
  const prefix = { connectionName: null, instance: null, saNumber: 1, peerAddress: null, peerPort: null, thread: null, group: null };
  return { event: { kind, fields: {}, signature: `pluto/test#${kind}`, message: { record, daemon: 'pluto', text: message, ...prefix } }, link: 'sa' };
}

/** A connection with these attempts, in time order. */
export function connection(name: string | null, peer: string, attempts: readonly Partial<Attempt>[], extra: Partial<Connection> = {}): Connection {
  const list: Attempt[] = [];
  const result: Connection = {
    key: `gw ${name} ${peer}`,
    host: 'gw',
    daemon: 'pluto',
    name,
    local: { address: '192.0.2.1', port: 500, id: null },
    peer: { address: peer, port: 500, id: null },
    attempts: list,
    everEstablished: false,
    rekeys: 0,
    omittedAttempts: 0,
    ...extra,
  };
  list.push(...attempts.map((attempt) => ({ ...BLANK, connection: result, ...attempt })));
  return result;
}

const BLANK: Omit<Attempt, 'connection'> = {
  subject: 'ike',
  role: 'initiator',
  exchange: 'ikev2',
  purpose: 'create',
  saNumber: 1,
  peerAddress: null,
  started: null,
  ended: null,
  reached: 'started',
  outcome: 'open', retired: false, endsIkeSa: false,
  entries: [],
  omittedEntries: 0,
  abridged: null,
  firstFailure: null,
  visibleStartOnly: false, unread: null, doubt: null,
  candidates: [],
  fields: {},
  vendorIds: [],
  retransmits: 0,
  peerAnswered: false,
    natPortIsOpen: false,
  repeats: 1,
  lastRepeat: null,
  closedBy: null,
};

const GAVE_UP = entry('retransmit.gave_up', '10:02:11', 1042, '"office-berlin" #1: max number of retransmissions (8) reached STATE_MAIN_I1.  No response (or no acceptable response) to our first IKEv1 message');

/** Main Mode without any answer, 14 times. */
export const NO_ANSWER: Partial<Attempt> = {
  exchange: 'ikev1-main',
  started: at('10:01:07'),
  ended: at('10:02:11'),
  outcome: 'timed-out',
  entries: [
    entry('ike.initiating_main', '10:01:07', 1021, '"office-berlin" #1: initiating IKEv1 Main Mode connection'),
    entry('retransmit.sent', '10:01:08', 1022, '"office-berlin" #1: STATE_MAIN_I1: retransmission; will wait 0.5 seconds for response'),
    entry('retransmit.sent', '10:01:09', 1023, '"office-berlin" #1: STATE_MAIN_I1: retransmission; will wait 1 seconds for response'),
    entry('retransmit.sent', '10:01:11', 1025, '"office-berlin" #1: STATE_MAIN_I1: retransmission; will wait 2 seconds for response'),
    GAVE_UP,
  ],
  firstFailure: GAVE_UP,
  retransmits: 112,
  repeats: 14,
  lastRepeat: at('12:31:44'),
};

/** An IKE SA that came up. */
export const UP: Partial<Attempt> = {
  started: at('10:00:01'),
  ended: at('10:00:03'),
  reached: 'established',
  outcome: 'established',
  entries: [entry('ike.established', '10:00:03', 12, '"office-paris" #3: established IKE SA; authenticated using authby=secret')],
};

/** A Child SA rejected by the peer. */
export const CHILD_REFUSED: Partial<Attempt> = {
  subject: 'child',
  started: at('10:00:02'),
  ended: at('10:00:03'),
  outcome: 'failed',
  fields: { 'child.name': 'lab-net' },
  firstFailure: entry('child.ts_rejected_by_peer', '10:00:03', 14, 'received TS_UNACCEPTABLE notify, no CHILD_SA built'),
};

export const FINDINGS: readonly Finding[] = [
  {
    cause: 'network/no-answer',
    confidence: 'likely',
    side: 'between',
    title: 'UDP port 500 does not get through between 192.0.2.1 and 198.51.100.7',
    explanation: 'Not one packet of 198.51.100.7 arrived: a firewall drops UDP port 500, the address is wrong, or no daemon runs there.',
    remedies: [
      { side: 'here', do: 'Watch whether anything comes back while the tunnel is initiated.', command: "tcpdump -ni any 'host 198.51.100.7 and udp port 500'" },
      { side: 'between', do: 'Allow UDP 500 and 4500 in both directions on every firewall on the way.', command: null },
    ],
    askPeer: [{ for: 'pluto', grep: 'but no connection has been authorized', means: 'our packets arrive, and the peer has no connection for them' }],
    references: ['https://www.rfc-editor.org/rfc/rfc7296'],
  },
  {
    cause: 'version/ike-version-mismatch',
    confidence: 'possible',
    side: 'unknown',
    title: 'the peer speaks only IKEv2 and stays silent',
    explanation: 'the peer speaks only IKEv2 and stays silent',
    remedies: [],
    askPeer: [],
    references: [],
  },
];

/** An analysis of these connections in which all failed attempts have the same findings. */
export function analysis(connections: readonly Connection[], extra: Partial<Analysis> = {}): Analysis {
  return {
    connections,
    counterpartOf: () => undefined,
    unheardBy: () => undefined,
    productOf: () => null,
    tunnelOf: () => undefined,
    observedOf: () => [],
    checklistOf: () => [],
    findingsOf: (attempt) => (attempt.firstFailure === null ? [] : FINDINGS),
    hostEntries: [],
    coverage: { lines: 48_211, relevant: 1_904, understood: 1_904, unknown: [], unknownOmitted: 0, gaps: [] },
    inferred: ['zone: UTC'],
    problems: [],
    sources: ['auth.log'],
    firstLine: null,
    first: at('10:00:01'),
    last: at('12:31:44'),
    ...extra,
  };
}
