import type { ChildSaObservation, ConnectionObservation, IkeSaObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { numberOf, spiOf } from '../format.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';
import { shorten } from '../text.js';
import { readTopology } from './pluto-topology.js';

const STATE = /^#(\d+): "([^"]{1,120})"(?:\[\d+\]){0,2}(?: (?:\.\.\.)?([0-9a-fA-F.:]{2,45}?))?(?::(\d+))? (?:(STATE_\w+|[A-Z][A-Z0-9_]{4,40}) )?\(?((?:[a-z]|IPsec|ISAKMP|PARENT|STF|OAKLEY|unknown)[^;]{0,120}?)\)?; ?(.{0,400})$/;
const SAIDS = /^#(\d+): "([^"]{1,120})"(?:(?:\[\d+\]){1,2} \S{2,48})?((?: (?:esp|ah|tun|comp)\.[0-9a-f]{1,8}@\S{2,45}){2,8})/;
const TRAFFIC = /^#(\d+): "([^"]{1,120})"(?:(?:\[\d+\]){1,2} \S{2,45})?, (?:username=\S{1,100}, )?type=(?:ESP|AH)\S*, (?:add_time=\d+, )?inBytes=(\d+), outBytes=(\d+)/;
const CODE = /^[ \t]{0,8}00[06] /;
const CONNECTION = /^"([^"]{1,120})"(?:\[\d+\]){0,2}: {1,5}(.{1,1000})$/;

/** Lines found only in pluto's status, with or without the `000 ` that Libreswan 5 dropped; pasted ones may be indented. */
const OPENING = /^(?:[ \t]{0,8}000 (?:Status of IKEv1|using kernel interface|interface |"|#|Total IPsec|State Information|Connection list|algorithm |stats |debug |IKE SAs|IPsec SAs| *$|%myid|virtual-private)|[ \t]{0,8}00[06] #\d+: ".{1,160}type=|using kernel interface: |State Information: |IKE SAs: total\(|IPsec SAs: total\(|#\d+: "[^"]{1,120}"|"[^"]{1,120}"(?:\[\d+\]){0,2}: (?: {2}|.{4,300}===|.{2,200}\.\.\.))/;

/**
 * `ipsec auto --status`, `ipsec status`, `ipsec trafficstatus` and `ipsec showstates` of all versions of FreeS/WAN,
 * Openswan and Libreswan.
 */
export const PLUTO_STATUS: SnapshotFormat = {
  name: 'pluto-status',
  opens: (text) => OPENING.test(text),
  start: (emit) => new PlutoStatus(emit),
};

class PlutoStatus implements SnapshotParser {
  /** Names of shunt connections, which pass or drop packets and have no peer. */
  private readonly shunts = new Set<string>();
  private readonly connections = new Map<string, Draft<ConnectionObservation>>();
  private readonly ikes = new Map<number, Draft<IkeSaObservation>>();
  private readonly children = new Map<number, Draft<ChildSaObservation>>();
  private isCoded = false;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const code = CODE.exec(line.text);
    const coded = code !== null;
    this.isCoded ||= coded;
    const text = line.text.slice(code?.[0].length ?? 0).trimEnd();
    if (!coded && this.isCoded && text !== '') return false;
    if (text.trim() === '') return true;
    if (text.startsWith('#')) return this.state(line, text) || coded;
    if (text.startsWith('"')) return this.connection(line, text) || coded;
    return coded || PLAIN.test(text);
  }

  end(): void {
    for (const name of this.shunts) this.connections.delete(name);
    this.shunts.clear();
    for (const entry of [...this.connections.values(), ...this.ikes.values(), ...this.children.values()]) this.emit(entry);
    this.connections.clear();
    this.ikes.clear();
    this.children.clear();
  }

  private state(line: SourceLine, text: string): boolean {
    const traffic = TRAFFIC.exec(text);
    const saids = SAIDS.exec(text);
    if (traffic !== null) this.traffic(line, traffic);
    else if (saids !== null) this.saids(line, text, saids);
    else {
      const state = STATE.exec(text);
      if (state === null) return /^#\d+: pending |^#\d+: "[^"]{1,120}"(?:\[\d+\]){0,2}(?: \S{2,45})? (?:ref=|Traffic:)/.test(text);
      this.readState(line, state);
    }
    return true;
  }

  private readState(line: SourceLine, match: RegExpExecArray): void {
    const [, number, name, peer, , token, words = '', rest = ''] = match;
    const established = /established/i.test(words);
    const isChild = /QUICK|CHILD/.test(token ?? '') || /IPsec SA|Child SA/i.test(words) || /newest IPSEC|eroute owner/.test(rest);
    const serial = Number(number);
    const renewsIn = numberOf(/(?:REPLACE\w*|REKEY) in (-?\d+)s/.exec(rest)?.[1]);
    const expiresIn = numberOf(/EXPIRE in (-?\d+)s/.exec(rest)?.[1]);
    if (this.ikes.size + this.children.size > 5_000) return;
    if (isChild) this.children.set(serial, { ...blankChild(line, serial, name ?? null), installed: established, state: token ?? words, renewsIn, expiresIn, ikeNumber: numberOf(/(?:isakmp#|IKE SA #)(\d+)/.exec(rest)?.[1]), peerAddress: peer ?? null });
    else this.ikes.set(serial, { ...blankIke(line, serial, name ?? null), established, state: token ?? words, version: versionOf(token ?? ''), initiator: initiatorOf(token ?? ''), renewsIn, peerAddress: peer ?? null });
  }

  /** A second line about a Child SA; if the first was not copied, its SAs are there all the same. */
  private saids(line: SourceLine, text: string, [, number, name, list = '']: RegExpExecArray): void {
    const serial = Number(number);
    if (name === undefined || this.ikes.size + this.children.size > 5_000) return;
    const child = this.children.get(serial) ?? { ...blankChild(line, serial, name), installed: true, state: 'established' };
    this.children.set(serial, child);
    const [out, into] = [...list.matchAll(/(?:esp|ah)\.([0-9a-f]{1,8})@(\S{2,45})/g)];
    [child.spiOut, child.peerAddress] = [spiOf(out?.[1]), out?.[2] ?? child.peerAddress];
    [child.spiIn, child.localAddress] = [spiOf(into?.[1]), into?.[2] ?? null];
    const [, bytesIn, unitIn] = /ESPin=(\d+)([KMG]?)B/.exec(text) ?? [];
    const [, bytesOut, unitOut] = /ESPout=(\d+)([KMG]?)B/.exec(text) ?? [];
    [child.bytesIn, child.bytesOut] = [scaled(bytesIn, unitIn), scaled(bytesOut, unitOut)];
  }

  private traffic(line: SourceLine, [, number, name, bytesIn, bytesOut]: RegExpExecArray): void {
    const serial = Number(number);
    const child = this.children.get(serial) ?? { ...blankChild(line, serial, name ?? null), installed: true, state: 'established' };
    [child.bytesIn, child.bytesOut] = [numberOf(bytesIn), numberOf(bytesOut)];
    this.children.set(serial, child);
  }

  private connection(line: SourceLine, text: string): boolean {
    const [, name, rest = ''] = CONNECTION.exec(text) ?? [];
    if (name === undefined) return false;
    if (rest.includes('our auth:never, their auth:never')) this.shunts.add(name);
    const topology = readTopology(rest);
    const entry = this.connections.get(name);
    if (topology !== null && this.connections.size < 5_000) this.connections.set(name, { ...blankConnection(line, name), ...topology });
    else if (entry !== undefined) connectionDetail(entry, line, rest);
    else return false;
    return true;
  }
}

/** Lines between the lists of a status without whack's numeric codes. */
const PLAIN = /^(?:using kernel interface|interface \S+ |fips mode|FIPS mode|SElinux|seccomp|config setup options|configdir=|nssdir=|dnssec-|sbindir=|pluto_version=|nhelpers=|logfile=|ddos-|ikebuf=|ocsp-|global-redirect|secctx|debug:?|nat-traversal|virtual-private|algorithm |Kernel algorithms|IKE algorithms|ESP |stats |Connection list|Total IPsec|State Information|State list|IKE SAs|IPsec SAs|Bare Shunt)/;

function connectionDetail(entry: Draft<ConnectionObservation>, line: SourceLine, rest: string): void {
  if (/(?:^|host: )unoriented/.test(rest)) {
    entry.oriented = false;
    entry.line = { ...line, text: shorten(line.text, 300) };
  } else if (/(?:^|host: )oriented/.test(rest)) entry.oriented = true;
  else if (rest.startsWith('routing: ')) entry.routing = /^routing: ([^;]{1,60})/.exec(rest)?.[1] ?? null;
  const truncation = /sha2-truncbug:(yes|no)/.exec(rest)?.[1];
  if (truncation !== undefined) entry.truncatesSha2 = truncation === 'yes';
}

const scaled = (digits: string | undefined, unit = ''): number | null => (digits === undefined ? null : Number(digits) * 1024 ** ' KMG'.indexOf(unit === '' ? ' ' : unit));

function versionOf(token: string): 1 | 2 | null {
  if (/MAIN|AGGR|QUICK/.test(token)) return 1;
  return /PARENT|V2|IKE_/.test(token) ? 2 : null;
}

/** Later Libreswans name the state of an established IKE SA without the role. */
function initiatorOf(token: string): boolean | null {
  const role = /^STATE_(?:V2_)?PARENT_([IR])\d/.exec(token)?.[1];
  return role === undefined ? null : role === 'I';
}

function blankIke(line: SourceLine, number: number, name: string | null): Draft<IkeSaObservation> {
  return {
    type: 'ike-sa', format: 'pluto-status', line, name, number, version: null, established: false, state: '', localAddress: null, localId: null,
    peerAddress: null, peerId: null, peerAnswered: null, initiator: null, renewsIn: null,
  };
}

function blankChild(line: SourceLine, number: number, name: string | null): Draft<ChildSaObservation> {
  return {
    type: 'child-sa', format: 'pluto-status', line, name, number, ikeName: name, ikeNumber: null, installed: false, state: '', reqid: null, spiIn: null, spiOut: null,
    bytesIn: null, bytesOut: null, packetsIn: null, packetsOut: null, udpEncapsulated: null, integrity: null, localNet: null, peerNet: null,
    localAddress: null, peerAddress: null, renewsIn: null, expiresIn: null,
  };
}

function blankConnection(line: SourceLine, name: string): Draft<ConnectionObservation> {
  return {
    type: 'connection', format: 'pluto-status', line: { ...line, text: shorten(line.text, 300) }, name, localAddress: null, peerAddress: null, localId: null, peerId: null,
    localNet: null, peerNet: null, oriented: null, routing: null, truncatesSha2: null,
  };
}
