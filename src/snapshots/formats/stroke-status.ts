import type { ChildSaObservation, ConnectionObservation, IkeSaObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { numberOf, spiOf } from '../format.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';
import { shorten } from '../text.js';

const HEAD = /^(?:Status of IKE(?:v[12])? charon daemon|Security Associations \(\d+ up|Listening IP addresses:|Connections:$|Routed Connections:|Shunted Connections:)/;
const IKE = /^ *(\S[^\n]{0,120}?)\[(\d+)\]: (.{1,400})$/;
const CHILD = /^ *(\S[^\n]{0,120}?)\{(\d+)\}: {1,3}(.{1,400})$/;
const CONNECTION = /^ *(\S[^\n]{0,120}?): {2,3}(.{1,400})$/;
const ENDS = /(?<!\S)([^\s[]{1,80})\[(.{0,200}?)\]\.\.\.([^\s[]{1,80})\[(.{0,200}?)\](?:$|,)/;

type Section = 'connections' | 'routed' | 'sas' | 'other';

/** `ipsec status` and `ipsec statusall` of strongSwan (stroke_list.c). */
export const STROKE_STATUS: SnapshotFormat = {
  name: 'stroke-status',
  opens: (text) => HEAD.test(text),
  start: (emit) => new StrokeStatus(emit),
};

class StrokeStatus implements SnapshotParser {
  private section: Section = 'other';
  /** `ipsec statusall` prints several lines per IKE SA, with the algorithms last. */
  private tellsAll = false;
  private readonly connections = new Map<string, Draft<ConnectionObservation>>();
  private ikes = new Map<string, Draft<IkeSaObservation>>();
  private children = new Map<string, Draft<ChildSaObservation>>();
  private last: Draft<IkeSaObservation> | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const { text } = line;
    if (HEAD.test(text)) return this.open(text);
    if (text.startsWith('  loaded plugins: ')) this.emit({ type: 'setting', format: 'stroke-status', line: { ...line, text: shorten(text, 300) }, name: 'charon plugins', value: text.slice(18) });
    if (text.trim() === '' || /^ {2}(?:uptime|malloc|worker|loaded|none|no match|\S+$)/.test(text)) return true;
    if (!text.startsWith(' ') && !/^\S{1,120}(?:\[\d+\]|\{\d+\}): /.test(text)) return false;
    if (this.section === 'connections') this.connection(line);
    else if (this.section === 'sas') this.association(line);
    return true;
  }

  end(): void {
    for (const entry of [...this.connections.values(), ...this.ikes.values(), ...this.children.values()]) this.emit(entry);
    this.connections.clear();
    this.ikes.clear();
    this.children.clear();
    this.last = null;
  }

  private open(text: string): boolean {
    this.tellsAll ||= text.startsWith('Status of ');
    this.section = text.startsWith('Connections:') ? 'connections' : text.startsWith('Security') ? 'sas' : text.startsWith('Routed') ? 'routed' : 'other';
    return true;
  }

  private connection(line: SourceLine): void {
    const [, name = '', rest = ''] = CONNECTION.exec(line.text) ?? [];
    if (name === '' || this.connections.size > 2_000) return;
    const entry = this.connections.get(name);
    const ends = /^(\S{1,80}?)\.\.\.(\S{1,80}?) {2}IKEv/.exec(rest);
    if (ends !== null) this.connections.set(name, blankConnection(line, name, plain(ends[1]), plain(ends[2])));
    else if (entry === undefined) return;
    else if (rest.startsWith('local: ')) entry.localId ??= /\[(.{1,200})\]/.exec(rest)?.[1] ?? null;
    else if (rest.startsWith('remote: ')) entry.peerId ??= /\[(.{1,200})\]/.exec(rest)?.[1] ?? null;
    else if (rest.startsWith('child: ')) [entry.localNet, entry.peerNet] = nets(rest.slice('child: '.length).replace(/ (?:TUNNEL|TRANSPORT|PASS|DROP|BEET).*$/, ''));
  }

  private association(line: SourceLine): void {
    const child = CHILD.exec(line.text);
    const ike = child === null ? IKE.exec(line.text) : null;
    if (child !== null) this.child(line, child);
    else if (ike !== null) this.ike(line, ike);
  }

  private ike(line: SourceLine, [, name = '', number = '', rest = '']: RegExpExecArray): void {
    const key = `${name}[${number}]`;
    const entry = this.ikes.get(key);
    const spis = /^IKEv([12]) SPIs: [0-9a-f]{16}_i(\*?) ([0-9a-f]{16})_r/.exec(rest);
    if (entry === undefined) this.ikes.set(key, (this.last = readIke(line, name, number, rest, this.tellsAll)));
    else if (rest.startsWith('IKE proposal: ')) delete entry.isCut;
    else if (spis !== null) {
      entry.version = spis[1] === '1' ? 1 : 2;
      entry.initiator = spis[2] === '*';
      entry.peerAnswered = !/^0+$/.test(spis[3] ?? '');
    }
  }

  private child(line: SourceLine, [, name = '', number = '', rest = '']: RegExpExecArray): void {
    const key = `${name}{${number}}`;
    const entry = this.children.get(key);
    if (entry === undefined) this.children.set(key, readChild(line, name, number, rest, this.last));
    else if (rest.includes(' === ')) [entry.localNet, entry.peerNet] = nets(rest);
    else traffic(entry, rest);
  }
}

function readIke(line: SourceLine, name: string, number: string, rest: string, moreFollows: boolean): Draft<IkeSaObservation> {
  const state = /^[A-Z]+/.exec(rest)?.[0] ?? '';
  const established = ['ESTABLISHED', 'REKEYING', 'REKEYED'].includes(state);
  const [, localAddress, localId, peerAddress, peerId] = ENDS.exec(rest.replace(/^[^,]*, /, '')) ?? [];
  return {
    type: 'ike-sa', format: 'stroke-status', line, name: plain(name), number: numberOf(number), version: null, established,
    state, localAddress: plain(localAddress), localId: plain(localId), peerAddress: plain(peerAddress), peerId: plain(peerId), peerAnswered: null, initiator: null, renewsIn: null, ...(established && moreFollows ? { isCut: true } : {}),
  };
}

function readChild(line: SourceLine, name: string, number: string, rest: string, ike: IkeSaObservation | null): Draft<ChildSaObservation> {
  const state = /^[A-Z]+/.exec(rest)?.[0] ?? '';
  const [, spiIn, spiOut] = /SPIs: ([0-9a-f]{8})_i ([0-9a-f]{8})_o/.exec(rest) ?? [];
  return {
    type: 'child-sa', format: 'stroke-status', line, name, number: numberOf(number), ikeName: ike?.name ?? null, ikeNumber: ike?.number ?? null,
    installed: ['INSTALLED', 'REKEYING', 'REKEYED'].includes(state), state, reqid: numberOf(/, reqid (\d+)/.exec(rest)?.[1]), spiIn: spiOf(spiIn), spiOut: spiOf(spiOut),
    bytesIn: null, bytesOut: null, packetsIn: null, packetsOut: null, udpEncapsulated: rest.includes(' in UDP'), integrity: null, localNet: null, peerNet: null,
    localAddress: ike?.localAddress ?? null, peerAddress: ike?.peerAddress ?? null, renewsIn: null, expiresIn: null,
  };
}

/** `AES_CBC_256/HMAC_SHA2_256_128, 84 bytes_i (1 pkt, 3s ago), 0 bytes_o, rekeying in 47 minutes` */
function traffic(child: Draft<ChildSaObservation>, rest: string): void {
  const [, bytesIn, packetsIn] = /(\d+) bytes_i(?: \((\d+) pkts?)?/.exec(rest) ?? [];
  const [, bytesOut, packetsOut] = /(\d+) bytes_o(?: \((\d+) pkts?)?/.exec(rest) ?? [];
  if (bytesIn === undefined) return;
  [child.bytesIn, child.bytesOut] = [numberOf(bytesIn), numberOf(bytesOut)];
  [child.packetsIn, child.packetsOut] = [numberOf(packetsIn) ?? (bytesIn === '0' ? 0 : null), numberOf(packetsOut) ?? (bytesOut === '0' ? 0 : null)];
  child.integrity = /HMAC_\w+/.exec(rest)?.[0] ?? null;
}

function nets(text: string): [string | null, string | null] {
  const at = text.indexOf(' === ');
  return at < 0 ? [null, null] : [text.slice(0, at).trim(), text.slice(at + 5).trim()];
}

function blankConnection(line: SourceLine, name: string, localAddress: string | null, peerAddress: string | null): Draft<ConnectionObservation> {
  return {
    type: 'connection', format: 'stroke-status', line, name, localAddress, peerAddress, localId: null, peerId: null, localNet: null, peerNet: null,
    oriented: null, routing: null, truncatesSha2: null,
  };
}

const plain = (text: string | undefined): string | null => (text === undefined || text.startsWith('%any') || text === '(unnamed)' ? null : text);
