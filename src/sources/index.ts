export type { LineBatch } from './batch.js';
export { STANDARD_INPUT, expandInputs, type Inputs } from './expand.js';
export { readInput, type ReadOptions } from './read.js';
