import type { Known, Mended } from './excerpt-line.js';

/** More lines without prefix are the output of a command, with a log below it. */
const MAX_LINES = 3;

/**
 * The lines with the first ones as said by the thread, about the SA, of the line directly below them, if only they have
 * no prefix: whoever selects text in a window often begins in the middle of a line.
 */
export function withPrefix(lines: readonly Mended[], known: readonly Known[]): readonly Mended[] {
  const from = lines.findIndex(({ records }) => records.length > 0);
  const begun = lines.slice(Math.max(from, 0)).slice(0, MAX_LINES + 1);
  const said = begun.map(({ line }) => known.find(({ record }) => record.line.number === line.number));
  const end = said.findIndex((each) => each !== undefined && hasPrefix(each));
  const { record, message } = said[end] ?? {};
  if (end < 1 || record === undefined || message == null) return lines;
  const bare = new Set(begun.slice(0, end));
  const areAlike = said.slice(0, end).every((each) => (each?.message ?? message).daemon === message.daemon);
  if (!areAlike || [...bare].some(({ records }) => records.length !== 1)) return lines;
  const { thread, connectionName, saNumber } = message;
  const { host, pid } = record;
  return lines.map((each) => (!bare.has(each) ? each : { ...each, records: each.records.map((own) => ({ ...own, host, pid, tag: { thread, group: null, connectionName, saNumber } })) }));
}

/**
 * The lines with those of charon-systemd as said by the thread, about the SA, of the line of the same process directly
 * below them. It logs all lines twice, to the journal without a prefix: of some, the other copy was left out.
 */
export function besideOtherCopies(lines: readonly Mended[], known: readonly Known[]): readonly Mended[] {
  if (!known.some(({ record }) => record.program === 'charon-systemd')) return lines;
  const saidIn = new Map(known.map((each) => [each.record.line.number, each] as const));
  const placed = lines.map((each, at) => {
    const [own, ...others] = each.records;
    const { message: said } = saidIn.get(each.line.number) ?? {};
    const next = saidIn.get(lines[at + 1]?.line.number ?? 0);
    if (own?.program !== 'charon-systemd' || others.length > 0 || said == null || said.thread !== null || said.saNumber !== null) return each;
    if (next?.message == null || next.record.pid !== own.pid || next.record.program === own.program || next.message.saNumber === null) return each;
    const { thread, connectionName, saNumber } = next.message;
    return { ...each, records: [{ ...own, tag: { thread, group: null, connectionName, saNumber } }] };
  });
  return placed.some((each, at) => each !== lines[at]) ? placed : lines;
}

function hasPrefix({ message, record }: Known): boolean {
  return record.time !== null || record.pid !== null || (message !== null && (message.thread !== null || message.saNumber !== null));
}
