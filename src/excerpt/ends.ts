import type { Event } from '../model/event.js';
import type { FieldValue } from '../model/fields.js';
import type { LogRecord } from '../model/log-record.js';
import type { Mended } from './excerpt-line.js';

/** Logs pasted one below the other change from one end to the other only a few times. */
const MAX_CHANGES = 4;
/** Addresses that any host may have. */
const ANYBODY = /^(?:%any|0\.0\.0\.0|::|127\.|::1$)/;

/** What one end has called its own, and what its peer's. */
interface End {
  readonly own: Set<string>;
  readonly peers: Set<string>;
  name: string | null;
}

interface Said {
  readonly record: LogRecord;
  /** Addresses and inbound SPIs of the host that wrote the line, and those of its peer. */
  readonly own: readonly string[];
  readonly peers: readonly string[];
  readonly address: string | null;
  /** A line that is not of the log, such as a blank one, precedes it. */
  readonly isDivided: boolean;
}

/**
 * Names the hosts of lines from the two ends of a tunnel, pasted one below the other with no heading between them: what
 * is local to one end is the peer's at the other, and the SPI that is inbound here is outbound there. Null if all lines
 * may come from one host.
 */
export function tellEndsApart(lines: readonly Mended[], eventOf: (record: LogRecord) => Event | null): readonly Mended[] | null {
  const records = lines.flatMap((line) => line.records);
  if (new Set(records.map(({ host }) => host)).size > 1 || isOneProcess(records)) return null;
  const said = readSaid(lines, eventOf);
  const ends: End[] = [];
  const known = said.map((each) => endOf(each, ends));
  if (ends.length !== 2 || known.includes(null)) return null;
  const places = placesOf(said, known as readonly (End | undefined)[]);
  if (places === null) return null;
  const hosts = new Map(said.map(({ record }, index) => [record, nameOf(places[index] as End, ends)]));
  return lines.map((line) => ({ ...line, records: line.records.map((record) => ({ ...record, host: hosts.get(record) ?? record.host })) }));
}

function isOneProcess([first, ...others]: readonly LogRecord[]): boolean {
  return first === undefined || (first.pid !== null && others.every(({ program, pid }) => program === first.program && pid === first.pid));
}

function readSaid(lines: readonly Mended[], eventOf: (record: LogRecord) => Event | null): readonly Said[] {
  let isDivided = false;
  return lines.flatMap(({ records }) => {
    const said = records.map((record, index) => ({ record, ...describe(eventOf(record)), isDivided: isDivided && index === 0 }));
    isDivided = records.length === 0;
    return said;
  });
}

function describe(event: Event | null): Pick<Said, 'own' | 'peers' | 'address'> {
  const { 'local.address': local, 'peer.address': peer, 'spi.in': inbound, 'spi.out': outbound } = event?.fields ?? {};
  if (local !== undefined && local === peer) return { own: [], peers: [], address: null };
  const [address] = named([local]);
  return { own: named([local, inbound]), peers: named([peer, outbound]), address: address ?? null };
}

function named(values: readonly (FieldValue | undefined)[]): readonly string[] {
  return values.flatMap((value) => (value === undefined || ANYBODY.test(String(value)) ? [] : [String(value)]));
}

/** The end that must have said this; undefined if another may have, too, null if neither end can. */
function endOf({ own, peers, address }: Said, ends: End[]): End | undefined | null {
  if (own.length === 0 && peers.length === 0) return undefined;
  const fitting = ends.filter((end) => !own.some((value) => end.peers.has(value)) && !peers.some((value) => end.own.has(value)));
  const knowing = fitting.filter((end) => own.some((value) => end.own.has(value)) || peers.some((value) => end.peers.has(value)));
  if (fitting.length === 0 && ends.length === 2) return null;
  if (knowing.length !== 1 && fitting.length > 1) return undefined;
  const end = knowing[0] ?? fitting[0] ?? { own: new Set(), peers: new Set(), name: null };
  const isSure = knowing.length > 0 || fitting.length === 0;
  // The only end so far; that it has another address than before may also be because it is another host
  if (!isSure && peers.length === 0) return undefined;
  if (fitting.length === 0) ends.push(end);
  for (const value of own) end.own.add(value);
  for (const value of peers) end.peers.add(value);
  if (!isSure) return undefined;
  end.name ??= address;
  return end;
}

/** The end of each line: its process, if that tells, else the end of the lines around it. Null if they are mixed. */
function placesOf(said: readonly Said[], known: readonly (End | undefined)[]): readonly End[] | null {
  const processes = new Map<string, End>();
  for (const [index, { record }] of said.entries()) {
    const end = known[index];
    if (record.pid === null || end === undefined) continue;
    const process = `${record.program} ${record.pid}`;
    if (processes.has(process) && processes.get(process) !== end) return null;
    processes.set(process, end);
  }
  const sure = said.map(({ record: { program, pid } }, index) => known[index] ?? processes.get(`${program} ${pid}`));
  const first = sure.find((end) => end !== undefined);
  if (first === undefined) return null;
  const places: End[] = [];
  let end = first;
  let changes = 0;
  for (const [index, own] of sure.entries()) {
    if (own !== undefined && own !== end) {
      for (let at = beginningOf(said, sure, index); at < index; at += 1) places[at] = own;
      end = own;
      changes += 1;
    }
    places.push(end);
  }
  return changes > MAX_CHANGES && said.some(({ record: { pid } }) => pid === null) ? null : places;
}

/** The first line of the log to which this line belongs: behind a gap, or where times go back. */
function beginningOf(said: readonly Said[], sure: readonly (End | undefined)[], index: number): number {
  for (let at = index; at > 0 && (at === index || sure[at] === undefined); at -= 1) if (said[at]?.isDivided === true || goesBack(said, at)) return at;
  return index;
}

function goesBack(said: readonly Said[], at: number): boolean {
  const before = said[at - 1]?.record.time ?? null;
  const time = said[at]?.record.time ?? null;
  return before !== null && time !== null && time < before;
}

/** An end is called by its address. */
function nameOf(end: End, ends: readonly End[]): string {
  return end.name ?? (end === ends[0] ? 'first log' : 'second log');
}
