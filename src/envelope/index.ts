export { ArrivalOrder } from './order/arrival-order.js';
export { beginsLine, beginsSentence } from './formats/daemon-shape.js';
export { isMarkedUp, tidyLine } from './damage/damage.js';
export { splitEscaped, splitJoined, splitSwallowed, splitTitle } from './damage/joined-lines.js';
export { loneRecord, readBareSentence } from './damage/bare-sentence.js';
export { orderOf, turn } from './order/order.js';
export { isRelay } from './formats/programs.js';
export { createEnvelopeReader, type EnvelopeReader } from './reader.js';
export { readZone, type LocalTime } from './time/zone.js';
