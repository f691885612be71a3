import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import type { EventKind } from '../model/event-kinds.js';

/** Lines of other threads that may follow the last packet of a truncated log. */
const LAST_LINES = 8;

/**
 * The event that charon would log next after parsing a rejection, by exchange and notify; a notify next to the peer's
 * AUTH is about the Child SA.
 */
const REFUSALS: readonly (readonly [RegExp, RegExp, EventKind])[] = [
  [/^(?:IKE_SA_INIT response|(?:ID_PROT|AGGRESSIVE) response|INFORMATIONAL_V1 request)$/, /\bN\(NO_PROP\)/, 'proposal.no_proposal_received'],
  [/^IKE_AUTH response$/, /\bAUTH .*N\(NO_PROP\)/, 'proposal.child_no_proposal_received'],
  [/^IKE_AUTH response$/, /\bN\(NO_PROP\)/, 'proposal.no_proposal_received'],
  [/^CREATE_CHILD_SA response$/, /\bN\(NO_PROP\)/, 'proposal.child_no_proposal_received'],
  [/^(?:IKE_AUTH|CREATE_CHILD_SA) response$/, /\bN\(TS_UNACCEPT\)/, 'child.ts_rejected_by_peer'],
  [/^IKE_AUTH response$/, /\bN\(AUTH_FAILED\)/, 'auth.rejected_by_peer'],
  [/^INFORMATIONAL_V1 request$/, /\bN\((?:AUTH_FAILED|INVAL_ID)\)/, 'auth.rejected_by_peer_ikev1'],
];

/** Cheap test first: most messages contain none of these. */
const REFUSES = /N\((?:NO_PROP|TS_UNACCEPT|AUTH_FAILED|INVAL_ID)\)/;

/**
 * People copy logs up to the packet with the rejection, or up to the proposals that do not match, without the next line
 * that explains it: reconstructs the event of that line.
 */
export class CutOff {
  private refused: Event | null = null;
  /** charon's configured proposals, if its thread has logged nothing since. */
  private configured: Event | null = null;
  private since = 0;

  note(event: Event): void {
    if (this.refused !== null && ((isOfThread(event, this.refused) && tellsMore(event)) || ++this.since > LAST_LINES)) this.refused = null;
    const compared = this.comparedBefore(event);
    const kind = compared === null ? refusalIn(event) : mismatchOf(compared);
    if (kind === null) return;
    this.refused = { ...(compared ?? event), kind };
    this.since = 0;
  }

  /**
   * charon logs the proposals of both ends before the one that it selects, or if it selects none (proposal.c): the
   * configured ones, if the thread goes on without one.
   */
  private comparedBefore(event: Event): Event | null {
    const { configured } = this;
    if (event.kind === 'proposal.configured' && event.message.daemon === 'charon') this.configured = event;
    else if (configured !== null && isOfThread(event, configured)) {
      this.configured = null;
      return goesOnWithout(event) ? configured : null;
    }
    return null;
  }

  /** The rejection with which the log ends, if any. */
  take(): Event | null {
    const { refused } = this;
    this.refused = null;
    return refused;
  }
}

function isOfThread({ message: { thread, record } }: Event, { message }: Event): boolean {
  return message.thread === thread && message.record.host === record.host && message.record.pid === record.pid;
}

/** Neither a proposal, nor the failure itself, nor another configuration that may match. */
function goesOnWithout({ kind }: Event): boolean {
  return !kind.startsWith('proposal.') && !['failure', 'end', 'noise'].includes(describeKind(kind).role);
}

function mismatchOf({ fields }: Event): EventKind {
  return /^(?:ESP|AH):/.test(String(fields['proposal.configured'])) ? 'proposal.child_no_match' : 'proposal.ike_no_match';
}

/** The thread has told the rejection, or gone on to the next packet; before, it reads certificates and comes up. */
function tellsMore({ kind }: Event): boolean {
  return kind.startsWith('packet.') || kind.startsWith('message.') || ['failure', 'end'].includes(describeKind(kind).role);
}

function refusalIn({ kind, fields, message: { daemon } }: Event): EventKind | null {
  if (kind !== 'message.parsed' || daemon !== 'charon') return null;
  if (!REFUSES.test(String(fields['message.payloads']))) return null;
  const [message, payloads] = [`${fields['exchange.name']} ${fields['message.kind']}`, String(fields['message.payloads'])];
  return REFUSALS.find(([exchange, notify]) => exchange.test(message) && notify.test(payloads))?.[2] ?? null;
}
