import type { DaemonMessage } from '../model/daemon-message.js';

/** Slots of the memory of messages; a message that comes to the slot of an older one displaces it. */
const SLOTS = 1 << 16;
/** Records that may lie between a copy that comes first, unbuffered, and its original. */
const NEAR = 512;
/** Records that may lie between a message and its copy for the other syslog facility. */
const ADJACENT = 16;

/** Programs between which `ipsec start` doubles lines. */
const STARTER_FAMILY = new Set(['charon', 'ipsec', 'ipsec_starter']);

interface Fingerprint {
  readonly slot: number;
  readonly print: number;
}

interface Last {
  readonly text: string;
  readonly program: string;
  readonly pid: number | null;
  readonly time: number | null;
  readonly at: number;
}

/**
 * Recognises lines that a strongSwan installation under `ipsec start` writes more than once: charon's lines for the facility
 * `authpriv` again, and its whole standard output as lines of `ipsec`, buffered, and so stamped minutes or days later.
 * charon-systemd with a syslog section writes each line with its prefix to syslog and without to the journal.
 */
export class CopyMemory {
  readonly #prints = new Int32Array(SLOTS);
  /** Messages seen from the daemon and not as a copy yet; negative the other way around. */
  readonly #balances = new Int16Array(SLOTS);
  readonly #seen = new Int32Array(SLOTS);
  readonly #lastOfThread = new Map<string, Last>();
  #count = 0;

  /** Notes the message, and tells if it is a copy of one noted before. */
  isCopy(message: DaemonMessage): boolean {
    this.#count++;
    const { program, repeats, host, pid } = message.record;
    if (program === '' || repeats > 1) return false;
    if (message.thread !== null && this.#repeatsThread(message, message.thread)) return true;
    if (STARTER_FAMILY.has(program)) {
      return this.#isOther(fingerprint(message.text, `${message.thread}${message.group}`, host), program === 'ipsec' ? -1 : 1, SLOTS);
    }
    const hasPrefix = message.text.length < message.record.message.length;
    return program === 'charon-systemd' && this.#isOther(fingerprint(message.text, `${pid}`, host), hasPrefix ? 1 : -1, NEAR);
  }

  /** Is the last line of this thread the same, from the same process and moment? Within a thread, charon does not say a thing twice. */
  #repeatsThread(message: DaemonMessage, thread: string): boolean {
    const { record, text } = message;
    const key = `${record.host} ${record.program} ${thread}`;
    const last = this.#lastOfThread.get(key);
    if (last === undefined && this.#lastOfThread.size > 1000) this.#lastOfThread.clear();
    this.#lastOfThread.set(key, { text, program: record.program, pid: record.pid, time: record.time, at: this.#count });
    if (last === undefined || last.text !== text || last.pid !== record.pid || this.#count - last.at > ADJACENT) return false;
    return record.time !== null && last.time !== null && Math.abs(record.time - last.time) <= 1000;
  }

  /** Was the same text seen from the other side, and not matched with another copy yet? `reach`: records that may lie between. */
  #isOther({ slot, print }: Fingerprint, side: 1 | -1, reach: number): boolean {
    const balance = this.#prints[slot] === print ? (this.#balances[slot] ?? 0) : 0;
    const distance = this.#count - (this.#seen[slot] ?? 0);
    this.#prints[slot] = print;
    this.#seen[slot] = this.#count;
    const hasCounterpart = balance * side < 0 && distance <= (side < 0 ? reach : NEAR);
    this.#balances[slot] = hasCounterpart || balance * side >= 0 ? clamp(balance + side) : side;
    return hasCounterpart;
  }
}

function clamp(balance: number): number {
  return Math.max(-30_000, Math.min(30_000, balance));
}

/** Two independent 32-bit hashes of the parts: where to look, and whether it is the same message. */
function fingerprint(...parts: readonly [string, string, string]): Fingerprint {
  let slot = 0x811c9dc5;
  let print = 0x9e3779b9;
  for (const part of parts) {
    for (let at = 0; at < part.length; at++) {
      const code = part.charCodeAt(at);
      slot = Math.imul(slot ^ code, 0x01000193);
      print = Math.imul(print ^ code, 0x5bd1e995);
      print ^= print >>> 15;
    }
    slot = Math.imul(slot ^ 0x100, 0x01000193);
    print = Math.imul(print ^ 0x100, 0x5bd1e995);
  }
  return { slot: (slot ^ (slot >>> 16)) & (SLOTS - 1), print: print | 0 };
}
