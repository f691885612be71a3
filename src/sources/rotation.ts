import { basename, dirname } from 'node:path';

/** How a file name relates to its log: `auth.log.2.gz` is an older part of `auth.log`. */
interface Rotated {
  /** The name that all parts of one log share. */
  readonly family: string;
  /** Larger is newer; the unrotated file is the newest. */
  readonly age: number;
}

/** Sorts the parts of each rotated log by age, oldest first; each log stays where its first part was. */
export function sortByAge(paths: readonly string[]): string[] {
  return familiesOf(paths).flat();
}

/** The same, as one list per log. */
export function familiesOf(paths: readonly string[]): string[][] {
  if (paths.length < 2) return paths.map((path) => [path]);
  const families = new Map<string, { path: string; age: number }[]>();
  const names = new Set(paths.map(unpacked));
  for (const path of paths) {
    const { family, age } = parse(path, names);
    const members = families.get(family);
    if (members === undefined) families.set(family, [{ path, age }]);
    else members.push({ path, age });
  }
  return [...families.values()].map((members) => members.sort((a, b) => a.age - b.age).map(({ path }) => path));
}

/**
 * The older parts of the log at `path` among `others`, oldest first. A file present both packed and unpacked counts
 * once.
 */
export function olderParts(path: string, others: readonly string[]): string[] {
  const itself = new Set([unpacked(path)]);
  const { family, age } = parse(path, itself);
  const names = new Set(others);
  return others
    .filter((other) => !isPacked(other) || !names.has(unpacked(other)))
    .map((other) => ({ other, ...parse(other, itself) }))
    .filter((part) => part.family === family && part.age < age)
    .sort((a, b) => a.age - b.age)
    .map(({ other }) => other);
}

/** Does the name indicate a compressed file? */
export function isPacked(path: string): boolean {
  return PACKED.test(path);
}

/** Does the name indicate an archive? */
export function isArchive(path: string): boolean {
  return ARCHIVE.test(path);
}

/** Does the name indicate a systemd journal file? */
export function isJournal(path: string): boolean {
  return /\.journal~?$/.test(path);
}

const ARCHIVE = /\.(?:tar(?:\.\w{1,5})?|tgz|txz|tbz2?|tzst|zip)$/i;
const PACKED = /\.(?:gz|bz2|xz|zst|lz4|Z|tgz|txz|tbz2?)$/;
/** A log's file extension, which rotation puts before or after the number. */
const ENDING = String.raw`(\.log|\.txt|\.json)?`;
/** `x.log.1` (logrotate), `x.log.0` (newsyslog), `x.1.log` (logrotate's `extension`). */
const NUMBERED = new RegExp(String.raw`^(.+)\.(\d{1,4})${ENDING}$`);
/**
 * `x.log-20261120` (`dateext`), `x-2026-11-20.log`, `x_20261120.log` (OPNsense), optionally followed by an hour, a time
 * or a second number.
 */
const DATED = new RegExp(String.raw`^(.+?)[-._@](\d{4})[-._]?(0[1-9]|1[0-2])[-._]?([0-2]\d|3[01])((?:[-._T:]?\d{1,2}){0,3}|[-.]\d{10})${ENDING}$`);
/** `x.log-1763600000` (`dateformat -%s`). */
const EPOCH = new RegExp(String.raw`^(.+?)[-._](1\d{9})${ENDING}$`);
/** `x.log.old`, `x.log.bak2`, `x_old.log`, `x.log~~`: one older part or a few. */
const PREVIOUS = new RegExp(String.raw`^(.+?)(?:[._](?:old|prev|bak|save|orig)[._]?(\d{0,2})|(~{1,4}))${ENDING}$`);
/** `x-2.log` may also belong to another host (`gw-2.log`), so it is an older part only if `x.log` exists. */
const COUNTED = new RegExp(String.raw`^(.+)[-_](\d{1,2})${ENDING}$`);

/** `names`: the files present, without compression extensions. */
function parse(path: string, names: ReadonlySet<string>): Rotated {
  const name = unpacked(basename(path));
  const family = (base = '', ending = ''): string => `${dirname(path)}/${base}${ending}`;
  const dated = DATED.exec(name);
  if (dated) return { family: family(dated[1], dated[6]), age: dateAge(dated) };
  const epoch = EPOCH.exec(name);
  if (epoch) return { family: family(epoch[1], epoch[3]), age: Number(epoch[2]) * 1000 - LATEST };
  const numbered = NUMBERED.exec(name);
  if (numbered) return { family: family(numbered[1], numbered[3]), age: -Number(numbered[2]) };
  const previous = PREVIOUS.exec(name);
  // `x.old.gz` next to `x.old` is older, as it was packed before.
  if (previous) return { family: family(previous[1], previous[4]), age: -0.5 - Number(previous[2] ?? 0) - (previous[3]?.length ?? 0) - (isPacked(path) ? 0.25 : 0) };
  const counted = COUNTED.exec(name);
  const base = counted === null ? '' : `${path.slice(0, path.length - basename(path).length)}${counted[1]}${counted[3] ?? ''}`;
  if (counted && names.has(base)) return { family: family(counted[1], counted[3]), age: -Number(counted[2]) };
  return { family: family(name), age: Number.POSITIVE_INFINITY };
}

function unpacked(path: string): string {
  return path.replace(PACKED, '');
}

/**
 * Makes ages from dates negative and far below numbers, so that numbered parts, made after the naming scheme was
 * changed, are newer.
 */
const LATEST = Date.UTC(9999, 0);

/** A number after the date that is not a time counts the parts of one day, oldest first. */
function dateAge([, , year, month, day, rest]: RegExpExecArray): number {
  const [hour = 0, minute = 0, second = 0] = (rest ?? '').replaceAll(/\D/g, '').match(/.{1,2}/g)?.map(Number) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), hour, minute, second) - LATEST;
}
