import type { KernelSaObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { ADDRESS, numberOf, spiOf, withoutKey } from '../format.js';
import type { Draft, Emit, SnapshotFormat } from '../format.js';
import { shorten } from '../text.js';
import { XfrmList } from './xfrm-list.js';

const HEAD = new RegExp(String.raw`^src (${ADDRESS}) dst (${ADDRESS})\s*$`);
const IDENTITY = /^proto (\S{1,12}) spi 0x([0-9a-fA-F]{1,8})(?:\(\d+\))?(?: reqid (\d+)(?:\(0x[0-9a-fA-F]+\))?)?(?: mode (\S+))?/;
const INTEGRITY = /^(auth-trunc|auth|aead) (\S{1,64})/;

/** `ip [-s] xfrm state` (iproute2, ipxfrm.c). Entries begin unindented; keys are never stored. */
export const XFRM_STATE: SnapshotFormat = {
  name: 'xfrm-state',
  opens: (text) => text.startsWith('src ') && HEAD.test(text),
  start: (emit) => new XfrmState(emit),
};

class XfrmState extends XfrmList<Draft<KernelSaObservation>> {
  private hasKeys = false;
  private hasCipher = false;
  private block: 'config' | 'current' | 'stats' | null = null;

  constructor(private readonly emit: Emit) {
    super(HEAD);
  }

  protected begin(line: SourceLine, source: string, destination: string): Draft<KernelSaObservation> {
    return blank(line, source, destination);
  }

  protected finish(entry: Draft<KernelSaObservation> | null): void {
    if (entry === null || entry.protocol === '') return;
    if (entry.spi === 0 || (!this.hasKeys && isCryptographic(entry.protocol))) entry.state = 'larval';
    else if (entry.lifetime.soft !== null && (entry.lifetime.age ?? 0) > entry.lifetime.soft) entry.state = 'dying';
    // ESP always lists a cipher behind its authentication, be it the null cipher
    if (entry.protocol === 'esp' && entry.integrity !== null && !this.hasCipher) entry.isCut = true;
    this.emit(entry);
    this.hasKeys = false;
    this.hasCipher = false;
  }

  protected detail(entry: Draft<KernelSaObservation>, text: string): void {
    const identity = IDENTITY.exec(text);
    if (identity !== null) {
      entry.protocol = identity[1] ?? '';
      entry.spi = spiOf(identity[2]) ?? 0;
      entry.reqid = numberOf(identity[3]);
      entry.mode = identity[4] ?? null;
      entry.line = withoutKey(entry.line, shorten(`${entry.line.text.trim()} ${text}`, 300));
    } else if (/^(?:auth-trunc|auth|aead|enc|comp) /.test(text)) this.algorithm(entry, text);
    else if (text.startsWith('encap type ')) entry.udpEncapsulated = text.includes('espinudp');
    else if (text.startsWith('mark ')) entry.mark = /^mark (\S{1,30})/.exec(text)?.[1] ?? null;
    else if (text.startsWith('if_id ')) entry.interfaceId = spiOf(/^if_id (0x[0-9a-f]{1,8})/.exec(text)?.[1]);
    else if (text.startsWith('sel src ')) entry.selector = text.slice(4, 200);
    else if (text.startsWith('replay-window ') && entry.replayWindow === null) entry.replayWindow = numberOf(/^replay-window (\d+)/.exec(text)?.[1]);
    else if (text.startsWith('replay_window ')) entry.replayWindow = numberOf(/^replay_window (\d+)/.exec(text)?.[1]);
    else this.statistics(entry, text);
  }

  private algorithm(entry: Draft<KernelSaObservation>, text: string): void {
    this.hasKeys = true;
    if (/^(?:aead|enc) /.test(text)) this.hasCipher = true;
    const [, kind, name] = INTEGRITY.exec(text) ?? [];
    if (kind === undefined || name === undefined) return;
    entry.integrity = name;
    entry.integrityBits = kind === 'auth' ? null : numberOf(/ (\d{1,4})$/.exec(text)?.[1]);
  }

  private statistics(entry: Draft<KernelSaObservation>, text: string): void {
    if (text === 'lifetime config:') this.block = 'config';
    else if (text === 'lifetime current:') this.block = 'current';
    else if (text === 'stats:') this.block = 'stats';
    else if (this.block === 'config') entry.lifetime = { ...entry.lifetime, ...limits(text) };
    else if (this.block === 'current') current(entry, text);
    const counts = /^replay-window (\d+) replay (\d+) failed (\d+)/.exec(text);
    if (counts !== null) {
      entry.late = numberOf(counts[1]);
      entry.replays = numberOf(counts[2]);
      entry.failures = numberOf(counts[3]);
    }
  }
}

/** Only these have keys; Mobile IPv6 route optimisation headers, for example, have none. */
const isCryptographic = (protocol: string): boolean => ['esp', 'ah'].includes(protocol);

function limits(text: string): { soft?: number | null; hard?: number | null } {
  const add = /^expire add: soft (\d+)\(sec\), hard (\d+)\(sec\)/.exec(text);
  return add === null ? {} : { soft: Number(add[1]) || null, hard: Number(add[2]) || null };
}

function current(entry: Draft<KernelSaObservation>, text: string): void {
  const added = /^add (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) use/.exec(text)?.slice(1).map(Number);
  if (added !== undefined) entry.lifetime = { ...entry.lifetime, since: Date.UTC(added[0] ?? 0, (added[1] ?? 1) - 1, added[2], added[3], added[4], added[5]) };
  const counts = /^(\d+)\(bytes\), (\d+)\(packets\)/.exec(text);
  if (counts !== null) {
    entry.bytes = numberOf(counts[1]);
    entry.packets = numberOf(counts[2]);
  }
}

function blank(line: SourceLine, source: string, destination: string): Draft<KernelSaObservation> {
  return {
    type: 'kernel-sa', format: 'xfrm-state', line, source, destination,
    protocol: '', spi: 0, reqid: null, mode: null, state: 'mature', udpEncapsulated: false, integrity: null, integrityBits: null, mark: null, interfaceId: null,
    replayWindow: null, packets: null, bytes: null, failures: null, replays: null, late: null, lifetime: { age: null, soft: null, hard: null }, selector: null,
  };
}
