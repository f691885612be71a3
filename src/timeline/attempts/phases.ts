import type { Exchange, Phase, Role, Subject } from '../../model/attempt.js';
import { PHASES } from '../../model/attempt.js';
import type { Daemon } from '../../model/daemons.js';
import type { Event } from '../../model/event.js';
import type { EventKind } from '../../model/event-kinds.js';
import type { Fields } from '../../model/fields.js';

/** Progress of an SA shown by a line, beyond its event kind. */
export interface StateProgress {
  readonly exchange: Exchange | undefined;
  readonly phase: Phase | undefined;
  readonly role: Role | undefined;
  readonly subject: 'ike' | 'child' | undefined;
}

/** Every property is always set, because V8 reads them faster from objects of one shape. */
const progress = (exchange?: Exchange, phase?: Phase, role?: Role, subject?: 'ike' | 'child'): StateProgress => ({ exchange, phase, role, subject });

const NONE = progress();
const OF_VERSION_1 = progress('ikev1');
const OF_VERSION_2 = progress('ikev2');

/** charon has a name of its own for each exchange of either version. */
const OF_EXCHANGE: ReadonlyMap<string, StateProgress> = new Map([
  ...['ID_PROT', 'AGGRESSIVE', 'QUICK_MODE', 'TRANSACTION', 'INFORMATIONAL_V1'].map((name) => [name, OF_VERSION_1] as const),
  ...['IKE_SA_INIT', 'IKE_INTERMEDIATE', 'IKE_AUTH', 'CREATE_CHILD_SA', 'INFORMATIONAL'].map((name) => [name, OF_VERSION_2] as const),
]);

/** The progress shown by an event, from the point of view of the daemon that logs it. */
export function progressOf(kind: EventKind, fields: Fields, { daemon, role }: { readonly daemon: Daemon; readonly role: Role }): StateProgress {
  if (kind === 'message.parsed' || kind === 'message.generating') return progressOfMessage(fields, kind === 'message.generating');
  if (kind === 'retransmit.sent' && daemon === 'charon' && (role === 'initiator' || (role === 'unknown' && isPhase1Request(fields)))) return progressOfRetransmit(fields);
  const state = fields['state.new'] ?? fields['state.name'];
  if (typeof state === 'string') return progressOfState(state) ?? NONE;
  const exchange = String(fields['exchange.name'] ?? '');
  if (/^(?:ISAKMP_v2_)?IKE_(?:SA_INIT|AUTH)\b/.test(exchange)) return kind === 'retransmit.received' ? REPEATED_REQUEST : OF_VERSION_2;
  return daemon === 'charon' ? OF_EXCHANGE.get(exchange) ?? NONE : NONE;
}

/**
 * Is a state that this line shows one that was reached? A request is sent again only in the state to which it belongs,
 * which may be that of another SA that carries it.
 */
export function provesState({ kind, message }: Event, { daemon, saNumber }: { readonly daemon: Daemon; readonly saNumber: number | null }): boolean {
  if (kind === 'message.generating') return daemon === 'charon';
  return (kind === 'retransmit.sent' || kind === 'retransmit.gave_up') && message.saNumber === saNumber;
}

/** A Child SA is rekeyed with a notify; what CREATE_CHILD_SA creates without any Child SA is the next IKE SA. */
export function isRekeying(subject: Subject, fields: Fields): boolean {
  return subject === 'child' ? String(fields['message.payloads']).includes('N(REKEY_SA)') : fields['exchange.name'] === 'CREATE_CHILD_SA';
}

/** charon reports the use of a PPK only on success; before that, the notify with the identity of the key shows it (RFC 8784 section 3). */
export function showsPpk({ kind, fields }: Event): boolean {
  return kind === 'auth.ppk_used' || (kind.startsWith('message.') && String(fields['message.payloads']).includes('N(PPK_ID'));
}

/** Only the initiator requests IKE_SA_INIT and IKE_AUTH: who receives such a request again is the responder. */
const REPEATED_REQUEST = progress('ikev2', 'started', 'responder', 'ike');

export const furthest = (one: Phase, other: Phase): Phase => (PHASES.indexOf(one) < PHASES.indexOf(other) ? other : one);

/** The exchange of an attempt as far as it is known after a line; one about the other SA tells only the version. */
export function refined(known: Exchange, told: Exchange | undefined, isOwn: boolean): Exchange {
  if (told === undefined) return known;
  if (known === 'unknown') return isOwn || told === 'ikev2' ? told : 'ikev1';
  return known === 'ikev1' && isOwn && told.startsWith('ikev1') ? told : known;
}

/**
 * pluto's states from FreeS/WAN 1.9 to Libreswan 5: IKEv1 names are unchanged, IKEv2 names lost `STATE_` and `V2_` over
 * the releases; Libreswan 5 drops the `STATE_` of all. A state name tells what this side has sent last.
 */
const STATES: readonly (readonly [RegExp, StateProgress])[] = [
  [/^(?:STATE_)?MAIN_I1$/, progress('ikev1-main', 'started', 'initiator', 'ike')],
  [/^(?:STATE_)?MAIN_I2$/, progress('ikev1-main', 'half-open', 'initiator', 'ike')],
  [/^(?:STATE_)?MAIN_I3$/, progress('ikev1-main', 'authenticating', 'initiator', 'ike')],
  [/^(?:STATE_)?MAIN_R[01]$/, progress('ikev1-main', 'started', 'responder', 'ike')],
  [/^(?:STATE_)?MAIN_R2$/, progress('ikev1-main', 'half-open', 'responder', 'ike')],
  [/^(?:STATE_)?MAIN_I4$/, progress('ikev1-main', 'established', 'initiator', 'ike')],
  [/^(?:STATE_)?MAIN_R3$/, progress('ikev1-main', 'established', 'responder', 'ike')],
  [/^(?:STATE_)?AGGR_I1$/, progress('ikev1-aggressive', 'started', 'initiator', 'ike')],
  [/^(?:STATE_)?AGGR_R[01]$/, progress('ikev1-aggressive', 'half-open', 'responder', 'ike')],
  [/^(?:STATE_)?AGGR_I2$/, progress('ikev1-aggressive', 'established', 'initiator', 'ike')],
  [/^(?:STATE_)?AGGR_R2$/, progress('ikev1-aggressive', 'established', 'responder', 'ike')],
  // Only after phase 1
  [/^(?:STATE_)?(?:XAUTH|MODE_CFG)_R[0-2]$/, progress(undefined, 'established', 'responder', 'ike')],
  [/^(?:STATE_)?(?:XAUTH|MODE_CFG)_I[01]$/, progress(undefined, 'established', 'initiator', 'ike')],
  [/^(?:STATE_)?QUICK_I1$/, progress('ikev1-quick', 'started', 'initiator', 'child')],
  [/^(?:STATE_)?QUICK_R[01]$/, progress('ikev1-quick', 'started', 'responder', 'child')],
  [/^(?:STATE_)?QUICK_I2$/, progress('ikev1-quick', 'established', 'initiator', 'child')],
  [/^(?:STATE_)?QUICK_R2$/, progress('ikev1-quick', 'established', 'responder', 'child')],
  [/^(?:STATE_)?(?:V2_)?(?:PARENT_I[01]|IKE_SA_INIT_I0?)$/, progress('ikev2', 'started', 'initiator')],
  [/^(?:STATE_)?(?:V2_)?(?:PARENT_I2|IKE_AUTH_I|IKE_AUTH_EAP_I)$/, progress('ikev2', 'authenticating', 'initiator')],
  [/^(?:STATE_)?(?:V2_)?(?:PARENT_R0|UNSECURED_R|IKE_SA_INIT_R0)$/, progress('ikev2', 'started', 'responder')],
  [/^(?:STATE_)?(?:V2_)?(?:PARENT_R1|IKE_SA_INIT_R|IKE_AUTH_R)$/, progress('ikev2', 'half-open', 'responder')],
  [/^(?:STATE_)?(?:V2_)?(?:ESTABLISHED_IKE_SA|PARENT_I3|PARENT_R2)$/, progress('ikev2', 'established', undefined, 'ike')],
  [/^(?:STATE_)?(?:V2_)?(?:ESTABLISHED_CHILD_SA|IPSEC_[IR])$/, progress('ikev2', 'established', undefined, 'child')],
  [/^(?:STATE_)?(?:V2_)?(?:REKEY_CHILD_|NEW_CHILD_|CREATE_CHILD_)/, progress('ikev2', 'started', undefined, 'child')],
  [/^(?:STATE_)?(?:V2_)?REKEY_IKE_/, progress('ikev2', 'started', undefined, 'ike')],
];

const seenStates = new Map<string, StateProgress | null>();
const MAX_SEEN_STATES = 256;

/** The progress shown by a pluto state; null for an unknown name. */
export function progressOfState(name: string): StateProgress | null {
  const known = seenStates.get(name);
  if (known !== undefined) {
    return known;
  }
  const shown = STATES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
  if (seenStates.size < MAX_SEEN_STATES) {
    seenStates.set(name, shown);
  }
  return shown;
}

/**
 * The progress shown by a charon message (`generating IKE_AUTH request 1 [ ... ]`, `parsed ...`). A response to
 * IKE_SA_INIT or to the first Main Mode message counts as half-open only with the payloads of success, not with a
 * notify alone.
 */
function progressOfMessage(fields: Fields, sent: boolean): StateProgress {
  const kind = fields['message.kind'];
  const request = kind === 'request';
  const payloads = String(fields['message.payloads'] ?? '');
  const role: Role = kind === undefined ? 'unknown' : request === sent ? 'initiator' : 'responder';
  switch (fields['exchange.name']) {
    case 'IKE_SA_INIT':
      return progress('ikev2', !request && has(payloads, 'KE') ? 'half-open' : 'started', role, 'ike');
    case 'IKE_AUTH':
      // The responder authenticates itself, and grants a Child SA, only to a peer that is authenticated
      return progress('ikev2', sent && !request && has(payloads, 'AUTH') && has(payloads, 'TSr') ? 'established' : 'authenticating', role, 'ike');
    case 'ID_PROT':
      return progress('ikev1-main', mainModePhase(payloads, request), role, 'ike');
    case 'AGGRESSIVE':
      return progress('ikev1-aggressive', has(payloads, 'HASH') || !request ? 'authenticating' : 'started', role, 'ike');
    case 'QUICK_MODE':
      return progress('ikev1-quick', 'started', role, 'child');
    default:
      return OF_EXCHANGE.get(String(fields['exchange.name'])) ?? NONE;
  }
}

/**
 * The progress shown by what charon's initiator retransmits: its second request implies an answer to the first (RFC
 * 7296 section 2.2; charon counts IKEv1 messages from 1).
 */
function progressOfRetransmit(fields: Fields): StateProgress {
  if (fields['message.kind'] !== 'request' || (fields['message.sequence'] === undefined && fields['message.id'] === undefined)) return NONE;
  const first = fields['message.sequence'] === undefined ? fields['message.id'] === 0 : fields['message.sequence'] === 1;
  return progress(fields['message.sequence'] === undefined ? undefined : 'ikev1', first ? 'started' : 'half-open', isPhase1Request(fields) ? 'initiator' : undefined, 'ike');
}

/** charon gives only IKEv1 messages a sequence. Those of Main and Aggressive Mode have ID 0, and its responder's are no requests. */
function isPhase1Request(fields: Fields): boolean {
  return fields['message.sequence'] !== undefined && fields['message.id'] === 0 && fields['message.kind'] === 'request';
}

function mainModePhase(payloads: string, request: boolean): Phase {
  if (has(payloads, 'ID')) return 'authenticating';
  if (has(payloads, 'KE')) return 'half-open';
  return !request && has(payloads, 'SA') ? 'half-open' : 'started';
}

/** Is the payload in a list like `SA KE No N(NATD_S_IP)`? */
function has(payloads: string, payload: string): boolean {
  for (let at = payloads.indexOf(payload); at >= 0; at = payloads.indexOf(payload, at + 1)) {
    const end = at + payload.length;
    if ((at === 0 || payloads[at - 1] === ' ') && (end === payloads.length || payloads[end] === ' ')) return true;
  }
  return false;
}
