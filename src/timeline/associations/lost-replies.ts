import type { Event } from '../../model/event.js';
import { describeKind } from '../../model/event-kinds.js';
import type { FieldValue } from '../../model/fields.js';

/** On any link that drops packets, one repetition or two are answered in the end. */
const TOO_OFTEN = 3;
/** Requests that wait while this side is busy are read within a moment (milliseconds). */
const LASTING = 5_000;
/** What is logged of the repeated packet itself. */
const OF_PACKET: ReadonlySet<string> = new Set(['retransmit.received', 'retransmit.unanswered', 'retransmit.not_answered', 'packet.received', 'packet.ignored', 'fragment.received', 'fragment.complete', 'fragment.repeated', 'fragment.lost']);

/**
 * How often the peer of an SA that is up repeats a request that this side answered: no line says that the answers do
 * not arrive. Only where the next request is logged, which shows that all is well again: charon logs each with its
 * number, and pluto those of IKEv1, which are repeated in a state that the next one ends. Of IKEv2 pluto logs those that
 * negotiate something, so only the last one of the tunnel's own negotiation counts: without its answer there is no
 * tunnel, and few peers repeat it for long.
 */
export class RepeatedRequest {
  private id: FieldValue | undefined;
  private times = 0;
  /** The first repetition. */
  first: Event | null = null;

  hear(event: Event): void {
    if (event.kind === 'retransmit.received') this.hearAgain(event);
    else if (event.kind === 'message.parsed') this.hearRequest(event.fields['message.id']);
    else if (this.times > 0 && describeKind(event.kind).heard === true && !OF_PACKET.has(event.kind)) this.forget();
  }

  /** Nothing else was heard since. */
  get isRepeated(): boolean {
    return this.times > 0;
  }

  /** The answers do not arrive, as far as known with this line. */
  isMissed({ message: { record: { time } } }: Event): boolean {
    const since = this.first?.message.record.time ?? null;
    return this.times >= TOO_OFTEN && since !== null && time !== null && time - since >= LASTING;
  }

  private hearAgain(event: Event): void {
    const { 'message.id': message } = event.fields;
    const state = event.fields['state.name'] ?? lastOfNegotiation(event);
    if (state !== undefined) this.hearRequest(state);
    if (this.id === undefined || (state ?? message) !== this.id) return;
    this.first ??= event;
    this.times += 1;
  }

  private hearRequest(id: FieldValue | undefined): void {
    if (id === this.id) return;
    this.id = id;
    this.forget();
  }

  private forget(): void {
    this.times = 0;
    this.first = null;
  }
}

/** What pluto calls the request that is repeated, if that is IKE_AUTH. */
function lastOfNegotiation({ message, fields }: Event): FieldValue | undefined {
  return message.daemon === 'pluto' && fields['exchange.name'] === 'IKE_AUTH' ? fields['exchange.name'] : undefined;
}
