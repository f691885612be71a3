export type { LineBatch } from './batch.js';
export { noBytes, type Bytes } from './bytes.js';
export { STANDARD_INPUT, expandInputs } from './expand.js';
export type { FollowBatch } from './follow/followed-log.js';
export { findInputs, openInputs, type FoundInputs } from './inputs.js';
export type { JournalQuery } from './journal.js';
export { readInput, type ReadOptions } from './read.js';
