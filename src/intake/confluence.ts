import { Arrival, type EnvelopeReader } from '../envelope/index.js';
import type { LogRecord } from '../model/log-record.js';
import type { LineBatch } from '../sources/index.js';

/** Logs with lines of ours that are open at a time: each takes about two megabytes. What there is more comes after them. */
const MAX_OPEN = 32;

export interface ConfluenceOptions {
  readonly reader: EnvelopeReader;
  /** Hands the lines of a batch that are log lines to the arrival. */
  readonly takeBatch: (batch: LineBatch, arrival: Arrival) => void;
  /** Told the first records of all logs before any is taken, so that it is known whose they are. */
  readonly onSources: (records: readonly LogRecord[]) => void;
  /** `log`: which of the logs the record is from. */
  readonly take: (record: LogRecord, log: number) => void;
}

/** One log: the records that wait for their turn. */
interface Branch {
  readonly log: number;
  readonly batches: AsyncIterator<LineBatch>;
  readonly arrival: Arrival;
  waiting: LogRecord[];
  next: number;
  /** Time of the next record, or of the last one that had any. */
  time: number;
}

/**
 * Takes the records of several logs in the order of their time; within one log, their order stays. Yields after each batch of lines.
 * Memory is bounded by the open logs, of which each has one batch waiting.
 */
export async function* mergeLogs(logs: readonly AsyncIterable<LineBatch>[], options: ConfluenceOptions): AsyncGenerator<void> {
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

function openBranch(log: AsyncIterable<LineBatch>, index: number, { reader }: ConfluenceOptions): Branch {
  const branch: Branch = {
    log: index,
    batches: log[Symbol.asyncIterator](),
    arrival: new Arrival(reader, (record) => branch.waiting.push(record)),
    waiting: [],
    next: 0,
    time: Number.NEGATIVE_INFINITY,
  };
  return branch;
}

/** Reads on until a record waits; false at the end of the log. */
async function* fill(branch: Branch, { takeBatch }: ConfluenceOptions): AsyncGenerator<void, boolean> {
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

/** Takes the records of all open logs to their end. */
async function* drain(open: Branch[], options: ConfluenceOptions): AsyncGenerator<void> {
  const unit = open.every(({ waiting }) => waiting.some(({ time }) => time !== null && time % 1000 !== 0)) ? 1 : 1000;
  // Of those with the same time, what began earlier is first: it may be an older part of the same log, by whatever name.
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

/** Does the log say of which SA a line is? Of two lines that say the same, that one is kept which comes first. */
function isDetailed({ waiting }: Branch): boolean {
  return waiting.some(({ program, tag }) => program === '' || tag !== null);
}

/** Of several with the same time, the first in the list. */
function earliest(branches: readonly Branch[], unit: number): Branch {
  return branches.reduce((best, branch) => (Math.floor(branch.time / unit) < Math.floor(best.time / unit) ? branch : best));
}

/** Takes records until another log has an earlier one; `isFirst`: before those of the same time. */
function takeUpTo(branch: Branch, limit: number, unit: number, isFirst: boolean, { take }: ConfluenceOptions): void {
  const { log, waiting } = branch;
  for (; branch.next < waiting.length; advance(branch)) {
    const time = Math.floor(branch.time / unit);
    if (time > limit || (time === limit && !isFirst)) return;
    take(waiting[branch.next] as LogRecord, log);
    branch.next++;
  }
}

/** A log's order stays: records without time, or of a clock that was set back, belong where the one before them stood. */
function advance(branch: Branch): void {
  branch.time = Math.max(branch.time, branch.waiting[branch.next]?.time ?? branch.time);
}
