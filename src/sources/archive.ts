import type { LineBatch } from './batch.js';
import { peek, type Bytes } from './bytes.js';
import { classify } from './content.js';
import { SourceError } from './problems.js';
import { sortByAge } from './rotation.js';
import { readTar, type Member } from './tar.js';
import { WaitingRoom } from './waiting-room.js';

/** Bytes that can be had now, and again from their beginning if `again` is not null. */
export interface Layer {
  readonly bytes: Bytes;
  readonly again: (() => Bytes) | null;
}

export interface MemberReader {
  /** Reads what one member holds. */
  read(name: string, layer: Layer): AsyncIterable<LineBatch>;
  /** Told the names of those that are no text, at the end. */
  leaveOut(names: readonly string[]): void;
}

/** Members kept in memory until it is their turn. Most support bundles fit as a whole. */
const MAX_HELD = 64 << 20;
/** More members than a gateway has files are an attack. */
const MAX_MEMBERS = 200_000;

/**
 * Reads the files in a tar archive in the order of a directory: by name, the parts of a rotated log by age. Archives have them
 * in any order and can only be read from front to back; so members wait in memory, and what does not fit is read in a further pass,
 * or, where there is none (standard input), as it comes. @throws SourceError where the archive is damaged, after what was readable.
 */
export async function* readArchive({ bytes, again }: Layer, reader: MemberReader, maxHeld = MAX_HELD): AsyncGenerator<LineBatch> {
  const waiting = new WaitingRoom(maxHeld);
  const names: string[] = [];
  const others: string[] = [];
  let damage: unknown = null;
  try {
    for await (const member of texts(readTar(bytes), others)) {
      if (names.push(member.name) > MAX_MEMBERS) throw new SourceError('archive-bomb', `Stopped after ${MAX_MEMBERS} files`, 'Unpack it and name the files that matter');
      if ((await waiting.admit(names.length - 1, member)) || again !== null) continue;
      yield* release(waiting, inOrder(names), names, reader);
      yield* reader.read(member.name, { bytes: member.bytes, again: null });
    }
  } catch (error) {
    damage = error;
  }
  if (again !== null && waiting.isIncomplete) yield* readInPasses(again, names, waiting, reader);
  else yield* release(waiting, inOrder(names), names, reader);
  reader.leaveOut(others);
  if (damage !== null) throw damage;
}

/** Members that are text or hold text; the names of the others go to `others`. */
async function* texts(members: AsyncIterable<Member>, others: string[]): AsyncGenerator<Member> {
  for await (const { name, size, bytes } of members) {
    const { head, bytes: whole } = await peek(bytes, true);
    if (classify(head).type === 'not-text') others.push(name);
    else yield { name, size, bytes: whole };
  }
}

/** Each pass reads at least the member that is next. */
async function* readInPasses(again: () => Bytes, names: readonly string[], waiting: WaitingRoom, reader: MemberReader): AsyncGenerator<LineBatch> {
  const order = inOrder(names);
  const ranks = new Map(order.map((place, rank) => [place, rank]));
  let turn = 0;
  for (let last = -1; turn < order.length && turn > last; ) {
    last = turn;
    let place = -1;
    for await (const member of texts(readTar(again()), [])) {
      const rank = ranks.get(++place) ?? -1;
      if (rank === turn && !waiting.has(place)) {
        yield* reader.read(member.name, { bytes: member.bytes, again: null });
        turn++;
      } else if (rank > turn) await waiting.admit(place, member);
      for (let next = order[turn]; next !== undefined && waiting.has(next); next = order[++turn]) yield* release(waiting, [next], names, reader);
    }
  }
}

/** Reads those of these members that wait. */
async function* release(waiting: WaitingRoom, order: readonly number[], names: readonly string[], reader: MemberReader): AsyncGenerator<LineBatch> {
  for (const place of order) {
    const held = waiting.release(place);
    if (held === null) continue;
    const bytes = (): Bytes => only(held);
    yield* reader.read(names[place] ?? '', { bytes: bytes(), again: bytes });
  }
}

/** Places of members in the order in which they are to be read; a name may occur more than once. */
function inOrder(names: readonly string[]): number[] {
  const places = new Map<string, number[]>();
  for (const [place, name] of names.entries()) {
    const same = places.get(name);
    if (same === undefined) places.set(name, [place]);
    else same.push(place);
  }
  return sortByAge([...places.keys()].sort()).flatMap((name) => places.get(name) ?? []);
}

async function* only(piece: Buffer): AsyncGenerator<Buffer> {
  yield piece;
}
