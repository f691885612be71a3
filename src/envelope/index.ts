export { Arrival } from './arrival.js';
export { isRelay } from './programs.js';
export { createEnvelopeReader, type EnvelopeReader } from './reader.js';
export { readZone, type LocalTime } from './zone.js';
