import type { Catalog } from '../catalog/load.js';
import { DAEMONS } from '../model/daemons.js';
import type { Daemon } from '../model/daemons.js';

/** All causes with their titles, by area, and how many messages of each daemon are known; as text. */
export function listRules({ causes, signatures }: Catalog): string {
  const width = Math.max(0, ...causes.map(({ id }) => id.length));
  const sorted = [...causes].sort((one, other) => (one.id < other.id ? -1 : 1));
  const lines = sorted.flatMap(({ id, title }, index) => {
    const gap = index > 0 && areaOf(id) !== areaOf(sorted[index - 1]!.id) ? [''] : [];
    return [...gap, `${id.padEnd(width)}  ${title}`];
  });
  const daemons = (Object.keys(DAEMONS) as Daemon[]).flatMap((daemon) => {
    const own = signatures.filter((signature) => signature.daemon === daemon);
    const wordings = own.reduce((count, { templates }) => count + templates.length, 0);
    return own.length > 0 ? [`${DAEMONS[daemon].title}: ${wordings} wordings of ${own.length} messages`] : [];
  });
  return [...lines, '', `${causes.length} causes`, ...daemons, ''].join('\n');
}

function areaOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}
