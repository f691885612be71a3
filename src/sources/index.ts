export type { LineBatch } from './batch.js';
export { STANDARD_INPUT, expandInputs, sizeOf } from './expand.js';
export type { FollowBatch } from './follow/followed-log.js';
export { openInputs } from './inputs.js';
export type { JournalQuery } from './journal.js';
export { readInput, type ReadOptions } from './read.js';
