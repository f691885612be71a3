import { isBare } from './excerpt-line.js';
import type { Mended, ExcerptLine } from './excerpt-line.js';

/** A longer line is a sentence, not a heading. */
const MAX_HEADING = 60;
/** Marks of a heading: rules, hashes, stars, a colon at its end. */
const MARKS = /^[\s=\-*#_>~[(]+|[\s=\-*#_:~\])]+$/g;
/** Names that people give to the ends of a tunnel. */
const SIDE = /\b(?:servers?|sites?|sides?|left|right|local|remote|peers?|hosts?|gateways?|gw|routers?|clients?|initiator|responder|west|east|north|south|machines?|nodes?|ends?|endpoints?|hubs?|spokes?|branch|offices?|hq|headquarters|vpn|firewalls?|fw|alice|bob|moon|sun|carol)(?:[ -]?(?:\d|[a-z]))?\b/i;

/** The lines of one end, with the heading above them. */
interface Side {
  readonly heading: string;
  readonly pieces: readonly ExcerptLine[];
}

/**
 * The two or more ends of a tunnel whose logs were pasted one after another under headings, without host names. Empty if
 * fewer than two of them have any text. Headings and the text above the first one are left out.
 */
export function sidesIn(pieces: readonly ExcerptLine[]): readonly Side[] {
  if (pieces.some(({ known }) => known.some(({ record }) => record.host !== ''))) return [];
  const sides = new Map<string, ExcerptLine[]>();
  let side: ExcerptLine[] | null = null;
  for (const piece of pieces) {
    const heading = headingOf(piece);
    if (heading === null) side?.push(piece);
    else sides.set(heading, (side = sides.get(heading) ?? []));
  }
  const spoken = [...sides].filter(([, said]) => said.some(({ line: { text } }) => text.trim() !== ''));
  return spoken.length > 1 ? spoken.map(([heading, said]) => ({ heading, pieces: said })) : [];
}

/** The lines of one end of a tunnel, with the heading as host name. */
export function mendSide(heading: string, pieces: readonly ExcerptLine[], mended: readonly Mended[] | null): readonly Mended[] {
  const lines = mended ?? pieces.map(({ line, known }) => ({ line, title: null, records: known.map(({ record }) => record) }));
  return lines.map((each) => ({ ...each, records: each.records.map((record) => ({ ...record, host: heading })) }));
}

/** The text of a heading that names an end of a tunnel; null for any other line. */
function headingOf(piece: ExcerptLine): string | null {
  const { line: { text }, known, isStatus } = piece;
  if (text.length > MAX_HEADING || isStatus || !(known.length === 0 || isBare(piece))) return null;
  const words = text.replace(MARKS, '');
  return words !== text && words !== '' && !/[.;"'<>{}\d]{2}|[.!?]$/.test(words) && SIDE.test(words) ? words : null;
}
