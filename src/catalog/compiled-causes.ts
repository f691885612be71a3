import { inAscii } from '../model/ascii.js';
import type { Cause, CausesFor } from '../model/cause.js';

/** Where the line of a cause, and that of one of its clauses, begins in the text after the first line. */
type Places = readonly (readonly [cause: number, clause: number])[];

const NO_EXAMPLES: Cause['examples'] = { fires: [], silent: [] };

/**
 * The causes as lines of JSON, without examples: first the places of the clauses by kind of failure, then each cause,
 * followed by its clauses. A run reads only the lines for the failures it meets, because reading all of them would take
 * a twentieth of the time to the first answer.
 */
export function writeCauses(causes: readonly Cause[]): string {
  let text = '';
  const places: Record<string, [number, number][]> = {};
  const write = (value: unknown): number => {
    const at = text.length;
    text += `${inAscii(JSON.stringify(value))}\n`;
    return at;
  };
  for (const cause of causes) {
    const at = write({ ...cause, when: [], examples: NO_EXAMPLES });
    for (const clause of cause.when) {
      const place: [number, number] = [at, write(clause)];
      for (const kind of clause.on) (places[kind] ??= []).push(place);
    }
  }
  return `${JSON.stringify(places)}\n${text}`;
}

/** Reads what {@link writeCauses} wrote: for a kind, the causes with the clauses that concern it. */
export function readCauses(text: string): CausesFor {
  const first = text.indexOf('\n');
  const places = JSON.parse(text.slice(0, first)) as Readonly<Record<string, Places>>;
  const read = (place: number): unknown => JSON.parse(text.slice(first + 1 + place, text.indexOf('\n', first + 1 + place)));
  return (kind) => {
    const found = new Map<number, Cause['when'][number][]>();
    for (const [cause, clause] of places[kind] ?? []) found.set(cause, [...(found.get(cause) ?? []), read(clause) as Cause['when'][number]]);
    return [...found].map(([cause, when]) => ({ ...(read(cause) as Cause), when }));
  };
}
