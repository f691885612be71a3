import type { FileIdentity } from '../../model/follow.js';
import type { LogPart } from './log-part.js';
import type { StoredFile } from './stored-file.js';

/** Milliseconds by which file system times may lag behind. */
const COARSE = 1000;

/** Finds the file with this identity under whatever name it has now. */
export async function findSame(files: readonly StoredFile[], identity: FileIdentity): Promise<StoredFile | undefined> {
  for (const file of files.toReversed()) if (await file.is(identity)) return file;
  return undefined;
}

/**
 * The rotated files that no run has read, oldest first: those between the last known file and `next`. If the last known
 * one is gone, those written `since` then.
 */
export async function unseen(files: readonly StoredFile[], known: readonly FileIdentity[], since: number | null, next: LogPart | null = null): Promise<StoredFile[]> {
  const last = known.at(-1);
  if (last === undefined) return [];
  const end = files.findIndex((file) => next?.isFile(file) === true);
  const before = end < 0 ? files : files.slice(0, end);
  const found = await findSame(before, last);
  // Excludes copies made by hand (auth.log.bak): a later part would have been written to later.
  if (found !== undefined) return before.slice(before.indexOf(found) + 1).filter(({ lastWritten }) => lastWritten >= found.lastWritten);
  const later: StoredFile[] = [];
  for (const file of since === null ? [] : before) {
    const isLater = file.lastWritten >= (since ?? 0) - COARSE;
    if (isLater && !(await isOneOf(file, known))) later.push(file);
  }
  return later;
}

async function isOneOf(file: StoredFile, known: readonly FileIdentity[]): Promise<boolean> {
  for (const identity of known) if (await file.is(identity)) return true;
  return false;
}
