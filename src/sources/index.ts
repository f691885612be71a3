export type { LineBatch } from './batch.js';
export { STANDARD_INPUT, expandInputs } from './expand.js';
export type { FollowBatch } from './follow/followed-log.js';
export { openInputs, type Inputs } from './inputs.js';
export { readInput, type ReadOptions } from './read.js';
