import type { Event } from '../model/event.js';
import type { Inferred, RecordTag } from '../model/log-record.js';
import { APART, COLUMN, COLUMNS, NONE } from './packed-events.js';
import type { PackedMeaning, PackedEvents } from './packed-events.js';

/** Limit on interned texts and meanings: a stranger can invent any number of names. */
const MOST_KNOWN = 32_768;
/** Initial capacity, in events. */
const ROOM = 2_048;

/** Packs events in order, for one receiving thread. */
export class EventPacker {
  private readonly texts = new Numbered<string, string>();
  private readonly meanings = new Numbered<Event['fields'], PackedMeaning>();
  private readonly inferred = new Numbered<readonly Inferred[], readonly Inferred[]>();
  /** The last text per column and its number; most recur in the next event. */
  private readonly latest = Array.from({ length: COLUMNS }, () => ({ text: '', number: NONE }));
  private numbers = new Float64Array(COLUMNS * ROOM);
  private times = new Float64Array(ROOM);
  private lines: string[] = [];
  private apart: string[] = [];
  private tags: (readonly [number, RecordTag])[] = [];
  private isFresh = false;

  /** Number of events waiting to be taken. */
  get size(): number {
    return this.lines.length;
  }

  add(event: Event): void {
    const { message } = event;
    const { record } = message;
    const { line } = record;
    const index = this.lines.length;
    if (index === this.times.length) this.grow();
    if (record.tag !== null) this.tags.push([index, record.tag]);
    this.lines.push(line.text);
    this.times[index] = record.time ?? Number.NaN;
    const { numbers } = this;
    const at = COLUMNS * index;
    numbers[at + COLUMN.source] = this.text(COLUMN.source, line.source);
    numbers[at + COLUMN.lineNumber] = line.number;
    numbers[at + COLUMN.inferred] = this.inferred.of(record.inferred) ?? this.inferred.add(record.inferred, record.inferred);
    numbers[at + COLUMN.host] = this.text(COLUMN.host, record.host);
    numbers[at + COLUMN.program] = this.text(COLUMN.program, record.program);
    numbers[at + COLUMN.pid] = record.pid ?? NONE;
    numbers[at + COLUMN.messageStart] = this.place(record.message, line.text);
    numbers[at + COLUMN.repeats] = record.repeats;
    numbers[at + COLUMN.daemon] = this.text(COLUMN.daemon, message.daemon);
    numbers[at + COLUMN.textStart] = this.place(message.text, record.message);
    numbers[at + COLUMN.connectionName] = this.text(COLUMN.connectionName, message.connectionName);
    numbers[at + COLUMN.instance] = message.instance ?? NONE;
    numbers[at + COLUMN.saNumber] = message.saNumber ?? NONE;
    numbers[at + COLUMN.peerAddress] = this.text(COLUMN.peerAddress, message.peerAddress);
    numbers[at + COLUMN.peerPort] = message.peerPort ?? NONE;
    numbers[at + COLUMN.thread] = this.text(COLUMN.thread, message.thread);
    numbers[at + COLUMN.group] = this.text(COLUMN.group, message.group);
    numbers[at + COLUMN.meaning] = this.meanings.of(event.fields) ?? this.meanings.add(event.fields, { kind: event.kind, fields: event.fields, signature: event.signature });
  }

  /** Returns what was added since the last call. */
  take(): PackedEvents {
    const { lines, apart, tags, isFresh } = this;
    const packed = {
      numbers: this.numbers.slice(0, COLUMNS * lines.length), times: this.times.slice(0, lines.length), lines, apart, tags, isFresh,
      texts: this.texts.takeNew(), meanings: this.meanings.takeNew(), inferred: this.inferred.takeNew(),
    };
    this.lines = [];
    this.apart = [];
    this.tags = [];
    this.isFresh = Math.max(this.texts.size, this.meanings.size, this.inferred.size) > MOST_KNOWN;
    if (this.isFresh) this.forget();
    return packed;
  }

  private grow(): void {
    const { numbers, times } = this;
    this.numbers = new Float64Array(2 * numbers.length);
    this.times = new Float64Array(2 * times.length);
    this.numbers.set(numbers);
    this.times.set(times);
  }

  private forget(): void {
    for (const known of [this.texts, this.meanings, this.inferred]) known.forget();
    for (const column of this.latest) column.number = NONE;
  }

  private text(column: number, text: string | null): number {
    if (text === null) return NONE;
    const latest = this.latest[column] as { text: string; number: number };
    if (latest.number !== NONE && latest.text === text) return latest.number;
    latest.number = this.texts.of(text) ?? this.texts.add(text, text);
    latest.text = text;
    return latest.number;
  }

  /** Offset of `text` within `whole`, if `whole` ends with it; otherwise it is sent separately ({@link APART}). */
  private place(text: string, whole: string): number {
    if (whole.endsWith(text)) return whole.length - text.length;
    this.apart.push(text);
    return APART;
  }
}

/** Interns values: each gets a number on first use. */
class Numbered<Key, Value> {
  private readonly numbers = new Map<Key, number>();
  private fresh: Value[] = [];

  get size(): number {
    return this.numbers.size;
  }

  of(key: Key): number | undefined {
    return this.numbers.get(key);
  }

  /** Numbers a new value. */
  add(key: Key, value: Value): number {
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
