import type { ConnectionDigest } from './connection-digest.js';
import { hang, TEXT } from './layout.js';
import type { Layout } from './layout.js';
import { counted } from './words.js';

/**
 * Up to this many connections with the same failure are all shown; of more, only one, with the names of the others
 * below.
 */
const MOST_ALIKE = 3;
/** Names listed there. */
const MOST_NAMES = 40;

/** Connections with the same failure; only the first is shown in full. */
export type Alike = readonly [ConnectionDigest, ...ConnectionDigest[]];

/** Groups connections that fail with the same event and the same causes, in order of first occurrence. */
export function gatherAlike(failing: readonly ConnectionDigest[]): Alike[] {
  const groups = new Map<string, [ConnectionDigest, ...ConnectionDigest[]]>();
  for (const connection of failing) {
    const group = groups.get(connection.story);
    if (group === undefined) groups.set(connection.story, [connection]);
    else group.push(connection);
  }
  return [...groups.values()].flatMap((group): Alike[] => (group.length > MOST_ALIKE ? [group] : group.map((connection) => [connection])));
}

/** Lists the names of connections that fail like the one above. */
export function alikeLines(others: readonly ConnectionDigest[], { width, colors }: Layout): string[] {
  if (others.length === 0) return [];
  const names = others.slice(0, MOST_NAMES).map(({ name }) => name).join(', ');
  const rest = others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} more` : '';
  return [
    ...hang('  Likewise', TEXT, `${counted(others.length, 'more connection')} (--connection NAME shows one):`, width, colors.bold),
    ...hang('', TEXT, names + rest, width),
  ];
}
