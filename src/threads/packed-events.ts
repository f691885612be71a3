import type { DaemonMessage } from '../model/daemon-message.js';
import type { Daemon } from '../model/daemons.js';
import type { Event } from '../model/event.js';
import type { Inferred, LogRecord, RecordTag } from '../model/log-record.js';

/** What of an event other events have as well, as a rule: sent once. */
type Meaning = Pick<Event, 'kind' | 'fields' | 'signature'>;

/** Events as another thread gets them: strings and numbers, because objects are slow to copy. Plain data. */
export interface PackedEvents {
  /** {@link COLUMNS} numbers for each event. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Epoch milliseconds; NaN where a record has none. */
  readonly times: Float64Array<ArrayBuffer>;
  /** Each event's line. */
  readonly lines: readonly string[];
  /** Messages that are not the end of what they were taken from, in their order. */
  readonly apart: readonly string[];
  /** What was not known before, from the numbers on that come next: see {@link Known}. */
  readonly texts: readonly string[];
  readonly meanings: readonly Meaning[];
  readonly inferred: readonly (readonly Inferred[])[];
  /** Tags of the records that have one, by the number of the event. */
  readonly tags: readonly (readonly [number, RecordTag])[];
  /** All that was known is forgotten. */
  readonly isFresh: boolean;
}

/** Numbers of an event, in this order; for what is not there {@link NONE}. */
const COLUMNS = 18;
const NONE = -1;
/** The message is not the end of its line, or the text not that of the message. */
const APART = -2;
/** Texts, or meanings, that are known at a time: a stranger can make up any number of names. */
const MOST_KNOWN = 32_768;

/** Packs events, in their order. One for each thread that they go to. */
export class EventPacker {
  private readonly texts = new Numbered<string, string>();
  private readonly meanings = new Numbered<Event['fields'], Meaning>();
  private readonly inferred = new Numbered<readonly Inferred[], readonly Inferred[]>();
  private numbers: number[] = [];
  private times: number[] = [];
  private lines: string[] = [];
  private apart: string[] = [];
  private tags: (readonly [number, RecordTag])[] = [];
  private isFresh = false;

  /** Events that wait to be taken. */
  get size(): number {
    return this.lines.length;
  }

  add({ kind, fields, signature, message }: Event): void {
    const { record } = message;
    const { line } = record;
    if (record.tag !== null) this.tags.push([this.lines.length, record.tag]);
    this.lines.push(line.text);
    this.times.push(record.time ?? Number.NaN);
    this.numbers.push(
      this.text(line.source),
      line.number,
      this.inferred.of(record.inferred, record.inferred),
      this.text(record.host),
      this.text(record.program),
      record.pid ?? NONE,
      this.place(record.message, line.text),
      record.repeats,
      this.text(message.daemon),
      this.place(message.text, record.message),
      this.text(message.connectionName),
      message.instance ?? NONE,
      message.saNumber ?? NONE,
      this.text(message.peerAddress),
      message.peerPort ?? NONE,
      this.text(message.thread),
      this.text(message.group),
      this.meanings.of(fields, { kind, fields, signature }),
    );
  }

  /** What was added since the last call. */
  take(): PackedEvents {
    const { lines, apart, tags, isFresh } = this;
    const packed = {
      numbers: Float64Array.from(this.numbers), times: Float64Array.from(this.times), lines, apart, tags, isFresh,
      texts: this.texts.takeNew(), meanings: this.meanings.takeNew(), inferred: this.inferred.takeNew(),
    };
    this.numbers = [];
    this.times = [];
    this.lines = [];
    this.apart = [];
    this.tags = [];
    this.isFresh = Math.max(this.texts.size, this.meanings.size, this.inferred.size) > MOST_KNOWN;
    if (this.isFresh) for (const known of [this.texts, this.meanings, this.inferred]) known.forget();
    return packed;
  }

  private text(text: string | null): number {
    return text === null ? NONE : this.texts.of(text, text);
  }

  /** Where a text begins that ends with the other one. */
  private place(text: string, whole: string): number {
    const start = whole.length - text.length;
    if (start >= 0 && whole.slice(start) === text) return start;
    this.apart.push(text);
    return APART;
  }
}

/** Values, each with the number that it got when it came first. */
class Numbered<Key, Value> {
  private readonly numbers = new Map<Key, number>();
  private fresh: Value[] = [];

  get size(): number {
    return this.numbers.size;
  }

  of(key: Key, value: Value): number {
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(key, number);
    this.fresh.push(value);
    return number;
  }

  takeNew(): readonly Value[] {
    const { fresh } = this;
    this.fresh = [];
    return fresh;
  }

  forget(): void {
    this.numbers.clear();
  }
}

/** Makes events of what one {@link EventPacker} has packed, in the same order. */
export class EventUnpacker {
  private texts: string[] = [];
  private meanings: Meaning[] = [];
  private inferred: (readonly Inferred[])[] = [];

  /** `take` gets the events; they are equal to those that were packed, and what several of them had in common they have in common again. */
  unpack(packed: PackedEvents, take: (event: Event) => void): void {
    if (packed.isFresh) [this.texts, this.meanings, this.inferred] = [[], [], []];
    for (const text of packed.texts) this.texts.push(text);
    for (const meaning of packed.meanings) this.meanings.push(meaning);
    for (const inferred of packed.inferred) this.inferred.push(inferred);
    const tags = new Map(packed.tags);
    const apart = packed.apart[Symbol.iterator]();
    for (let index = 0; index < packed.lines.length; index += 1) take(this.event(packed, index, tags.get(index) ?? null, apart));
  }

  private event({ numbers, times, lines }: PackedEvents, index: number, tag: RecordTag | null, apart: Iterator<string>): Event {
    const at = COLUMNS * index;
    const time = times[index] as number;
    const line = lines[index] as string;
    const message = cut(line, numbers[at + 6] as number, apart);
    const record: LogRecord = {
      line: { source: this.texts[numbers[at] as number] as string, number: numbers[at + 1] as number, text: line },
      time: Number.isNaN(time) ? null : time,
      inferred: this.inferred[numbers[at + 2] as number] as readonly Inferred[],
      host: this.texts[numbers[at + 3] as number] as string,
      program: this.texts[numbers[at + 4] as number] as string,
      pid: orNull(numbers[at + 5] as number),
      message,
      repeats: numbers[at + 7] as number,
      tag,
    };
    const { kind, fields, signature } = this.meanings[numbers[at + 17] as number] as Meaning;
    return { kind, fields, signature, message: this.message(record, numbers, at, apart) };
  }

  private message(record: LogRecord, numbers: Float64Array, at: number, apart: Iterator<string>): DaemonMessage {
    return {
      record,
      daemon: this.texts[numbers[at + 8] as number] as Daemon,
      text: cut(record.message, numbers[at + 9] as number, apart),
      connectionName: this.text(numbers[at + 10] as number),
      instance: orNull(numbers[at + 11] as number),
      saNumber: orNull(numbers[at + 12] as number),
      peerAddress: this.text(numbers[at + 13] as number),
      peerPort: orNull(numbers[at + 14] as number),
      thread: this.text(numbers[at + 15] as number),
      group: this.text(numbers[at + 16] as number),
    };
  }

  private text(number: number): string | null {
    return number === NONE ? null : (this.texts[number] as string);
  }
}

function cut(whole: string, start: number, apart: Iterator<string>): string {
  return start === APART ? (apart.next().value as string) : start === 0 ? whole : whole.slice(start);
}

function orNull(number: number): number | null {
  return number === NONE ? null : number;
}
