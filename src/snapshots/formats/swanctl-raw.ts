import type { ChildSaObservation, IkeSaObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { numberOf, spiOf } from '../format.js';
import type { Emit, SnapshotFormat, SnapshotParser } from '../format.js';
import { shorten } from '../text.js';

/** Longest reply examined, in characters; an IKE SA with a few Child SAs takes 2 kB. */
const MOST = 16_384;
type Values = ReadonlyMap<string, string>;

/**
 * `swanctl --list-sas --raw`: one vici message per line, `list-sa event {name {key=value ... child-sas {name-1
 * {...}}}}`; with --pretty it spans several lines.
 */
export const SWANCTL_RAW: SnapshotFormat = {
  name: 'swanctl-raw',
  opens: (text) => text.startsWith('list-sa event {'),
  start: (emit) => new SwanctlRaw(emit),
};

class SwanctlRaw implements SnapshotParser {
  /** A --pretty message, joined into the single-line form of --raw. */
  private message: { readonly line: SourceLine; text: string } | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const { text } = line;
    if (text.startsWith('list-sas reply')) {
      this.end();
      return true;
    }
    if (text.startsWith('list-sa event {')) {
      this.end();
      if (text.trimEnd().endsWith('event {')) this.message = { line, text: '' };
      else this.tell(line, text.slice('list-sa event {'.length, MOST));
      return true;
    }
    if (this.message === null || !/^(?: {2}|\}$)/.test(text)) return text === '}';
    if (this.message.text.length < MOST) this.message.text += joined(text);
    return true;
  }

  end(): void {
    const { message } = this;
    this.message = null;
    if (message !== null && message.text !== '') this.tell({ ...message.line, text: message.text }, message.text);
  }

  private tell(line: SourceLine, text: string): void {
    const [own = '', ...children] = text.split(/ child-sas \{|\} (?=\S{1,200} \{name=)/);
    const ike = ikeOf(line, /^(\S.{0,200}?) \{/.exec(own)?.[1] ?? null, valuesOf(own));
    this.emit(ike);
    for (const child of children) if (child.includes('spi-in=') || child.includes('state=')) this.emit(childOf(valuesOf(child), ike));
  }
}

/** Turns `    key = value` into `key=value `; braces stay as in the single-line form. */
function joined(text: string): string {
  const line = text.trim();
  const [, key, value] = /^([a-z0-9-]{1,30}) = (.{0,300})$/.exec(line) ?? [];
  if (key !== undefined) return `${key}=${value ?? ''} `;
  return line.endsWith('{') ? line : `${line} `;
}

/** Values may contain blanks: each runs to the next ` key=` or brace. */
function valuesOf(text: string): Values {
  const values = new Map<string, string>();
  for (const part of text.split(/[ {](?=[a-z][a-z0-9-]{1,30}[=[{ ])/)) {
    const equals = part.indexOf('=');
    if (equals > 0) values.set(part.slice(0, equals), part.slice(equals + 1).replace(/[\]}{[]+/g, '').trim());
  }
  return values;
}

function ikeOf(line: SourceLine, name: string | null, values: Values): IkeSaObservation {
  const state = values.get('state') ?? '';
  return {
    type: 'ike-sa', format: 'swanctl-raw', line: { ...line, text: shorten(line.text, 300) }, name, number: numberOf(values.get('uniqueid')),
    version: values.get('version') === '1' ? 1 : 2, established: ['ESTABLISHED', 'REKEYING', 'REKEYED'].includes(state), state,
    localAddress: values.get('local-host') ?? null, localId: values.get('local-id') ?? null, peerAddress: values.get('remote-host') ?? null, peerId: values.get('remote-id') ?? null,
    peerAnswered: values.has('responder-spi') ? !/^0+$/.test(values.get('responder-spi') ?? '') : null, initiator: values.get('initiator') === 'yes',
    renewsIn: numberOf(values.get('rekey-time') ?? values.get('reauth-time')),
  };
}

function childOf(values: Values, ike: IkeSaObservation): ChildSaObservation {
  const state = values.get('state') ?? '';
  return {
    type: 'child-sa', format: 'swanctl-raw', line: ike.line, name: values.get('name') ?? null, number: numberOf(values.get('uniqueid')), ikeName: ike.name, ikeNumber: ike.number,
    installed: ['INSTALLED', 'REKEYING', 'REKEYED'].includes(state), state, reqid: numberOf(values.get('reqid')), spiIn: spiOf(values.get('spi-in')), spiOut: spiOf(values.get('spi-out')),
    bytesIn: numberOf(values.get('bytes-in')), bytesOut: numberOf(values.get('bytes-out')), packetsIn: numberOf(values.get('packets-in')), packetsOut: numberOf(values.get('packets-out')),
    udpEncapsulated: values.get('encap') === 'yes', integrity: values.get('integ-alg') ?? null, localNet: values.get('local-ts') ?? null, peerNet: values.get('remote-ts') ?? null,
    localAddress: ike.localAddress, peerAddress: ike.peerAddress, renewsIn: numberOf(values.get('rekey-time')), expiresIn: numberOf(values.get('life-time')),
  };
}
