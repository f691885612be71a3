import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CAUSES = fileURLToPath(new URL('../../rules/causes/', import.meta.url));

interface Remedy { readonly side: string; readonly for: string; readonly do: string; readonly command?: string }
interface Cause { readonly remedies: readonly Remedy[]; readonly when: readonly { readonly remedies?: readonly Remedy[] }[] }

const causes = readdirSync(CAUSES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json')).map((file) => JSON.parse(readFileSync(join(CAUSES, file), 'utf8')) as Cause);
/** What the rules advise to do here. */
export const ownRemedies = causes.flatMap((cause) => [...cause.remedies, ...cause.when.flatMap((clause) => clause.remedies ?? [])]).filter(({ side }) => side === 'here');

/** Every text in a structure. */
export function textsOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
