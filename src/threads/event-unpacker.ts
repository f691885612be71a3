import type { DaemonMessage } from '../model/daemon-message.js';
import type { Daemon } from '../model/daemons.js';
import type { Event } from '../model/event.js';
import type { Inferred, LogRecord, RecordTag } from '../model/log-record.js';
import { APART, COLUMN, COLUMNS, NONE } from './packed-events.js';
import type { PackedMeaning, PackedEvents } from './packed-events.js';

/** Restores the events packed by one EventPacker, in the same order. */
export class EventUnpacker {
  private texts: string[] = [];
  private meanings: PackedMeaning[] = [];
  private inferred: (readonly Inferred[])[] = [];
  /** Kinds and signatures, of which the thread sends a copy with each meaning. */
  private readonly names = new Map<string, string>();

  /** `take` receives events equal to the packed ones; values they had in common are shared again. */
  unpack(packed: PackedEvents, take: (event: Event) => void): void {
    if (packed.isFresh) [this.texts, this.meanings, this.inferred] = [[], [], []];
    for (const text of packed.texts) this.texts.push(text);
    for (const { kind, fields, signature } of packed.meanings) this.meanings.push({ kind: this.named(kind), fields, signature: this.named(signature) });
    for (const inferred of packed.inferred) this.inferred.push(inferred);
    const tags = new Map(packed.tags);
    const apart = packed.apart[Symbol.iterator]();
    for (let index = 0; index < packed.lines.length; index += 1) take(this.event(packed, index, tags.get(index) ?? null, apart));
  }

  private event({ numbers, times, lines }: PackedEvents, index: number, tag: RecordTag | null, apart: Iterator<string>): Event {
    const at = COLUMNS * index;
    const time = times[index] as number;
    const line = lines[index] as string;
    const message = cut(line, numbers[at + COLUMN.messageStart] as number, apart);
    const record: LogRecord = {
      line: { source: this.texts[numbers[at + COLUMN.source] as number] as string, number: whole(numbers[at + COLUMN.lineNumber] as number), text: line },
      time: Number.isNaN(time) ? null : time,
      inferred: this.inferred[numbers[at + COLUMN.inferred] as number] as readonly Inferred[],
      host: this.texts[numbers[at + COLUMN.host] as number] as string,
      program: this.texts[numbers[at + COLUMN.program] as number] as string,
      pid: orNull(numbers[at + COLUMN.pid] as number),
      message,
      repeats: whole(numbers[at + COLUMN.repeats] as number),
      tag,
    };
    const { kind, fields, signature } = this.meanings[numbers[at + COLUMN.meaning] as number] as PackedMeaning;
    return { kind, fields, signature, message: this.message(record, numbers, at, apart) };
  }

  private message(record: LogRecord, numbers: Float64Array, at: number, apart: Iterator<string>): DaemonMessage {
    return {
      record,
      daemon: this.texts[numbers[at + COLUMN.daemon] as number] as Daemon,
      text: cut(record.message, numbers[at + COLUMN.textStart] as number, apart),
      connectionName: this.text(numbers[at + COLUMN.connectionName] as number),
      instance: orNull(numbers[at + COLUMN.instance] as number),
      saNumber: orNull(numbers[at + COLUMN.saNumber] as number),
      peerAddress: this.text(numbers[at + COLUMN.peerAddress] as number),
      peerPort: orNull(numbers[at + COLUMN.peerPort] as number),
      thread: this.text(numbers[at + COLUMN.thread] as number),
      group: this.text(numbers[at + COLUMN.group] as number),
    };
  }

  private named<Name extends string>(name: Name): Name {
    const known = this.names.get(name) as Name | undefined;
    if (known === undefined) this.names.set(name, name);
    return known ?? name;
  }

  private text(number: number): string | null {
    return number === NONE ? null : (this.texts[number] as string);
  }
}

function cut(whole: string, start: number, apart: Iterator<string>): string {
  return start === APART ? (apart.next().value as string) : start === 0 ? whole : whole.slice(start);
}

function orNull(number: number): number | null {
  return number === NONE ? null : whole(number);
}

/**
 * The same number: V8 boxes one that comes from a Float64Array, and keeps the box with the line, unless it is an integer
 * by its form.
 */
function whole(number: number): number {
  const integer = number | 0;
  return integer === number ? integer : number;
}
