export { hasUndated, outdatedOutputs } from './age.js';
export { createSnapshotReader } from './reader.js';
export type { SnapshotReader } from './reader.js';
export { withSnapshots } from './filter.js';
