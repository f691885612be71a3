import type { LineBatch } from './batch.js';
import { peek, type Bytes } from './bytes.js';
import { classify } from './content.js';
import { MAX_MEMBERS, tooMany } from './problems.js';
import { sortByAge } from './rotation.js';
import { readTar, type Member } from './tar.js';
import { WaitingRoom } from './waiting-room.js';

/** A stream of bytes. `again` reopens it from the beginning; null if it can be read only once (standard input). */
export interface Layer {
  readonly bytes: Bytes;
  readonly again: (() => Bytes) | null;
}

export interface MemberReader {
  /** Reads the content of one member. */
  read(name: string, layer: Layer): AsyncIterable<LineBatch>;
  /** Called at the end with the names of members that are not text. */
  leaveOut(names: readonly string[]): void;
}

/** What is remembered of every member. */
type Seen = Pick<Member, 'name' | 'size'>;

/** Bytes of members buffered until their turn. Most support bundles fit completely. */
export const MAX_HELD = 128 << 20;

/**
 * Reads the files of a tar archive as if from a directory: by name, rotated parts by age. An archive stores them in any
 * order and can only be read front to back, so members are buffered in memory. What does not fit is read in further
 * passes, or in archive order if the input cannot be reopened. @throws SourceError if the archive is damaged, after
 * yielding what was readable.
 */
export async function* readArchive({ bytes, again }: Layer, reader: MemberReader, maxHeld = MAX_HELD): AsyncGenerator<LineBatch> {
  const waiting = new WaitingRoom(maxHeld);
  const seen: Seen[] = [];
  const others: string[] = [];
  let damage: unknown = null;
  try {
    for await (const member of texts(readTar(bytes), others)) {
      if (seen.push({ name: member.name, size: member.size }) > MAX_MEMBERS) throw tooMany();
      if ((await waiting.admit(seen.length - 1, member)) || again !== null) continue;
      yield* release(waiting, inOrder(seen), seen, reader);
      yield* reader.read(member.name, { bytes: member.bytes, again: null });
    }
  } catch (error) {
    damage = error;
  }
  if (again !== null && waiting.isIncomplete) yield* readInPasses(again, seen, waiting, reader, maxHeld);
  else yield* release(waiting, inOrder(seen), seen, reader);
  reader.leaveOut(others);
  if (damage !== null) throw damage;
}

/** Files of an archive, held in memory. */
export interface Held {
  readonly members: { readonly name: string; readonly written: number; readonly content: Buffer }[];
  /** Names of members that are not text. */
  readonly others: readonly string[];
  /** The error that stopped reading, or null. */
  readonly damage: unknown;
}

/** Reads all files of a tar archive into memory; null if they exceed `maxHeld` bytes. */
export async function holdTar(bytes: Bytes, maxHeld: number): Promise<Held | null> {
  const waiting = new WaitingRoom(maxHeld);
  const seen: Pick<Member, 'name' | 'written'>[] = [];
  const others: string[] = [];
  let damage: unknown = null;
  try {
    for await (const member of texts(readTar(bytes), others)) {
      if (seen.push({ name: member.name, written: member.written }) > MAX_MEMBERS) throw tooMany();
      if (!(await waiting.admit(seen.length - 1, member))) return null;
    }
  } catch (error) {
    damage = error;
  }
  const members = seen.map((member, place) => ({ ...member, content: waiting.release(place) ?? Buffer.alloc(0) }));
  return { members, others, damage };
}

/** Members that are text, or packed text; names of the others are added to `others`. */
async function* texts(members: AsyncIterable<Member>, others: string[]): AsyncGenerator<Member> {
  for await (const { bytes, ...member } of members) {
    const { head, bytes: whole } = await peek(bytes, true);
    if (classify(head).type === 'not-text') others.push(member.name);
    else yield { ...member, bytes: whole };
  }
}

/** Each pass buffers as many of the next members as fit, or streams the next one if it alone is too large. */
async function* readInPasses(again: () => Bytes, seen: readonly Seen[], waiting: WaitingRoom, reader: MemberReader, maxHeld: number): AsyncGenerator<LineBatch> {
  const order = inOrder(seen);
  waiting.clear();
  for (let turn = 0; turn < order.length; ) {
    const next = order.slice(turn, endOfPass(order, turn, seen, maxHeld));
    turn += next.length;
    const wanted = new Set(next);
    let place = -1;
    for await (const member of texts(readTar(again()), [])) {
      if (!wanted.delete(++place)) continue;
      if (place === next[0]) yield* reader.read(member.name, { bytes: member.bytes, again: null });
      else await waiting.admit(place, member);
      if (wanted.size === 0) break;
    }
    yield* release(waiting, next, seen, reader);
  }
}

function endOfPass(order: readonly number[], start: number, seen: readonly Seen[], maxHeld: number): number {
  let end = start;
  for (let held = 0; end < order.length; end++) {
    held += seen[order[end] as number]?.size ?? 0;
    if (end > start && held > maxHeld) break;
  }
  return end;
}

/** Reads those of the given members that are buffered. */
async function* release(waiting: WaitingRoom, order: readonly number[], seen: readonly Seen[], reader: MemberReader): AsyncGenerator<LineBatch> {
  for (const place of order) {
    const held = waiting.release(place);
    if (held === null) continue;
    const bytes = (): Bytes => only(held);
    yield* reader.read(seen[place]?.name ?? '', { bytes: bytes(), again: bytes });
  }
}

/** Indices of members in reading order; a name may occur more than once. */
function inOrder(seen: readonly Seen[]): number[] {
  const places = new Map<string, number[]>();
  for (const [place, { name }] of seen.entries()) {
    const same = places.get(name);
    if (same === undefined) places.set(name, [place]);
    else same.push(place);
  }
  return sortByAge([...places.keys()].sort()).flatMap((name) => places.get(name) ?? []);
}

async function* only(piece: Buffer): AsyncGenerator<Buffer> {
  yield piece;
}
