import { holdTar, MAX_HELD, type Layer } from './archive.js';
import type { LineBatch } from './batch.js';
import { peek, probeFile, readStored, type Bytes } from './bytes.js';
import { unwind } from './clog.js';
import { classify } from './content.js';
import { describeError, leftOut, SourceError } from './problems.js';
import { counter, MAX_DEPTH, readAgain, readLayer, type ReadOptions } from './read.js';
import { familiesOf, isArchive } from './rotation.js';

/** Lines of one log, including its rotated parts. */
export type Log = AsyncIterable<LineBatch>;

/** A file in an archive; it can be opened repeatedly. */
interface Member {
  readonly name: string;
  readonly written: number;
  open(): Bytes;
}

/**
 * Opens the logs in an archive, to be merged by time. If its files can only be read in sequence, the whole archive is
 * one log. Never throws: errors are reported as problems.
 */
export async function openArchive(path: string, options: ReadOptions): Promise<Log[]> {
  try {
    if (classify(probeFile(path)).type === 'zip') return await openMembers(path, await zipMembers(path, path, options), 0, MAX_HELD, options);
    const bytes = (): Bytes => readStored(path, counter(options));
    return await openLayer(path, { bytes: bytes(), again: () => readAgain(path, bytes, options) }, 0, options);
  } catch (error) {
    options.onProblem(describeError(path, error as NodeJS.ErrnoException));
    return [];
  }
}

/**
 * The same for a nested archive or standard input; at most `maxHeld` bytes are kept in memory. @throws what prevents
 * reading.
 */
export async function openLayer(name: string, layer: Layer, depth: number, options: ReadOptions, maxHeld = MAX_HELD): Promise<Log[]> {
  const { head, bytes } = await peek(layer.bytes, true);
  const content = classify(head);
  const { again } = layer;
  if (content.type === 'packed' && depth < MAX_DEPTH) {
    const { unpack } = await import('./unpack.js');
    const { packing } = content;
    return openLayer(name, { bytes: unpack(packing, bytes), again: again === null ? null : () => unpack(packing, again()) }, depth + 1, options, maxHeld);
  }
  if (depth < MAX_DEPTH && content.type === 'zip') {
    const { content: archive } = await keep(bytes, maxHeld);
    if (archive === null) throw new SourceError('archive-too-large', `Cannot read a zip archive of more than ${maxHeld >> 20} MB from here`, 'Store it in a file and name that');
    return openMembers(name, await zipMembers(name, archive, options), depth, maxHeld - archive.length, options);
  }
  const kept = content.type === 'tar' && again === null ? await keep(bytes, maxHeld) : { bytes, again };
  if (content.type !== 'tar' || kept.again === null || depth >= MAX_DEPTH) return [readLayer(name, kept, depth, options)];
  return openTar(name, { bytes: kept.bytes, again: kept.again }, depth, maxHeld, options);
}

async function openTar(name: string, { bytes, again }: Layer & { readonly again: () => Bytes }, depth: number, maxHeld: number, options: ReadOptions): Promise<Log[]> {
  const held = await holdTar(bytes, maxHeld);
  if (held === null) return [readLayer(name, { bytes: again(), again }, depth, options)];
  if (held.damage !== null) options.onProblem(describeError(name, held.damage as NodeJS.ErrnoException));
  tellLeftOut(name, held.others, options);
  const size = held.members.reduce((sum, { content: { length } }) => sum + length, 0);
  return openMembers(name, held.members.map((member) => ({ name: member.name, written: member.written, open: () => only(member.content) })), depth, maxHeld - size, options);
}

async function openMembers(archive: string, members: readonly Member[], depth: number, room: number, options: ReadOptions): Promise<Log[]> {
  const logs: Log[] = [];
  const byName = groupByName(members);
  for (const family of familiesOf([...byName.keys()].sort())) {
    const parts = family.flatMap((name) => byName.get(name) ?? []);
    const inner = parts.filter(({ name }) => isArchive(name));
    for (const { name, open } of inner) logs.push(...(await openInner(`${archive}:${name}`, open, depth + 1, room, options)));
    if (inner.length < parts.length) logs.push(readParts(archive, parts.filter((part) => !inner.includes(part)), depth + 1, options));
  }
  return logs;
}

/** Names may repeat within an archive. */
function groupByName(members: readonly Member[]): Map<string, Member[]> {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const group = groups.get(member.name);
    if (group === undefined) groups.set(member.name, [member]);
    else group.push(member);
  }
  return groups;
}

async function openInner(name: string, open: () => Bytes, depth: number, room: number, options: ReadOptions): Promise<Log[]> {
  try {
    return await openLayer(name, { bytes: open(), again: open }, depth, options, room);
  } catch (error) {
    options.onProblem(describeError(name, error as NodeJS.ErrnoException));
    return [];
  }
}

/** Each part is dropped from memory once read. */
async function* readParts(archive: string, parts: Member[], depth: number, options: ReadOptions): AsyncGenerator<LineBatch> {
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    options.onWritten?.(`${archive}:${part.name}`, part.written);
    yield* readLayer(`${archive}:${part.name}`, { bytes: part.open(), again: part.open }, depth, options);
  }
}

/** Members that are text or contain text. */
async function zipMembers(name: string, archive: string | Buffer, options: ReadOptions): Promise<Member[]> {
  const members: Member[] = [];
  const others: string[] = [];
  const { listZip } = await import('./zip.js');
  for (const member of await listZip(archive)) {
    const isText = await holdsText(member);
    if (isText) members.push(member);
    else others.push(member.name);
  }
  tellLeftOut(name, others, options);
  return members;
}

/** A member that cannot be unpacked counts as text, so that reading it reports the error. */
async function holdsText(member: Member): Promise<boolean> {
  try {
    for await (const piece of member.open()) return classify(piece).type !== 'not-text';
    return false;
  } catch {
    return true;
  }
}

/**
 * Makes a read-once stream repeatable by buffering up to `max` bytes; beyond that it stays read-once (`again` is null).
 */
async function keep(bytes: Bytes, max: number): Promise<Layer & { readonly content: Buffer | null }> {
  const rest = bytes[Symbol.asyncIterator]();
  const pieces: Buffer[] = [];
  let length = 0;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    pieces.push(Buffer.from(next.value));
    length += next.value.length;
    if (length > max) return { bytes: chain(pieces, rest), again: null, content: null };
  }
  const content = Buffer.concat(pieces);
  const again = (): Bytes => chain([content], null);
  return { bytes: again(), again, content };
}

async function* chain(pieces: readonly Buffer[], rest: AsyncIterator<Buffer> | null): AsyncGenerator<Buffer> {
  try {
    yield* pieces;
    for (let next = await rest?.next(); next !== undefined && next.done !== true; next = await rest?.next()) yield next.value;
  } finally {
    await rest?.return?.();
  }
}

function tellLeftOut(name: string, others: readonly string[], { onProblem }: ReadOptions): void {
  const problem = leftOut(name, others);
  if (problem !== null) onProblem(problem);
}

/** Unwinds a circular log (clog) into chronological order. */
async function* only(piece: Buffer): AsyncGenerator<Buffer> {
  yield unwind(piece) ?? piece;
}
