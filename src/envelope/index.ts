export { ArrivalOrder } from './arrival-order.js';
export { beginsLine, beginsSentence } from './daemon-shape.js';
export { isMarkedUp, tidyLine } from './damage.js';
export { splitEscaped, splitJoined, splitSwallowed, splitTitle } from './joined-lines.js';
export { loneRecord, readBareSentence } from './bare-sentence.js';
export { orderOf, turnSeconds } from './order.js';
export { isRelay } from './programs.js';
export { createEnvelopeReader, type EnvelopeReader } from './reader.js';
export { readZone, type LocalTime } from './zone.js';
