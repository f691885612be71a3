import type { KernelSaObservation, PolicyObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { ADDRESS, numberOf, withoutKey } from '../format.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';
import { shorten } from '../text.js';

const SCOPED = String.raw`${ADDRESS}(?:%\w{1,15})?`;
const SA_HEAD = new RegExp(String.raw`^(${SCOPED})(?:\[\d+\])? (${SCOPED})(?:\[\d+\])?\s*$`);
const SA_IDENTITY = /^((?:esp-udp |natt\+)?)(\S{1,12})? ?mode=(\S+) spi=(\d+)\(0x[0-9a-fA-F]+\) reqid=(\d+)/;
const POLICY_HEAD = new RegExp(String.raw`^(?:\(per-socket policy\) ?)?(${SCOPED}(?:\/\d{1,3})?)\[\w+\] (${SCOPED}(?:\/\d{1,3})?)\[\w+\] (\S+)\s*$`);
const POLICY_DIRECTION = /^(in|out|fwd)\b(?: prio \S+(?: [+-] \d+)?)? (discard|none|ipsec|entrust|bypass)/;
const POLICY_TEMPLATE = new RegExp(String.raw`^(?:esp|ah|ipcomp)\/(tunnel|transport)\/(?:(${SCOPED})-(${SCOPED}))?\/(\S+)`);

/** `setkey -D` and `racoonctl show-sa esp` (ipsec-tools, libipsec/pfkey_dump.c). Keys are never stored. */
export const SETKEY_SAD: SnapshotFormat = {
  name: 'setkey-sad',
  opens: (text) => text.startsWith('No SAD entries') || SA_HEAD.test(text),
  start: (emit) => new Sad(emit),
};

/** `setkey -DP` (ipsec-tools, libipsec/pfkey_dump.c, ipsec_dump_policy.c). */
export const SETKEY_SPD: SnapshotFormat = {
  name: 'setkey-spd',
  opens: (text) => text.startsWith('No SPD entries') || POLICY_HEAD.test(text),
  start: (emit) => new Spd(emit),
};

class Sad implements SnapshotParser {
  private entry: Draft<KernelSaObservation> | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const head = SA_HEAD.exec(line.text);
    if (head !== null) {
      this.end();
      this.entry = blankSa(line, head[1] ?? '', head[2] ?? '');
      return true;
    }
    if (line.text.startsWith('No SAD entries')) return true;
    const text = line.text.trim();
    if (this.entry === null || text === '' || !/^\s/.test(line.text)) return this.entry !== null && text === '';
    detailSa(this.entry, text);
    return true;
  }

  end(): void {
    const { entry } = this;
    this.entry = null;
    if (entry !== null && entry.protocol !== '') this.emit(entry);
  }
}

function detailSa(entry: Draft<KernelSaObservation>, text: string): void {
  const identity = SA_IDENTITY.exec(text);
  if (identity !== null) identifySa(entry, identity, text);
  else if (/^A: \S/.test(text)) entry.integrity = /^A: (\S{1,32})/.exec(text)?.[1] ?? null;
  else if (text.startsWith('seq=')) {
    entry.state = (/ state=(larval|mature|dying|dead)/.exec(text)?.[1] ?? 'mature') as KernelSaObservation['state'];
    entry.replayWindow = numberOf(/ replay=(\d+)/.exec(text)?.[1]);
  } else if (text.startsWith('diff: ')) {
    const [, age, hard, soft] = /^diff: (\d+)\(s\)\s+hard: (\d+)\(s\)\s+soft: (\d+)\(s\)/.exec(text) ?? [];
    entry.lifetime = { age: numberOf(age), hard: Number(hard) || null, soft: Number(soft) || null };
  } else if (text.startsWith('current: ')) entry.bytes = numberOf(/^current: (\d+)\(bytes\)/.exec(text)?.[1]);
  else if (text.startsWith('allocated: ')) entry.packets = numberOf(/^allocated: (\d+)/.exec(text)?.[1]);
}

/** With NAT traversal, `esp-udp` replaces the protocol. */
function identifySa(entry: Draft<KernelSaObservation>, [, encapsulation, protocol, mode, spi, reqid]: RegExpExecArray, text: string): void {
  const udp = encapsulation !== '' || protocol === 'esp-udp';
  entry.protocol = udp ? 'esp' : (protocol ?? 'esp');
  entry.udpEncapsulated = udp;
  entry.mode = mode ?? null;
  entry.spi = Number(spi) >>> 0;
  entry.reqid = numberOf(reqid);
  entry.line = withoutKey(entry.line, shorten(`${entry.line.text.trim()} ${text}`, 300));
}

class Spd implements SnapshotParser {
  private entry: Draft<PolicyObservation> | null = null;
  private isSocket = false;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const head = POLICY_HEAD.exec(line.text);
    if (head !== null) {
      this.end();
      this.isSocket = line.text.startsWith('(per-socket');
      this.entry = blankPolicy(line, head[1] ?? '', head[2] ?? '');
      return true;
    }
    if (line.text.startsWith('No SPD entries')) return true;
    const text = line.text.trim();
    if (text.startsWith('(per-socket policy)')) return this.socketLine(line);
    if (this.entry === null || text === '' || !/^\s/.test(line.text)) return this.entry !== null && text === '';
    detailPolicy(this.entry, text);
    return true;
  }

  end(): void {
    const { entry } = this;
    this.entry = null;
    if (entry !== null && !this.isSocket) this.emit(entry);
  }

  private socketLine(line: SourceLine): boolean {
    this.end();
    this.isSocket = true;
    this.entry = blankPolicy(line, '', '');
    return true;
  }
}

function detailPolicy(entry: Draft<PolicyObservation>, text: string): void {
  const direction = POLICY_DIRECTION.exec(text);
  const template = POLICY_TEMPLATE.exec(text);
  if (direction !== null) {
    entry.direction = direction[1] as PolicyObservation['direction'];
    entry.action = direction[2] === 'discard' ? 'block' : direction[2] === 'ipsec' ? 'ipsec' : 'allow';
    entry.line = { ...entry.line, text: shorten(`${entry.line.text.trim()} ${text}`, 300) };
  } else if (template !== null) {
    entry.mode = template[1] ?? null;
    entry.templateSource = template[2] ?? null;
    entry.templateDestination = template[3] ?? null;
    entry.reqid = numberOf(/^unique[:#](\d+)/.exec(template[4] ?? '')?.[1]);
  }
}

function blankSa(line: SourceLine, source: string, destination: string): Draft<KernelSaObservation> {
  return {
    type: 'kernel-sa', format: 'setkey-sad', line, source, destination,
    protocol: '', spi: 0, reqid: null, mode: null, state: 'mature', udpEncapsulated: false, integrity: null, integrityBits: null, mark: null, interfaceId: null,
    replayWindow: null, packets: null, bytes: null, failures: null, replays: null, late: null, lifetime: { age: null, soft: null, hard: null }, selector: null,
  };
}

function blankPolicy(line: SourceLine, source: string, destination: string): Draft<PolicyObservation> {
  return {
    type: 'policy', format: 'setkey-spd', line, source, destination, direction: 'out', action: 'allow', priority: null,
    templateSource: null, templateDestination: null, reqid: null, mode: null, mark: null, interfaceId: null,
  };
}
