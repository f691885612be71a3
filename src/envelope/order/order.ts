import type { LogRecord } from '../../model/log-record.js';

/**
 * Line order of a source. Web pages and exports of firewalls often list the newest first; some of them sort by time
 * only and keep the original order within one second: `newest-second-first`.
 */
export type Order = 'oldest-first' | 'newest-first' | 'newest-second-first';

/** This many backward steps in time prove newest-first, if there are hardly any forward ones. */
const SURE = 3;
/** Majority needed for the order of messages to decide: the weight of a pair; a negotiation step weighs 1. */
const CLEAR = 2;
/** In a log this short, a clock change is unlikely. */
const FEW = 40;

interface Votes {
  forward: number;
  backward: number;
}

/**
 * Decides the order of the records from their times and, only if those leave it open, from messages that can only follow
 * one another.
 */
export function orderOf(records: readonly LogRecord[]): Order {
  const time = votesByTime(records);
  const isSure = time.backward >= SURE && time.backward > 4 * time.forward;
  if (!isSure && time.forward > 0) return 'oldest-first';
  const talk = votesByTalk(records);
  const isLikely = talk.backward - talk.forward >= CLEAR || (time.backward > 0 && talk.forward === 0 && isOneProcess(records));
  if (!isSure && !isLikely) return 'oldest-first';
  return talk.forward - talk.backward >= CLEAR ? 'newest-second-first' : 'newest-first';
}

/** What is in this order, oldest first. */
export function turn<T>(list: readonly T[], order: Order, timeOf: (one: T) => unknown): readonly T[] {
  if (order === 'oldest-first') return list;
  return order === 'newest-first' ? list.toReversed() : turnSeconds(list.toReversed(), timeOf);
}

/** Reverses what is of the same time, in a list that was reversed as a whole. */
export function turnSeconds<T>(list: readonly T[], timeOf: (one: T) => unknown): T[] {
  const seconds: T[][] = [];
  for (const one of list) {
    const current = seconds.at(-1);
    const [first] = current ?? [];
    if (current !== undefined && first !== undefined && timeOf(first) === timeOf(one)) current.push(one);
    else seconds.push([one]);
  }
  return seconds.flatMap((second) => second.reverse());
}

function votesByTime(records: readonly LogRecord[]): Votes {
  const votes: Votes = { forward: 0, backward: 0 };
  for (let index = 1; index < records.length; index += 1) {
    const [before, after] = [records[index - 1] as LogRecord, records[index] as LogRecord];
    if (areApart(before, after)) vote(votes, (after.time ?? 0) > (before.time ?? 0));
  }
  return votes;
}

function votesByTalk(records: readonly LogRecord[]): Votes {
  const votes: Votes = { forward: 0, backward: 0 };
  const said = records.map(({ message }) => new Said(message));
  let step = -1;
  for (let index = 1; index < records.length; index += 1) {
    if (!areApart(records[index - 1] as LogRecord, records[index] as LogRecord)) step = voteByTalk(votes, said[index - 1] as Said, said[index] as Said, step);
  }
  return votes;
}

const areApart = (before: LogRecord, after: LogRecord): boolean => before.time !== null && after.time !== null && before.time !== after.time;

/**
 * Votes on the order of two messages with the same time: received packets are parsed, generated ones are sent, and a
 * negotiation advances step by step. `step` is the last negotiation step seen; returns the new one.
 */
function voteByTalk(votes: Votes, before: Said, after: Said, step: number): number {
  if (isPair(before.message, after.message) || follows(before, after)) votes.forward += CLEAR;
  else if (follows(after, before)) votes.backward += CLEAR;
  // Without threads, it may be the next packet that arrives once one is parsed, or is generated once one is sent
  else if (isPair(after.message, before.message)) votes.backward += /^\d/.test(before.message) ? CLEAR : 1;
  const next = STEPS.findIndex((words) => words.test(after.message));
  const last = step < 0 ? STEPS.findIndex((words) => words.test(before.message)) : step;
  if (next < 0) return last;
  if (last >= 0 && next !== last && Math.abs(next - last) <= FAR) vote(votes, next > last);
  return next;
}

/** Steps further apart than this belong to different negotiations. */
const FAR = 2;
/** Messages that mark the steps of a negotiation, in order (strongSwan, Libreswan, ipsec-tools). */
const STEPS: readonly RegExp[] = [
  /Starting (?:IKE|Pluto)/,
  /initiating |initiate new phase 1|respond new phase 1|responding to (?:Main|Aggressive)/,
  /IKE_SA_INIT|(?:MAIN|AGGR)_[IR]1/,
  /(?:MAIN|AGGR)_[IR]2/,
  /IKE_AUTH|MAIN_[IR]3/,
  /established|QUICK_MODE|QUICK_[IR]\d|initiate new phase 2/,
];

/** Do the messages form a pair of one packet? The text before them, where charon's thread is, must match. */
function isPair(first: string, second: string): boolean {
  return PACKETS.some((pair) => {
    const at = first.indexOf(pair[0]);
    const then = at < 0 ? -1 : second.indexOf(pair[1]);
    return then >= 0 && first.slice(0, Math.min(2, at)) === second.slice(0, Math.min(2, then));
  });
}

const PACKETS = [['received packet: ', 'parsed '], ['generating ', 'sending packet: ']] as const;

/** Messages that directly follow one another about the same failure, in order (strongSwan, Libreswan, ipsec-tools). */
const CHAINS: readonly (readonly RegExp[])[] = [
  [/looking for peer configs/, /selected peer config/, /but MAC mismatched/, /^ *using certificate "/, /using trusted|no issuer certificate found|certificate invalid/, /issuer is "/, /no trusted \S+ public key/, /generating /],
  [/parsed INFORMATIONAL request/, /received DELETE/, /deleting IKE_SA/, /IKE_SA deleted/],
  [/no XAuth secret found|XAuth-SCRIPT failed|could not authenticate\.|Could not authenticate with XAuth/, /XAuth authentication of '.*' failed/, /generating /],
  [/no EAP key found|EAP-MS-CHAPv2 verification failed/, /EAP method \S+ failed/, /generating /],
  [/received netlink error/, /unable to add SAD entry|unable to (?:add|update) policy/, /unable to install/, /failed to establish CHILD_SA/, /generating /],
  [/received proposals: /, /configured proposals: /, /received proposals (?:una|ina)cceptable|no (?:acceptable )?proposal found/, /generating /],
  [/IKE_SA \S+ established between/, /scheduling re(?:auth|key)/, /maximum IKE_SA lifetime/, /CHILD_SA \S+ established with/],
  [/constraint check failed/, /selected peer config '.*' (?:una|ina)cceptable/, /no alternative config found/, /generating /],
  [/giving up after \d/, /peer not responding|restarting CHILD_SA/, /initiating /],
  [/received stroke: (?:initiate|terminate|route) /, /no (?:config|IKE_SA|CHILD_SA) named /],
  [/received stroke: add connection /, /added configuration /],
  [/received an SADB_ACQUIRE /, /creating acquire job /, /trap not found|ignoring acquire|initiating |establishing /],
  [/unable to bind socket/, /could not open IPv[46]/],
  [/chosen from remote proposal/, /sent IKE_SA_INIT reply/, /processing (?:decrypted )?IKE_AUTH request/, /authentication failed|connection requires/, /responding to IKE_AUTH message/, /encountered fatal error/, /deleting state/],
  [/responding to Main Mode|respond new phase 1/, /Oakley Transform \[|Attribute OAKLEY_|rejected /, /no acceptable|no suitable/, /sending notification NO_PROPOSAL/],
  [/policy dictates|netlink response for Add SA/, /CHILD SA failed|hit fail/, /rejected Child SA/],
  [/respond new phase 2/, /no policy found/, /failed to get proposal/],
  [/try to get ps?key/, /couldn't find the ps/, /failed to generate SKEYID/],
  [/FATAL ERROR/, /helper threads still running/, /ABORT/],
];

const ANY_LINK = new RegExp(CHAINS.flat().map(({ source }) => source).join('|'));

/** A message, and where it is in the chains. */
class Said {
  /** Most messages are in no chain, which one search tells. */
  readonly isLink: boolean;
  private found: readonly number[] | null = null;

  constructor(readonly message: string) {
    this.isLink = ANY_LINK.test(message);
  }

  /** Its position in each of the chains, or -1; found when it stands next to another link. */
  get positions(): readonly number[] {
    return (this.found ??= CHAINS.map((chain) => chain.findIndex((words) => words.test(this.message))));
  }
}

function follows(first: Said, second: Said): boolean {
  return first.isLink && second.isLink && first.positions.some((at, chain) => at >= 0 && (second.positions[chain] as number) > at);
}

/** A single process does not go back in time unless the clock was set. */
function isOneProcess([first, ...others]: readonly LogRecord[]): boolean {
  return first !== undefined && first.pid !== null && others.length <= FEW && others.every(({ host, pid }) => host === first.host && pid === first.pid);
}

function vote(votes: Votes, isForward: boolean): void {
  if (isForward) votes.forward++;
  else votes.backward++;
}
