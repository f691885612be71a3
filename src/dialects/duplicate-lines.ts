import type { DaemonMessage } from '../model/daemon-message.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';

/** Slots in the message memory; a message evicts an older one in the same slot. */
const SLOTS = 1 << 16;
/** Maximum number of records between an early, unbuffered copy and its original. */
const NEAR = 512;
/** Messages by which charon's own log may be ahead of its first journal line. */
const AHEAD = 8;
/** Maximum number of records of the same program between a message and its copy for another syslog facility. */
const ADJACENT = 16;

/** Characters sampled per part for a fingerprint. */
const SAMPLED = 24;

/** Programs between which `ipsec start` duplicates lines. */
const STARTER_FAMILY = new Set(['charon', 'ipsec', 'ipsec_starter']);

interface Fingerprint {
  readonly slot: number;
  readonly print: number;
}

/** The last line of a thread. */
interface Last {
  text: string;
  pid: number | null;
  saNumber: number | null;
  time: number | null;
  at: number;
}

/** The threads of one program on one host. */
interface Speaker {
  readonly host: string;
  readonly program: string;
  readonly threads: Map<string, Last>;
  /** Number of its records so far. */
  count: number;
  /** It has logged packets, which charon's audit messages do not. */
  tellsPackets: boolean;
  /** Lines of it were copies of lines in this log. */
  hasOriginals: boolean;
}

/** Limits on the programs and hosts remembered, and on the threads of each. */
const MAX_SPEAKERS = 1000;
const MAX_THREADS = 1000;

/**
 * Recognises lines that a strongSwan installation under `ipsec start` logs more than once: charon's lines again for the
 * facility `authpriv`, and its complete standard output as lines of `ipsec`, buffered and therefore stamped minutes or
 * days later. charon-systemd with a syslog section logs each line with its prefix to syslog, under its own name or
 * charon's, and without to the journal. For any daemon, also lines that occur twice in a row.
 */
export class DuplicateLines {
  private readonly prints = new Int32Array(SLOTS);
  /** Originals seen minus copies seen; negative if copies came first. */
  private readonly balances = new Int16Array(SLOTS);
  private readonly seen = new Int32Array(SLOTS);
  private readonly speakers = new Map<string, Speaker>();
  private speaker: Speaker | null = null;
  private line: SourceLine | null = null;
  private count = 0;
  /** charon's latest messages, and whether its lines without prefix have been seen as well. */
  private readonly charon: DaemonMessage[] = [];
  private hasJournal = false;

  /**
   * Is the line identical to the previous one, including the stamp? That happens if two rules of a syslog daemon name
   * one file.
   */
  isTwice({ time, line }: LogRecord): boolean {
    const last = this.line;
    this.line = line;
    return time !== null && last !== null && line.text === last.text && line.source === last.source && line.number !== last.number;
  }

  /** Records the message; true if it is a copy of an earlier one. */
  isCopy(message: DaemonMessage): boolean {
    this.count++;
    const { program, repeats, host, pid } = message.record;
    if (program === '' || repeats > 1) return false;
    if (message.thread !== null && this.repeatsThread(message, message.thread)) return true;
    if (program === 'charon') {
      if (!this.hasJournal && this.charon.push(message) > AHEAD) this.charon.shift();
      if (this.hasJournal && this.isOther(fingerprint(message.text, `${pid}`, host), 1, NEAR)) return true;
    }
    if (STARTER_FAMILY.has(program)) {
      const mark = fingerprint(message.text, `${message.thread}${message.group}`, host);
      if (program !== 'ipsec') return this.isOther(mark, 1, SLOTS);
      const isMatched = this.isOther(mark, -1, SLOTS);
      if (isMatched) this.speakerOf(host, program).hasOriginals = true;
      return isMatched || (this.isFromBefore(message) && this.isOther(mark, 1, SLOTS));
    }
    if (program !== 'charon-systemd') return false;
    const hasPrefix = message.text.length < message.record.message.length;
    if (!hasPrefix && !this.hasJournal) this.beginJournal();
    return this.isOther(fingerprint(message.text, `${pid}`, host), hasPrefix ? 1 : -1, NEAR);
  }

  /**
   * Is it the copy of a line from before this log? Late copies keep their order, so these come before all whose originals
   * are in it. A charon that logs packets too leaves nothing for its standard output alone.
   */
  private isFromBefore({ thread, record: { host } }: DaemonMessage): boolean {
    return thread !== null && this.speakers.get(keyOf(host, 'charon'))?.tellsPackets === true && this.speakers.get(keyOf(host, 'ipsec'))?.hasOriginals !== true;
  }

  /** Called at the first line without prefix: it and late ones are copies of what charon has already logged. */
  private beginJournal(): void {
    this.hasJournal = true;
    for (const { text, record: { host, pid } } of this.charon.splice(0)) this.isOther(fingerprint(text, `${pid}`, host), 1, NEAR);
  }

  /**
   * Is the thread's previous line identical, from the same process and moment? charon does not repeat itself within a
   * thread, but does the same for two SAs.
   */
  private repeatsThread(message: DaemonMessage, thread: string): boolean {
    const { record: { host, program, pid, time }, text, saNumber } = message;
    const speaker = this.speakerOf(host, program);
    const { threads } = speaker;
    const at = ++speaker.count;
    if (message.group === 'NET') speaker.tellsPackets = true;
    const last = threads.get(thread);
    if (last === undefined) {
      if (threads.size >= MAX_THREADS) threads.clear();
      threads.set(thread, { text, pid, saNumber, time, at });
      return false;
    }
    const isOfOther = last.saNumber !== null && saNumber !== null && last.saNumber !== saNumber;
    const isSame = last.text === text && last.pid === pid && !isOfOther && at - last.at <= ADJACENT && time !== null && last.time !== null && Math.abs(time - last.time) <= 1000;
    last.text = text;
    last.pid = pid;
    last.saNumber = saNumber;
    last.time = time;
    last.at = at;
    return isSame;
  }

  /** Usually that of the previous line. */
  private speakerOf(host: string, program: string): Speaker {
    if (this.speaker?.program === program && this.speaker.host === host) return this.speaker;
    const key = keyOf(host, program);
    let speaker = this.speakers.get(key);
    if (speaker === undefined) {
      if (this.speakers.size >= MAX_SPEAKERS) this.speakers.clear();
      this.speakers.set(key, (speaker = { host, program, threads: new Map(), count: 0, tellsPackets: false, hasOriginals: false }));
    }
    return (this.speaker = speaker);
  }

  /**
   * Was the same text seen as the opposite kind (original or copy) and not matched yet? `reach`: maximum number of
   * records in between.
   */
  private isOther({ slot, print }: Fingerprint, side: 1 | -1, reach: number): boolean {
    const balance = this.prints[slot] === print ? (this.balances[slot] ?? 0) : 0;
    const distance = this.count - (this.seen[slot] ?? 0);
    this.prints[slot] = print;
    this.seen[slot] = this.count;
    const hasCounterpart = balance * side < 0 && distance <= (side < 0 ? reach : NEAR);
    this.balances[slot] = hasCounterpart || balance * side >= 0 ? clamp(balance + side) : side;
    return hasCounterpart;
  }
}

const keyOf = (host: string, program: string): string => `${host} ${program}`;

function clamp(balance: number): number {
  return Math.max(-30_000, Math.min(30_000, balance));
}

/**
 * Two independent 32-bit hashes: one selects the slot, the other verifies the message. Only some characters of a long
 * part are sampled; messages that differ elsewhere are counted together, and so are their copies.
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
