import type { KernelEventObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { ADDRESS, spiOf } from '../format.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';

const HEAD = /^(?:acquire proto |(?:Expired|Deleted|Updated) (?:src |policy )|Flushed (?:state|policy) |Async event {1,2}\(0x|Mapping change |report proto )/;
/** Time stamps of `ip -t`. */
const STAMP = /^Timestamp: [A-Z][a-z]{2} [A-Z][a-z]{2} /;
const ENDS = new RegExp(String.raw`\bsrc (${ADDRESS})\S* dst (${ADDRESS})`);
const MAPPING = new RegExp(String.raw`^Mapping change (${ADDRESS}):(\d{1,5}) -> (${ADDRESS}):(\d{1,5})`);
const WORDS: readonly (readonly [string, KernelEventObservation['event']])[] = [
  ['acquire', 'acquire'], ['Expired', 'expired'], ['Deleted', 'deleted'], ['Flushed state', 'flushed'], ['Mapping change', 'mapping'],
];

/** `ip xfrm monitor` (iproute2, xfrm_monitor.c): SA and policy events, each with an entry as in the lists. */
export const XFRM_MONITOR: SnapshotFormat = {
  name: 'xfrm-monitor',
  opens: (text) => HEAD.test(text) || STAMP.test(text),
  start: (emit) => new Monitor(emit),
};

class Monitor implements SnapshotParser {
  private entry: Draft<KernelEventObservation> | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const { text } = line;
    if (HEAD.test(text)) {
      this.end();
      this.begin(line);
    } else if (/^\s/.test(text)) this.detail(text);
    else return text === '' || STAMP.test(text);
    return true;
  }

  end(): void {
    if (this.entry !== null) this.emit(this.entry);
    this.entry = null;
  }

  private begin(line: SourceLine): void {
    const event = WORDS.find(([word]) => line.text.startsWith(word))?.[1];
    if (event === undefined || line.text.length > 400) return;
    const [, from, , to] = MAPPING.exec(line.text) ?? [];
    const [, source = from ?? null, destination = to ?? null] = ENDS.exec(line.text) ?? [];
    this.entry = { type: 'kernel-event', format: 'xfrm-monitor', line: { ...line, text: line.text.trim() }, event, source, destination, spi: null, isFinal: event === 'deleted' };
  }

  /** Keys are on lines of their own, which are not stored. */
  private detail(text: string): void {
    const { entry } = this;
    if (entry === null) return;
    const [, source, destination] = entry.source === null ? (ENDS.exec(text) ?? []) : [];
    if (source !== undefined) entry.source = source;
    if (destination !== undefined) entry.destination = destination;
    entry.spi ??= spiOf(/\bspi (0x[0-9a-f]{8})/i.exec(text)?.[1]);
    if (/^\thard 1/.test(text) || / hard 1\s*$/.test(text)) entry.isFinal = true;
  }
}
