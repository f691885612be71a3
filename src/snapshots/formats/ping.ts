import type { PingObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { ADDRESS, numberOf } from '../format.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';

const HEAD = new RegExp(String.raw`^PING \S{1,80} ?\((${ADDRESS})\)(?: from (${ADDRESS})(?: \S{1,20})?)?:? ?(\d{1,6})\((\d{1,6})\) bytes of data\.`);
const HEAD6 = new RegExp(String.raw`^PING \S{1,80} ?\((${ADDRESS})\)(?: from (${ADDRESS})(?: \S{1,20})?)?:? (\d{1,6}) data bytes`);
const COUNTS = /^(\d{1,9}) packets transmitted, (\d{1,9}) (?:packets )?received/;
const MTU = /(?:mtu ?= ?|mtu )(\d{2,5})\b/i;
const BETWEEN = /^(?:\d{1,6} bytes from |From \S|ping: |--- |rtt |round-trip |Request timeout|no answer yet|\(DUP!\)|\s*$)/;

/** `ping` (iputils, inetutils, BSD): packet size, source, and replies. */
export const PING: SnapshotFormat = {
  name: 'ping',
  opens: (text) => text.startsWith('PING ') && (HEAD.test(text) || HEAD6.test(text)),
  start: (emit) => new Ping(emit),
};

class Ping implements SnapshotParser {
  private entry: Draft<PingObservation> | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const { text } = line;
    const whole = HEAD.exec(text);
    const head = whole ?? HEAD6.exec(text);
    if (head !== null) {
      this.end();
      const [, target = '', source = null, data, size] = head;
      this.entry = { type: 'ping', format: 'ping', line: { ...line, text: text.trim() }, target, source, size: numberOf(whole === null ? data : size) ?? 0, sent: null, received: null, mtu: null };
      return true;
    }
    const [, sent, received] = COUNTS.exec(text) ?? [];
    if (this.entry !== null && sent !== undefined) [this.entry.sent, this.entry.received] = [Number(sent), Number(received)];
    if (this.entry !== null && /^(?:From |ping: )/.test(text)) this.entry.mtu ??= numberOf(MTU.exec(text)?.[1]);
    return sent !== undefined || BETWEEN.test(text);
  }

  /** A ping without its summary is dropped: it proves nothing. */
  end(): void {
    if (this.entry?.received != null) this.emit(this.entry);
    this.entry = null;
  }
}
