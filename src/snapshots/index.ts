export { createSnapshotReader } from './reader.js';
export type { SnapshotReader } from './reader.js';
export { withSnapshots } from './filter.js';
