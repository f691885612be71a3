import type { LogRecord } from '../model/log-record.js';

/**
 * In which order a source has its lines. Web pages and exports of firewalls put the newest first; of those that sort by time,
 * some leave the lines of one second as they were: `newest-second-first`.
 */
export type Order = 'oldest-first' | 'newest-first' | 'newest-second-first';

/** Steps back in time that make sure of the order, where few or none go forward. */
const SURE = 3;

interface Votes {
  forward: number;
  backward: number;
}

/** The order of records in a source, told by their times and by what cannot be said before something else. */
export function orderOf(records: readonly LogRecord[]): Order {
  const time: Votes = { forward: 0, backward: 0 };
  const talk: Votes = { forward: 0, backward: 0 };
  for (let index = 1; index < records.length; index++) {
    const before = records[index - 1] as LogRecord;
    const after = records[index] as LogRecord;
    if (before.time !== null && after.time !== null && before.time !== after.time) vote(time, after.time > before.time);
    else voteByTalk(talk, before.message, after.message);
  }
  const isSure = time.backward >= SURE && time.backward > 4 * time.forward;
  const isLikely = time.forward === 0 && talk.backward > talk.forward;
  if (!isSure && !isLikely) return 'oldest-first';
  return talk.forward > talk.backward ? 'newest-second-first' : 'newest-first';
}

/** Turns the records of each second around, of a list that was turned around as a whole. */
export function turnSeconds(records: readonly LogRecord[]): LogRecord[] {
  const seconds: LogRecord[][] = [];
  for (const record of records) {
    const current = seconds.at(-1);
    if (current?.[0]?.time === record.time) current?.push(record);
    else seconds.push([record]);
  }
  return seconds.flatMap((second) => second.reverse());
}

/** Neighbouring messages of one thread of charon: what comes in is parsed, what is generated goes out. */
function voteByTalk(votes: Votes, before: string, after: string): void {
  if (before.slice(0, 2) !== after.slice(0, 2)) return;
  if (isPair(before, after)) votes.forward++;
  else if (isPair(after, before)) votes.backward++;
}

function isPair(first: string, second: string): boolean {
  return (first.includes(' received packet: ') && second.includes(' parsed ')) || (first.includes(' generating ') && second.includes(' sending packet: '));
}

function vote(votes: Votes, isForward: boolean): void {
  if (isForward) votes.forward++;
  else votes.backward++;
}
