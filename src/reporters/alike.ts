import type { Brief } from './brief.js';
import { hang, TEXT } from './layout.js';
import type { Layout } from './layout.js';
import { counted } from './words.js';

/** Connections that fail alike and are shown one by one; of more, one is, and the others are named below it. */
const MOST_ALIKE = 3;
/** Names that stand below it. */
const MOST_NAMES = 40;

/** Connections of which the first is shown and the others fail as it does. */
export type Alike = readonly [Brief, ...Brief[]];

/** Puts connections together that fail with the same event and are explained by the same causes, in the order of their first ones. */
export function gatherAlike(failing: readonly Brief[]): Alike[] {
  const groups = new Map<string, [Brief, ...Brief[]]>();
  for (const connection of failing) {
    const group = groups.get(connection.story);
    if (group === undefined) groups.set(connection.story, [connection]);
    else group.push(connection);
  }
  return [...groups.values()].flatMap((group): Alike[] => (group.length > MOST_ALIKE ? [group] : group.map((connection) => [connection])));
}

/** The names of those that fail as the one above them does. */
export function alikeLines(others: readonly Brief[], { width, colors }: Layout): string[] {
  if (others.length === 0) return [];
  const names = others.slice(0, MOST_NAMES).map(({ name }) => name).join(', ');
  const rest = others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} more` : '';
  return [
    ...hang('  Likewise', TEXT, `${counted(others.length, 'more connection')} (--connection NAME shows one):`, width, colors.bold),
    ...hang('', TEXT, names + rest, width),
  ];
}
