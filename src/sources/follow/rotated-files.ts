import type { FileIdentity } from '../../model/follow.js';
import type { LogPart } from './log-part.js';
import type { StoredFile } from './stored-file.js';

/** Milliseconds by which a file system's times may be behind. */
const COARSE = 1000;

/** The file with this identity, whatever its name is now. */
export async function findSame(files: readonly StoredFile[], identity: FileIdentity): Promise<StoredFile | undefined> {
  for (const file of files.toReversed()) if (await file.is(identity)) return file;
  return undefined;
}

/**
 * Of rotated files, oldest first, those between the last of the known ones and `next`. Where the last known one is not among them:
 * those written to `since` then.
 */
export async function unseen(files: readonly StoredFile[], known: readonly FileIdentity[], since: number | null, next: LogPart | null = null): Promise<StoredFile[]> {
  const last = known.at(-1);
  if (last === undefined) return [];
  const end = files.findIndex((file) => next?.isFile(file) === true);
  const before = end < 0 ? files : files.slice(0, end);
  const found = await findSame(before, last);
  // A copy that somebody made (auth.log.bak) is no part that came later: that would have been written to later.
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
