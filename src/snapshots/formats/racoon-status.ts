import type { ChildSaObservation, IkeSaObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { ADDRESS } from '../format.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';
import { shorten } from '../text.js';

const HEAD = /^racoon status at \S/;
const PHASE_1 = /^Phase 1: 0x[0-9a-f]{16}([0-9a-f]{16})\s*$/;
const PHASE_2 = /^Phase 2: (0x[0-9a-f]{1,8}|\?)\s*$/;
const ROW = /^ {2}([a-z_]{2,16}[a-z_ 0-9]{0,10}): +(.{0,300})$/;
const END = new RegExp(String.raw`^(${ADDRESS})(?:\[\d{1,5}\])?$`);
const SELECTOR = /^(\S{2,60}) -> (\S{2,60})(?: |$)/;

/**
 * `racoonctl status [-v]` of the maintained racoon fork (0.9.1, status.c). SPIs are masked there, and identities
 * replace addresses where known.
 */
export const RACOON_STATUS: SnapshotFormat = {
  name: 'racoon-status',
  opens: (text) => HEAD.test(text),
  start: (emit) => new RacoonStatus(emit),
};

class RacoonStatus implements SnapshotParser {
  private entry: Draft<IkeSaObservation> | Draft<ChildSaObservation> | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const { text } = line;
    const ike = PHASE_1.exec(text);
    if (ike !== null || PHASE_2.test(text)) {
      this.end();
      this.entry = ike !== null ? ikeSa(line, ike[1] ?? '') : childSa(line);
      return true;
    }
    const [, key, value] = ROW.exec(text) ?? [];
    if (this.entry !== null && key !== undefined && value !== undefined) detail(this.entry, key, value.trim());
    return key !== undefined || text === '' || HEAD.test(text) || /^\(no phase [12] SAs\)/.test(text);
  }

  end(): void {
    if (this.entry !== null && this.entry.state !== '') this.emit(this.entry);
    this.entry = null;
  }
}

function detail(entry: Draft<IkeSaObservation> | Draft<ChildSaObservation>, key: string, value: string): void {
  if (key === 'state') entry.state = /^\w{2,20}/.exec(value)?.[0] ?? '';
  if (entry.type === 'ike-sa') {
    entry.established = entry.state === 'established';
    if (key === 'remote') [entry.peerAddress, entry.peerId] = endOf(value);
    else if (key === 'local') [entry.localAddress, entry.localId] = endOf(value);
  } else {
    entry.installed = entry.state === 'established';
    if (key !== 'selector') return;
    const [, local, peer] = SELECTOR.exec(value) ?? [];
    entry.localNet = networkOf(local);
    entry.peerNet = networkOf(peer);
  }
}

/**
 * 0.9.1 prints the gateway's own address with the prefix length of its network: `192.0.2.10/26` is not a network, so
 * null.
 */
function networkOf(text: string | undefined): string | null {
  const [, a, b, c, d, bits] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text ?? '') ?? [];
  if (bits === undefined) return text ?? null;
  const address = [a, b, c, d].reduce((sum, part) => sum * 256 + Number(part), 0);
  return address % 2 ** (32 - Number(bits)) === 0 ? (text ?? null) : null;
}

/** Address and identity: the field has either an address or the identity in its place. */
function endOf(value: string): [string | null, string | null] {
  const address = END.exec(value)?.[1] ?? null;
  return [address, address === null ? shorten(value, 100) : null];
}

function ikeSa(line: SourceLine, responder: string): Draft<IkeSaObservation> {
  return { type: 'ike-sa', format: 'racoon-status', line, name: null, number: null, version: 1, established: false, state: '', localAddress: null, localId: null, peerAddress: null, peerId: null, peerAnswered: responder !== '0000000000000000', initiator: null, renewsIn: null };
}

function childSa(line: SourceLine): Draft<ChildSaObservation> {
  return {
    type: 'child-sa', format: 'racoon-status', line, name: null, number: null, ikeName: null, ikeNumber: null, installed: false, state: '', reqid: null, spiIn: null, spiOut: null,
    bytesIn: null, bytesOut: null, packetsIn: null, packetsOut: null, udpEncapsulated: null, integrity: null, localNet: null, peerNet: null, localAddress: null, peerAddress: null, renewsIn: null, expiresIn: null,
  };
}
