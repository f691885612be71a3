import type { DaemonMessage } from '../model/daemon-message.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';

/** Slots of the memory of messages; a message that comes to the slot of an older one displaces it. */
const SLOTS = 1 << 16;
/** Records that may lie between a copy that comes first, unbuffered, and its original. */
const NEAR = 512;
/** Messages by which charon may be ahead of the first of its lines in the journal. */
const AHEAD = 8;
/** Records of the same program that may lie between a message and its copy for the other syslog facility. */
const ADJACENT = 16;

/** Characters of a part that its fingerprint takes. */
const SAMPLED = 24;

/** Programs between which `ipsec start` doubles lines. */
const STARTER_FAMILY = new Set(['charon', 'ipsec', 'ipsec_starter']);

interface Fingerprint {
  readonly slot: number;
  readonly print: number;
}

/** What a thread said last. */
interface Last {
  text: string;
  pid: number | null;
  time: number | null;
  at: number;
}

/** The threads of one program on one host. */
interface Speaker {
  readonly host: string;
  readonly program: string;
  readonly threads: Map<string, Last>;
  /** Records of it so far. */
  count: number;
}

/** Programs and hosts, and threads of each, that are remembered. */
const MAX_SPEAKERS = 1000;
const MAX_THREADS = 1000;

/**
 * Recognises lines that a strongSwan installation under `ipsec start` writes more than once: charon's lines for the facility
 * `authpriv` again, and its whole standard output as lines of `ipsec`, buffered, and so stamped minutes or days later.
 * charon-systemd with a syslog section writes each line with its prefix to syslog, by its own name or charon's, and without to the
 * journal. And of any daemon, lines that stand twice in a row.
 */
export class CopyMemory {
  readonly #prints = new Int32Array(SLOTS);
  /** Messages seen from the daemon and not as a copy yet; negative the other way around. */
  readonly #balances = new Int16Array(SLOTS);
  readonly #seen = new Int32Array(SLOTS);
  readonly #speakers = new Map<string, Speaker>();
  #speaker: Speaker | null = null;
  #line: SourceLine | null = null;
  #count = 0;
  /** charon's last messages, and whether its lines without prefix were seen beside them. */
  readonly #charon: DaemonMessage[] = [];
  #hasJournal = false;

  /** Is the line the one before it again, stamp and all, as where two rules of a syslog daemon name one file? */
  isTwice({ time, line }: LogRecord): boolean {
    const last = this.#line;
    this.#line = line;
    return time !== null && last !== null && line.text === last.text && line.source === last.source && line.number !== last.number;
  }

  /** Notes the message, and tells if it is a copy of one noted before. */
  isCopy(message: DaemonMessage): boolean {
    this.#count++;
    const { program, repeats, host, pid } = message.record;
    if (program === '' || repeats > 1) return false;
    if (message.thread !== null && this.#repeatsThread(message, message.thread)) return true;
    if (program === 'charon') {
      if (!this.#hasJournal && this.#charon.push(message) > AHEAD) this.#charon.shift();
      if (this.#hasJournal && this.#isOther(fingerprint(message.text, `${pid}`, host), 1, NEAR)) return true;
    }
    if (STARTER_FAMILY.has(program)) {
      return this.#isOther(fingerprint(message.text, `${message.thread}${message.group}`, host), program === 'ipsec' ? -1 : 1, SLOTS);
    }
    if (program !== 'charon-systemd') return false;
    const hasPrefix = message.text.length < message.record.message.length;
    if (!hasPrefix && !this.#hasJournal) this.#beginJournal();
    return this.#isOther(fingerprint(message.text, `${pid}`, host), hasPrefix ? 1 : -1, NEAR);
  }

  /** The first line without prefix: it, and those that come late, are copies of what charon has said already. */
  #beginJournal(): void {
    this.#hasJournal = true;
    for (const { text, record: { host, pid } } of this.#charon.splice(0)) this.#isOther(fingerprint(text, `${pid}`, host), 1, NEAR);
  }

  /** Is the last line of this thread the same, from the same process and moment? Within a thread, charon does not say a thing twice. */
  #repeatsThread(message: DaemonMessage, thread: string): boolean {
    const { record: { host, program, pid, time }, text } = message;
    const speaker = this.#speakerOf(host, program);
    const { threads } = speaker;
    const at = ++speaker.count;
    const last = threads.get(thread);
    if (last === undefined) {
      if (threads.size >= MAX_THREADS) threads.clear();
      threads.set(thread, { text, pid, time, at });
      return false;
    }
    const isSame = last.text === text && last.pid === pid && at - last.at <= ADJACENT && time !== null && last.time !== null && Math.abs(time - last.time) <= 1000;
    last.text = text;
    last.pid = pid;
    last.time = time;
    last.at = at;
    return isSame;
  }

  /** Mostly the one of the line before. */
  #speakerOf(host: string, program: string): Speaker {
    if (this.#speaker?.program === program && this.#speaker.host === host) return this.#speaker;
    const key = `${host} ${program}`;
    let speaker = this.#speakers.get(key);
    if (speaker === undefined) {
      if (this.#speakers.size >= MAX_SPEAKERS) this.#speakers.clear();
      this.#speakers.set(key, (speaker = { host, program, threads: new Map(), count: 0 }));
    }
    return (this.#speaker = speaker);
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

/**
 * Two independent 32-bit hashes of the parts: where to look, and whether it is the same message. Of a long part only some
 * characters are taken: messages that differ elsewhere are counted together, as their copies are.
 */
function fingerprint(...parts: readonly [string, string, string]): Fingerprint {
  let slot = 0x811c9dc5;
  let print = 0x9e3779b9;
  for (const part of parts) {
    const step = part.length <= SAMPLED ? 1 : Math.ceil(part.length / SAMPLED);
    for (let at = 0; at < part.length; at += step) {
      const code = part.charCodeAt(at);
      slot = Math.imul(slot ^ code, 0x01000193);
      print = Math.imul(print ^ code, 0x5bd1e995);
      print ^= print >>> 15;
    }
    slot = Math.imul(slot ^ (0x100 + part.length), 0x01000193);
    print = Math.imul(print ^ (0x100 + part.length), 0x5bd1e995);
  }
  return { slot: (slot ^ (slot >>> 16)) & (SLOTS - 1), print: print | 0 };
}
