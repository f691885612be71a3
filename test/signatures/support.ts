import type { DaemonMessage } from '../../src/model/daemon-message.js';
import type { Signature } from '../../src/model/signature.js';
import { compileSignatures } from '../../src/signatures/matcher.js';
import type { SignatureMatcher } from '../../src/signatures/matcher.js';

/** A charon signature with these templates; all have the same event, so that only the templates matter. */
export function signature(name: string, ...templates: string[]): Signature {
  return { id: `charon/${name}#ike.state`, daemon: 'charon', file: `${name}.json`, event: 'ike.state', templates, set: {}, examples: [] };
}

/** A matcher with one signature per template, named `a`, `b`, `c` and so on. */
export function matcherOf(...templates: string[]): SignatureMatcher {
  return compileSignatures(templates.map((template, index) => signature(String.fromCharCode(0x61 + index), template))).matcher;
}

/** Name of the signature that matches a text, and its fields. */
export function read(matcher: SignatureMatcher, text: string): { name: string; fields: object } | null {
  const event = matcher.match(message(text));
  return event && { name: event.signature.slice('charon/'.length, event.signature.indexOf('#')), fields: event.fields };
}

export function message(text: string): DaemonMessage {
  const line = { source: '-', number: 1, text };
  const record = { line, time: null, inferred: [], host: 'gw', program: 'charon', pid: null, message: text, repeats: 1, tag: null };
  return { record, daemon: 'charon', text, connectionName: null, instance: null, saNumber: null, peerAddress: null, peerPort: null, thread: null, group: null };
}
