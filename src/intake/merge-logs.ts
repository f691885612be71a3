import { ArrivalOrder, type EnvelopeReader } from '../envelope/index.js';
import type { LogRecord } from '../model/log-record.js';
import type { LineBatch } from '../sources/index.js';

/**
 * Logs with relevant lines that are open at the same time; each takes about 2 MB. Further logs are opened as others
 * end.
 */
const MAX_OPEN = 32;

export interface MergeOptions {
  readonly reader: EnvelopeReader;
  /** Passes the log lines of a batch to the arrival. */
  readonly takeBatch: (batch: LineBatch, arrival: ArrivalOrder) => void;
  /** Receives the first records of all logs before any is taken, so that hosts can be assigned. */
  readonly onSources: (records: readonly LogRecord[]) => void;
  /** `log`: index of the log that the record is from. */
  readonly take: (record: LogRecord, log: number) => void;
}

/** One log, with the records waiting to be merged. */
interface Branch {
  readonly log: number;
  readonly batches: AsyncIterator<LineBatch>;
  readonly arrival: ArrivalOrder;
  waiting: LogRecord[];
  next: number;
  /** Time of the next record; if it has none, of the latest record before it that had one. */
  time: number;
}

/**
 * Merges the records of several logs by time; the order within each log is kept. Yields after each batch of lines.
 * Memory is bounded by the number of open logs, each with one batch waiting.
 */
export async function* mergeLogs(logs: readonly AsyncIterable<LineBatch>[], options: MergeOptions): AsyncGenerator<void> {
  const open: Branch[] = [];
  try {
    for (let at = 0; at < logs.length || open.length > 0; ) {
      for (; at < logs.length && open.length < MAX_OPEN; at++) {
        const branch = openBranch(logs[at] as AsyncIterable<LineBatch>, at, options);
        open.push(branch);
        if (!(yield* fill(branch, options))) open.pop();
      }
      options.onSources(open.flatMap(({ waiting }) => waiting));
      yield* drain(open, options);
    }
  } finally {
    for (const { batches } of open) await batches.return?.();
  }
}

function openBranch(log: AsyncIterable<LineBatch>, index: number, { reader }: MergeOptions): Branch {
  const branch: Branch = {
    log: index,
    batches: log[Symbol.asyncIterator](),
    arrival: new ArrivalOrder(reader, (record) => branch.waiting.push(record)),
    waiting: [],
    next: 0,
    time: Number.NEGATIVE_INFINITY,
  };
  return branch;
}

/** Reads until records are waiting; false at the end of the log. */
async function* fill(branch: Branch, { takeBatch }: MergeOptions): AsyncGenerator<void, boolean> {
  branch.waiting = [];
  branch.next = 0;
  while (branch.waiting.length === 0) {
    const { done, value } = await branch.batches.next();
    if (done === true) {
      branch.arrival.end();
      break;
    }
    takeBatch(value, branch.arrival);
    yield;
  }
  advance(branch);
  return branch.waiting.length > 0;
}

/** Merges all open logs to their ends. */
async function* drain(open: Branch[], options: MergeOptions): AsyncGenerator<void> {
  const unit = open.every(({ waiting }) => waiting.some(({ time }) => time !== null && time % 1000 !== 0)) ? 1 : 1000;
  // At equal times the log given first comes first: it may be an older part of the same log under another name.
  open.sort((a, b) => Number(isDetailed(b)) - Number(isDetailed(a)) || Math.floor(a.time / unit) - Math.floor(b.time / unit) || a.log - b.log);
  while (open.length > 0) {
    const branch = earliest(open, unit);
    const others = open.filter((other) => other !== branch);
    const limit = others.length === 0 ? Number.POSITIVE_INFINITY : Math.floor(earliest(others, unit).time / unit);
    const isFirst = others.every((other) => open.indexOf(branch) < open.indexOf(other) || Math.floor(other.time / unit) > limit);
    takeUpTo(branch, limit, unit, isFirst, options);
    if (branch.next === branch.waiting.length && !(yield* fill(branch, options))) open.splice(open.indexOf(branch), 1);
  }
}

/** Does the log state the SA of a line? Of two copies of a line the first is kept, so detailed logs go first. */
function isDetailed({ waiting }: Branch): boolean {
  return waiting.some(({ program, tag }) => program === '' || tag !== null);
}

/** Of several with the same time, the first in the list. */
function earliest(branches: readonly Branch[], unit: number): Branch {
  return branches.reduce((best, branch) => (Math.floor(branch.time / unit) < Math.floor(best.time / unit) ? branch : best));
}

/** Takes records until another log has an earlier one; `isFirst`: this log precedes others at equal times. */
function takeUpTo(branch: Branch, limit: number, unit: number, isFirst: boolean, { take }: MergeOptions): void {
  const { log, waiting } = branch;
  for (; branch.next < waiting.length; advance(branch)) {
    const time = Math.floor(branch.time / unit);
    if (time > limit || (time === limit && !isFirst)) return;
    take(waiting[branch.next] as LogRecord, log);
    branch.next++;
  }
}

/**
 * Keeps the order of a log: a record without time, or from a clock that was set back, counts as of the latest time
 * before.
 */
function advance(branch: Branch): void {
  branch.time = Math.max(branch.time, branch.waiting[branch.next]?.time ?? branch.time);
}
