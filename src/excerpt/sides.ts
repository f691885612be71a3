import { beginsLine } from '../envelope/index.js';
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
 * The two or more ends of a tunnel whose logs were pasted one after another under headings, and whose lines do not name
 * different hosts. The text above the first heading counts as an end if it contains lines of a log, and above the only
 * heading if the lines below are a log's, too. Empty if fewer than two ends have any text. Headings are left out, and so
 * is other text above the first one.
 */
export function sidesIn(pieces: readonly ExcerptLine[]): readonly Side[] {
  if (new Set(pieces.flatMap(({ known }) => known.map(({ record }) => record.host))).size > 1) return [];
  const above: ExcerptLine[] = [];
  const sides = new Map<string, ExcerptLine[]>();
  let side = above;
  for (const piece of pieces) {
    const heading = headingOf(piece);
    if (heading === null) side.push(piece);
    else sides.set(heading, (side = sides.get(heading) ?? []));
  }
  const spoken = [...sides].filter(([, said]) => said.some(({ line: { text } }) => text.trim() !== ''));
  const isEnd = spoken.length === 1 ? areOfLogs([above, ...sides.values()]) : above.some((piece) => piece.known.length > 0 && !isBare(piece));
  const all = isEnd ? [['', above] as const, ...spoken] : spoken;
  return all.length > 1 && !sharesProcess(all.map(([, said]) => said)) ? all.map(([heading, said]) => ({ heading, pieces: said })) : [];
}

function areOfLogs(sides: readonly (readonly ExcerptLine[])[]): boolean {
  return sides.every((side) => side.some(({ known }) => known.length > 0));
}

/** A process that writes on both sides of a heading has one host, whatever the heading says. */
function sharesProcess(sides: readonly (readonly ExcerptLine[])[]): boolean {
  const seen = new Set<string>();
  return sides.some((side) => {
    const processes = new Set(side.flatMap(({ known }) => known.flatMap(({ record: { program, pid, host } }) => (pid === null || host === '' ? [] : [`${program} ${pid}`]))));
    const isShared = [...processes].some((process) => seen.has(process));
    for (const process of processes) seen.add(process);
    return isShared;
  });
}

/** The lines with the heading as host name. */
export function placeAt(heading: string, lines: readonly Mended[]): readonly Mended[] {
  return lines.map((each) => ({ ...each, records: each.records.map((record) => ({ ...record, host: heading })) }));
}

/** The text of a heading that names an end of a tunnel; null for any other line. */
function headingOf(piece: ExcerptLine): string | null {
  const { line: { text }, known, isStatus } = piece;
  if (text.length > MAX_HEADING || isStatus || !(known.length === 0 || isBare(piece)) || beginsLine(text.trimStart(), 0, 'charon')) return null;
  const words = text.replace(MARKS, '');
  return words !== text.trim() && words !== '' && !/[.;"'<>{}\d]{2}|\*\*|[.!?]$/.test(words) && SIDE.test(words) ? words : null;
}
