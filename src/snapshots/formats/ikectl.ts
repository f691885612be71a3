import type { ChildSaObservation, IkeSaObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { spiOf } from '../format.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';
import { shorten } from '../text.js';

const POINTER = String.raw`(?:0x[0-9a-f]{1,16}|\(nil\))`;
const IKE = new RegExp(String.raw`^iked_sas: ${POINTER} rspi 0x([0-9a-f]{1,16}) ispi 0x[0-9a-f]{1,16} \[?([0-9a-fA-F.:]{2,45}?)\]?:\d{1,5}->\[?([0-9a-fA-F.:]{2,45}?)\]?:\d{1,5}<([^>]{0,200})>\[.{0,200}?\] ([A-Z_]{2,20}) ([ri])\b`);
const CHILD = new RegExp(String.raw`^ {2}sa_childsas: ${POINTER} (?:ESP|AH) (0x[0-9a-f]{1,8}) (in|out) `);
const FLOW = new RegExp(String.raw`^ {2}sa_flows: ${POINTER} (?:ESP|AH) in (\S{2,50}) -> (\S{2,50}) `);
const OTHER = /^(?: {2}(?:sa_childsas|sa_flows)|iked_(?:sas|activesas|flows|dstid_sas)): /;

/** `ikectl show sa` of OpenIKED: IKE SAs, each with its Child SAs and flows, which are then listed again separately. */
export const IKECTL: SnapshotFormat = {
  name: 'ikectl',
  opens: (text) => text.startsWith('iked_') && IKE.test(text),
  start: (emit) => new Ikectl(emit),
};

class Ikectl implements SnapshotParser {
  private child: Draft<ChildSaObservation> | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const { text } = line;
    const ike = IKE.exec(text);
    const child = CHILD.exec(text);
    const flow = FLOW.exec(text);
    if (ike !== null) {
      this.end();
      const seen = readIkeSa(line, ike);
      this.emit(seen);
      this.child = blankChild(seen);
    } else if (this.child !== null && child !== null) this.childLine(this.child, line, child);
    else if (this.child !== null && flow !== null) [, this.child.peerNet = null, this.child.localNet = null] = flow;
    return OTHER.test(text);
  }

  end(): void {
    const { child } = this;
    this.child = null;
    if (child !== null && (child.spiIn !== null || child.spiOut !== null)) this.emit(child);
  }

  private childLine(child: Draft<ChildSaObservation>, line: SourceLine, [, spi, direction]: RegExpExecArray): void {
    if (direction === 'in') child.spiIn ??= spiOf(spi);
    else child.spiOut ??= spiOf(spi);
    child.installed = child.spiIn !== null && child.spiOut !== null;
    if (child.line.text === '') child.line = { ...line, text: shorten(line.text.trim(), 200) };
  }
}

function readIkeSa(line: SourceLine, [, responder = '', localAddress = '', peerAddress = '', peerId = '', state = '', role]: RegExpExecArray): IkeSaObservation {
  return {
    type: 'ike-sa', format: 'ikectl', line: { ...line, text: shorten(line.text, 200) }, name: null, number: null, version: 2, established: state === 'ESTABLISHED', state, localAddress, localId: null, peerAddress,
    peerId: /\/(.{1,150})$/.exec(peerId)?.[1] ?? null, peerAnswered: role === 'r' || /[1-9a-f]/.test(responder), initiator: role === 'i', renewsIn: null,
  };
}

function blankChild({ line, localAddress, peerAddress }: IkeSaObservation): Draft<ChildSaObservation> {
  return {
    type: 'child-sa', format: 'ikectl', line: { ...line, text: '' }, name: null, number: null, ikeName: null, ikeNumber: null, installed: false, state: 'installed', reqid: null, spiIn: null, spiOut: null,
    bytesIn: null, bytesOut: null, packetsIn: null, packetsOut: null, udpEncapsulated: null, integrity: null, localNet: null, peerNet: null, localAddress, peerAddress, renewsIn: null, expiresIn: null,
  };
}
