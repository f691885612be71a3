import type { PacketsObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { ADDRESS, spiOf } from '../format.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';

const STAMP = String.raw`(?:\d\d:\d\d:\d\d\.\d{3,9} )`;
const PACKET = new RegExp(String.raw`^${STAMP}(?:([\w.@-]{1,32}) +(?:In|Out|B|M|P) +)?IP6? (?:\([^)]{0,200}\) )?(${ADDRESS}) > (${ADDRESS}): (.{0,400})$`);
const OPENING = new RegExp(String.raw`^tcpdump: (?:verbose output suppressed|listening on)|^listening on \S{1,32}, link-type |^${STAMP}(?:\S{1,32} +(?:In|Out|B|M|P) +)?(?:IP6? |ARP, )`);
const REST = new RegExp(String.raw`^(?:tcpdump: |dropped privs to |\d{1,15} packets? (?:captured|received by filter|dropped by kernel)|\^C|${STAMP})`);
const ESP = /^(?:UDP-encap: )?(?:ESP|AH)\(spi=0x([0-9a-f]{1,8}),/;
const ICMP_ERROR = /^ICMP6?,? (?:host |net |destination )?(\S{2,45}) (udp port \S{1,16} unreachable|protocol \S{1,8}(?: port \S{1,8})? unreachable|unreachable(?: - .{1,60}?)?)(?:,|$)/;

/** Flows and SPIs that are told apart; what comes after that is nobody's tunnel. */
const MOST_FLOWS = 500;
const MOST_SPIS = 16;

/** What tcpdump prints of IKE, ESP and packets in clear (print-isakmp.c, print-esp.c), counted by direction. Names of hosts (without -n) are not read. */
export const TCPDUMP: SnapshotFormat = {
  name: 'tcpdump',
  opens: (text) => OPENING.test(text),
  start: (emit) => new Tcpdump(emit),
};

class Tcpdump implements SnapshotParser {
  private readonly flows = new Map<string, Draft<PacketsObservation>>();
  /** What is listened on; `any` names the interface of each packet. */
  private listening: string | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const packet = PACKET.exec(line.text);
    if (packet !== null) {
      this.packet(line, packet);
      return true;
    }
    this.listening = /listening on (\S{1,32}), link-type/.exec(line.text)?.[1] ?? this.listening;
    return line.text.trim() === '' || /^\s/.test(line.text) || OPENING.test(line.text) || REST.test(line.text);
  }

  end(): void {
    for (const flow of this.flows.values()) this.emit(flow);
    this.flows.clear();
  }

  private packet(line: SourceLine, [, device, from = '', to = '', content = '']: RegExpExecArray): void {
    const [source, destination] = [addressOf(from), addressOf(to)];
    const icmp = ICMP_ERROR.exec(content);
    const kind = icmp === null ? kindOf(content) : 'icmp-error';
    const key = `${kind} ${source} ${destination} ${device ?? ''}`;
    const known = this.flows.get(key);
    if (known === undefined && this.flows.size >= MOST_FLOWS) return;
    const flow = known ?? { type: 'packets', format: 'tcpdump', line: { ...line, text: line.text.slice(0, 200) }, kind, source, destination, packets: 0, spis: [], device: device ?? (this.listening === 'any' ? null : this.listening), detail: icmp === null ? null : `${icmp[1]} ${icmp[2]}` };
    flow.packets += 1;
    const spi = spiOf(ESP.exec(content)?.[1]);
    if (spi !== null && !flow.spis.includes(spi) && flow.spis.length < MOST_SPIS) flow.spis = [...flow.spis, spi];
    this.flows.set(key, flow);
  }
}

function kindOf(content: string): PacketsObservation['kind'] {
  if (ESP.test(content)) return 'esp';
  return /^(?:NONESP-encap: )?isakmp/.test(content) ? 'ike' : 'other';
}

/** `192.0.2.1.500`, `2001:db8::1.4500`: the port stands behind a dot. */
function addressOf(text: string): string {
  const parts = text.split('.');
  const hasPort = text.includes(':') ? parts.length === 2 : parts.length === 5;
  return hasPort ? parts.slice(0, -1).join('.') : text;
}
