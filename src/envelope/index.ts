export { createEnvelopeReader, type EnvelopeReader } from './reader.js';
