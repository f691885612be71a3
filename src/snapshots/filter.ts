import type { LineFilter } from '../model/line-filter.js';
import type { SnapshotReader } from './reader.js';

/** Lines of a block that are searched for status outputs. */
const PROBED_LINES = 20_000;

/**
 * Lets every line through where there is status output: in files whose first block contains some, up to the first block
 * without any. Elsewhere the given filter decides, so that archives are scanned at full speed.
 */
export function withSnapshots(filter: LineFilter, snapshots: SnapshotReader): LineFilter {
  let current: string | null = null;
  let takesAll = false;
  return {
    hints(source, block) {
      const isFirst = source !== current;
      current = source;
      const hints = filter.hints(source, block);
      takesAll = (isFirst || takesAll) && hasSnapshot(block.text(), snapshots);
      return takesAll ? null : hints;
    },
  };
}

function hasSnapshot(block: string, snapshots: SnapshotReader): boolean {
  for (let start = 0, count = 0; start < block.length && count < PROBED_LINES; count += 1) {
    const newline = block.indexOf('\n', start);
    const end = newline < 0 ? block.length : newline;
    if (snapshots.recognises(block.slice(start, Math.min(end, start + 1_000)))) return true;
    start = end + 1;
  }
  return false;
}
