import type { ChildSaObservation, IkeSaObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { numberOf, spiOf } from '../format.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';
import { shorten } from '../text.js';

const IKE = /^(\S[^\n]{0,200}?): #(\d+), ([A-Z]+), IKEv([12]), ([0-9a-f]{16})_i(\*?) ([0-9a-f]{16})_r(\*?)/;
const CHILD = /^ {2}(\S[^\n]{0,200}?): #(\d+)(?:, reqid (\d+))?(?:, cpu \S+)?, ([A-Z]+), ([A-Z]+)(-in-UDP)?(?:, (\S{1,200}))?/;
const END = /^ {2}(local|remote) {1,2}'(.{0,300}?)' @ (<[^<>]{1,45}>|\S{1,45}?)(?:\[(\d+)\])?(?: |$)/;
const TRAFFIC = /^ {4}(in|out) +([0-9a-f]{1,8})\b.*?, +(\d+) bytes, +(\d+) packets/;

/** `swanctl --list-sas` (strongSwan, list_sas.c). */
export const SWANCTL_SAS: SnapshotFormat = {
  name: 'swanctl-sas',
  opens: (text) => text.includes(': #') && IKE.test(text),
  start: (emit) => new SwanctlSas(emit),
};

class SwanctlSas implements SnapshotParser {
  private ike: Draft<IkeSaObservation> | null = null;
  private child: Draft<ChildSaObservation> | null = null;
  private isTold = false;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const { text } = line;
    const head = IKE.exec(text);
    if (head !== null) {
      this.end();
      this.ike = readIke(line, head);
      return true;
    }
    if (this.ike === null || text.trim() === '' || !text.startsWith('  ')) return this.ike !== null && text.trim() === '';
    if (this.child !== null && text.startsWith('    ')) childDetail(this.child, text);
    else this.detail(this.ike, line);
    return true;
  }

  end(): void {
    this.endChild();
    if (this.ike !== null && !this.isTold) this.emit(this.ike);
    this.ike = null;
    this.isTold = false;
  }

  private detail(ike: Draft<IkeSaObservation>, line: SourceLine): void {
    const { text } = line;
    const end = END.exec(text);
    const child = end === null ? CHILD.exec(text) : null;
    if (end !== null) {
      const local = end[1] === 'local';
      const [id, address] = [known(end[2]), known(end[3])];
      if (local) [ike.localId, ike.localAddress] = [id, address];
      else [ike.peerId, ike.peerAddress] = [id, address];
    } else if (child !== null) {
      this.tellIke(ike);
      this.endChild();
      this.child = readChild(line, child, ike);
    } else if (text.startsWith('  established ')) {
      delete ike.isCut;
      ike.renewsIn = numberOf(/, (?:rekeying|reauth|expires) in (-?\d+)s/.exec(text)?.[1]);
    }
  }

  /** Emits the IKE SA before its Child SAs. */
  private tellIke(ike: IkeSaObservation): void {
    if (!this.isTold) this.emit({ ...ike });
    this.isTold = true;
  }

  private endChild(): void {
    if (this.child !== null) this.emit(this.child);
    this.child = null;
  }
}

function readIke(line: SourceLine, [, name, number, state = '', version, , ours, responder]: RegExpExecArray): Draft<IkeSaObservation> {
  return {
    type: 'ike-sa', format: 'swanctl-sas', line, name: known(name), number: numberOf(number), version: version === '1' ? 1 : 2,
    established: ['ESTABLISHED', 'REKEYING', 'REKEYED', 'PASSIVE'].includes(state), state, localAddress: null, localId: null, peerAddress: null, peerId: null,
    peerAnswered: responder !== '0000000000000000', initiator: ours === '*', renewsIn: null, isCut: true,
  };
}

function readChild(line: SourceLine, [, name, number, reqid, state = '', , udp, protocol]: RegExpExecArray, ike: IkeSaObservation): Draft<ChildSaObservation> {
  return {
    type: 'child-sa', format: 'swanctl-sas', line, name: known(name), number: numberOf(number), ikeName: ike.name, ikeNumber: ike.number,
    installed: ['INSTALLED', 'REKEYING', 'REKEYED', 'UPDATING'].includes(state), state, reqid: numberOf(reqid), spiIn: null, spiOut: null,
    bytesIn: null, bytesOut: null, packetsIn: null, packetsOut: null, udpEncapsulated: udp !== undefined, integrity: /HMAC_\w+|AES_XCBC\w*/.exec(protocol ?? '')?.[0] ?? null,
    localNet: null, peerNet: null, localAddress: ike.localAddress, peerAddress: ike.peerAddress, renewsIn: null, expiresIn: null,
  };
}

function childDetail(child: Draft<ChildSaObservation>, text: string): void {
  const traffic = TRAFFIC.exec(text);
  if (traffic !== null) {
    const [, direction, spi, bytes, packets] = traffic;
    child.line = { ...child.line, text: shorten(`${child.line.text.trim()} ${text.trim()}`, 400) };
    if (direction === 'in') [child.spiIn, child.bytesIn, child.packetsIn] = [spiOf(spi), numberOf(bytes), numberOf(packets)];
    else [child.spiOut, child.bytesOut, child.packetsOut] = [spiOf(spi), numberOf(bytes), numberOf(packets)];
  } else if (text.startsWith('    local ')) child.localNet = text.slice(10, 400).trim();
  else if (text.startsWith('    remote ')) child.peerNet = text.slice(11, 400).trim();
  else if (text.startsWith('    installed ')) {
    child.renewsIn = numberOf(/, rekeying in (-?\d+)s/.exec(text)?.[1]);
    child.expiresIn = numberOf(/, expires in (-?\d+)s/.exec(text)?.[1]);
  }
}

const known = (text: string | undefined): string | null => (text === undefined || text.startsWith('%any') || text === '(unnamed)' || text === '(null)' || text === '' ? null : text);
