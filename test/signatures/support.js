import { compileSignatures } from '../../src/signatures/matcher.js';
/** A signature of charon with these templates; of one event, so that the templates decide. */
export function signature(name, ...templates) {
    return { id: `charon/${name}#ike.state`, daemon: 'charon', file: `${name}.json`, event: 'ike.state', templates, set: {}, examples: [] };
}
/** A matcher of one signature per template, `a`, `b`, `c` and so on. */
export function matcherOf(...templates) {
    return compileSignatures(templates.map((template, index) => signature(String.fromCharCode(0x61 + index), template))).matcher;
}
/** Name of the signature that claims a text, and its fields. */
export function read(matcher, text) {
    const event = matcher.match(message(text));
    return event && { name: event.signature.slice('charon/'.length, event.signature.indexOf('#')), fields: event.fields };
}
export function message(text) {
    const line = { source: '-', number: 1, text };
    const record = { line, time: null, inferred: [], host: 'gw', program: 'charon', pid: null, message: text, repeats: 1, tag: null };
    return { record, daemon: 'charon', text, connectionName: null, instance: null, saNumber: null, peerAddress: null, peerPort: null, thread: null, group: null };
}
