import { basename, dirname } from 'node:path';

/** `auth.log.2.gz` is an older part of `auth.log`. */
interface Rotated {
  /** What all parts of one log have in common. */
  readonly family: string;
  /** Greater is younger; the unrotated file is the youngest. */
  readonly age: number;
}

/** Puts the parts of each rotated log in the order of their age, oldest first; families stay where their first part stood. */
export function sortByAge(paths: readonly string[]): string[] {
  const families = new Map<string, { path: string; age: number }[]>();
  for (const path of paths) {
    const { family, age } = parse(path);
    const members = families.get(family);
    if (members === undefined) families.set(family, [{ path, age }]);
    else members.push({ path, age });
  }
  return [...families.values()].flatMap((members) => members.sort((a, b) => a.age - b.age).map(({ path }) => path));
}

/** Forms: `x.log.1`, `x.log.2.gz`, `x.log-20261120`, `x-20261120.log`. */
function parse(path: string): Rotated {
  const name = basename(path).replace(/\.(?:gz|bz2|xz|zst|lz4|Z)$/, '');
  const numbered = /^(.+)\.(\d{1,4})$/.exec(name);
  if (numbered) return { family: join(path, numbered[1] ?? name), age: -Number(numbered[2]) };
  const dated = /^(.+)[-.](\d{8}(?:\d{2})?)(\.log)?$/.exec(name);
  if (dated) return { family: join(path, `${dated[1]}${dated[3] ?? ''}`), age: Number((dated[2] ?? '').padEnd(10, '0')) - 1e10 };
  return { family: join(path, name), age: Number.POSITIVE_INFINITY };
}

function join(path: string, name: string): string {
  return `${dirname(path)}/${name}`;
}
