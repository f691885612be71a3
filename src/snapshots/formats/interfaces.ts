import type { InterfaceObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { numberOf } from '../format.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';
import { shorten } from '../text.js';

const IP_HEAD = /^\d+: (\S{1,40}?)(?:@\S+)?: <([A-Z0-9_,-]{0,200})>(?: mtu (\d+))?/;
const NEW_HEAD = /^(\S{1,40}): flags=\d+<([A-Z0-9_,]{0,200})>(?: {1,3}mtu (\d+))?/;
const OLD_HEAD = /^(\S{1,40}) +Link encap:/;
const DEV_HEAD = /^Inter-\| +Receive|^ face \|/;
const DEV = /^ *(\S{1,40}):\s*(\d+(?: +\d+){15})\s*$/;
const ADDRESS = /^inet6? (?:addr: ?)?([0-9a-fA-F.:]{2,45})/;

/** `ip [-s] address|link`, `ifconfig` old and new, `/proc/net/dev`. */
export const INTERFACES: SnapshotFormat = {
  name: 'interfaces',
  opens: (text) => IP_HEAD.test(text) || NEW_HEAD.test(text) || OLD_HEAD.test(text) || DEV_HEAD.test(text),
  start: (emit) => new Interfaces(emit),
};

class Interfaces implements SnapshotParser {
  private entry: Draft<InterfaceObservation> | null = null;
  /** Which counters the next line of `ip -s link` contains. */
  private expects: 'received' | 'sent' | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const { text } = line;
    if (DEV_HEAD.test(text)) return true;
    const device = DEV.exec(text);
    const head = IP_HEAD.exec(text) ?? NEW_HEAD.exec(text) ?? OLD_HEAD.exec(text);
    if (device !== null) this.deviceLine(line, device);
    else if (head !== null) {
      this.end();
      this.entry = blank(line, head[1] ?? '', head[2], head[3]);
    } else if (this.entry !== null && /^\s/.test(text)) this.detail(this.entry, text.trim());
    else return this.entry !== null && text.trim() === '';
    return true;
  }

  end(): void {
    if (this.entry !== null) this.emit(this.entry);
    this.entry = null;
    this.expects = null;
  }

  private deviceLine(line: SourceLine, [, name = '', numbers = '']: RegExpExecArray): void {
    this.end();
    const [, receivedPackets, receiveErrors, receiveDropped, , , , , , sentPackets, sendErrors, sendDropped] = numbers.split(/ +/).map(Number);
    this.emit({ ...blank(line, name, undefined, undefined), receivedPackets: receivedPackets ?? null, receiveErrors: receiveErrors ?? null, receiveDropped: receiveDropped ?? null, sentPackets: sentPackets ?? null, sendErrors: sendErrors ?? null, sendDropped: sendDropped ?? null });
  }

  private detail(entry: Draft<InterfaceObservation>, text: string): void {
    if (this.expects !== null || /^[RT]X (?:packets|errors)/.test(text)) entry.line = { ...entry.line, text: shorten(`${entry.line.text} ${text}`, 300) };
    const address = ADDRESS.exec(text)?.[1];
    if (address !== undefined) entry.addresses = [...entry.addresses, address].slice(0, 64);
    else if (this.expects !== null) this.numbers(entry, text);
    else if (/^RX: +bytes/.test(text)) this.expects = 'received';
    else if (/^TX: +bytes/.test(text)) this.expects = 'sent';
    else counters(entry, text);
  }

  /** `bytes packets errors dropped ...` */
  private numbers(entry: Draft<InterfaceObservation>, text: string): void {
    const [, packets, errors, dropped] = text.split(/ +/).map(Number);
    if (this.expects === 'received') [entry.receivedPackets, entry.receiveErrors, entry.receiveDropped] = [packets ?? null, errors ?? null, dropped ?? null];
    else [entry.sentPackets, entry.sendErrors, entry.sendDropped] = [packets ?? null, errors ?? null, dropped ?? null];
    this.expects = null;
  }
}

/**
 * `RX packets:40113 errors:0 dropped:40113 ...` of old ifconfig, `RX packets 12  bytes 840` and `RX errors 0  dropped
 * 0` of new.
 */
function counters(entry: Draft<InterfaceObservation>, text: string): void {
  const value = (key: string): number | null => numberOf(new RegExp(String.raw`\b${key}[: ](\d{1,18})`).exec(text)?.[1]);
  if (text.startsWith('UP ') || / UP /.test(text)) entry.up = true;
  entry.mtu ??= value('MTU');
  if (text.startsWith('RX ')) {
    entry.receivedPackets ??= value('packets');
    entry.receiveErrors ??= value('errors');
    entry.receiveDropped ??= value('dropped');
  } else if (text.startsWith('TX ')) {
    entry.sentPackets ??= value('packets');
    entry.sendErrors ??= value('errors');
    entry.sendDropped ??= value('dropped');
  }
}

function blank(line: SourceLine, name: string, flags: string | undefined, mtu: string | undefined): Draft<InterfaceObservation> {
  return {
    type: 'interface', format: 'interfaces', line: { ...line, text: shorten(line.text.trim(), 200) }, name, up: flags === undefined ? null : flags.split(',').includes('UP'), mtu: numberOf(mtu), addresses: [],
    receivedPackets: null, sentPackets: null, receiveErrors: null, receiveDropped: null, sendErrors: null, sendDropped: null,
  };
}
