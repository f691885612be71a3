import type { PacketsObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';
import { shorten } from '../text.js';
import { readPacket } from './tcpdump-packet.js';
import type { Packet } from './tcpdump-packet.js';

/** Flows kept apart; the capture of a port scan has more, but says no more. */
const MOST_FLOWS = 2_000;

/** tcpdump's own messages; phrases that other programs use too are anchored. */
const OWN_WORDS = /^(?:tcpdump: (?:verbose output suppressed|listening on |data link type|WARNING: )|\d\d:\d\d:\d\d\.\d{3,9} ARP, |(?:reading from file .{1,200}, |listening on [\w.@:-]{1,40}, )link-type |dropped privs to |\d{1,12} packets? (?:captured|received by filter|dropped by (?:kernel|interface))$|\^C)/;
/** Every packet line that can begin the output contains one of these; patterns are tried on such lines only. */
const WORDS = ['isakmp', 'ESP(spi=', 'AH(', ' unreachable', 'packet too big', 'proto UDP (17)', 'proto ESP (50)', 'proto AH (51)', 'proto ICMP (1)', 'next-header ', ': UDP, length', 'ip-proto-17'];
const STAMP = /^ {0,8}(?:\d{1,9} {2,})?((?: ?(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d(?:\.\d{1,9})?|\d{10}\.\d{1,9}) )?/;
/**
 * Continuation lines of a packet. Packet numbers (-#) and relative times (-ttt) are indented too, so they are excluded.
 */
const INDENTED = /^\s+(?!\s|\d{1,9}(?: {2}|:\d\d:))/;
/** A packet of any protocol. */
const STAMPED = /^ ?(?:\d{4}-\d\d-\d\d )?(?:\d\d:\d\d:\d\d\.\d{3,9}|\d{10}\.\d{3,9}) \S/;
const MAC = String.raw`[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}(?: \(.{1,40}?\))?`;
/** Link-layer additions: interface and direction of `-i any`, the addresses of -e, VLANs. */
const LINK = new RegExp(String.raw`^(?:([\w.:@-]{1,20}) {1,2}(?=(?:In|Out|B|M|P) ))?(?:(In|Out|B|M|P) {1,2}| (In) )?(?:ifindex \d{1,9} )?(?:${MAC}(?: > ${MAC})?,? )?(?:ethertype [\w. ]{1,30}\(0x[0-9a-f]{4}\), length \d{1,6}: )?(?:vlan \d{1,4}, p \d(?:, DEI)?, (?:ethertype [\w. ]{1,30}(?:\(0x[0-9a-f]{4}\))?, )?){0,3}(?=IP6? |\(|[\w:.-]{2,80} > )`);
/** The IP header as printed by -v; options are in nested parentheses. */
const HEADER = /^(?:IP6? )?\(((?:[^()]|\([^()]*\)){1,400})\) ?/;

/**
 * tcpdump text (4.x, and 3.x with `IP`) of IKE, ESP, AH, ICMP errors and cleartext packets, with any combination of -n
 * -e -v -t -x.
 */
export const TCPDUMP: SnapshotFormat = {
  name: 'tcpdump',
  opens: (text) => ((text.includes(' > ') || text.includes(', proto ')) && WORDS.some((word) => text.includes(word)) && readHead(text) !== null) || OWN_WORDS.test(text),
  start: (emit) => new CaptureParser(emit),
};

interface Head {
  readonly device: string | null;
  readonly direction: 'in' | 'out' | null;
  readonly header: string;
  /** The text after the header; empty if -v continues on the next line. */
  readonly rest: string;
}

class CaptureParser implements SnapshotParser {
  private readonly flows = new Map<string, Draft<PacketsObservation>>();
  /** With -v: the header line whose addresses follow on the next line. */
  private pending: Head | null = null;
  /** The capture interface; null for `any`, where each line names its own. */
  private listening: string | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const { text } = line;
    if (INDENTED.test(text)) return this.takeIndented(line);
    this.pending = null;
    const head = readHead(text);
    if (head === null) return this.takeOther(text);
    if (head.rest === '') this.pending = head;
    else this.add(head, head.rest, line);
    return true;
  }

  end(): void {
    for (const flow of this.flows.values()) this.emit(this.crossesBothWays(flow) ? { ...flow, direction: null } : flow);
  }

  /** tcpdump's own messages, and packets of other protocols. */
  private takeOther(text: string): boolean {
    const device = /listening on (\S{1,32}), link-type/.exec(text)?.[1];
    if (device !== undefined) this.listening = device === 'any' ? null : device;
    return text.trim() === '' || STAMPED.test(text) || OWN_WORDS.test(text);
  }

  /**
   * Details that -v and -x print below a packet. The packet quoted by an ICMP error (indented by a tab) is skipped, as
   * it was not captured itself.
   */
  private takeIndented(line: SourceLine): boolean {
    const { pending } = this;
    this.pending = null;
    if (pending !== null && !line.text.startsWith('\t')) this.add(pending, line.text.trim(), line);
    return true;
  }

  private add({ device, direction, header }: Head, rest: string, line: SourceLine): void {
    const packet = readPacket(header, rest);
    if (packet === null) return;
    const key = `${keyOf(packet, direction)}|${device ?? ''}`;
    const known = this.flows.get(key);
    if (known !== undefined) known.packets += 1;
    else if (this.flows.size < MOST_FLOWS) this.flows.set(key, { type: 'packets', format: 'tcpdump', line: { source: line.source, number: line.number, text: shorten(line.text, 200) }, device: device ?? this.listening, direction, ...packet, packets: 1 });
  }

  /**
   * Seen in both directions: this host is a router that forwards the packets, neither their sender nor their receiver.
   */
  private crossesBothWays({ direction, ...flow }: PacketsObservation): boolean {
    if (direction === null) return false;
    const back = `${keyOf(flow, direction === 'in' ? 'out' : 'in')}|`;
    return [...this.flows.keys()].some((key) => key.startsWith(back));
  }
}

function keyOf({ kind, source, destination, sourcePort, destinationPort, spi, version, exchange, isFragmented, icmp }: Packet, direction: string | null): string {
  return [kind, source, destination, sourcePort, destinationPort, spi, version, exchange, isFragmented, icmp?.reason, icmp?.about, icmp?.port, icmp?.mtu, direction].join('|');
}

/** Splits off the time and link layer; null if it is not a packet line. */
function readHead(text: string): Head | null {
  const stamp = STAMP.exec(text);
  const after = text.slice(stamp?.[0].length ?? 0, 2_000);
  const link = LINK.exec(after);
  if (link === null) return null;
  const direction = link[2] ?? link[3];
  const behind = after.slice(link[0].length);
  const header = HEADER.exec(behind);
  const rest = behind.slice(header?.[0].length ?? 0).replace(/^IP6? /, '');
  if (header === null && !/^\S{2,80} > \S{2,80}:(?: |$)/.test(rest)) return null;
  return { device: link[1] ?? null, direction: direction === 'In' ? 'in' : direction === 'Out' ? 'out' : null, header: header?.[1] ?? '', rest };
}
