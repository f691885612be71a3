import { SNAPSHOT_FORMATS } from '../model/snapshot-formats.js';
import type { Observation } from '../model/observation.js';
import type { SnapshotFormatName } from '../model/snapshot-formats.js';
import type { SourceLine } from '../model/source-line.js';
import { readDate } from './dates.js';
import { mayEmbed, readEmbedded } from './embedded.js';
import type { Embedded } from './embedded.js';
import type { SnapshotFormat, SnapshotParser } from './format.js';
import { formatNamed, recognise } from './formats.js';
import { beginsLikeLog, readEcho } from './text.js';

/** Observations kept of one source; the full tables of a busy hub are larger than any diagnosis needs. */
const MOST_OBSERVATIONS = 20_000;
/** Sources whose place in an output is remembered. */
const MOST_SOURCES = 10_000;

export interface SnapshotReader {
  /** Takes a line of a status output in. False: it belongs to none. Costs next to nothing for lines of logs. */
  take(line: SourceLine): boolean;
  /** Does a line of this text begin a status output? For deciding whether a whole file has to be looked at. */
  recognises(text: string): boolean;
  /** Everything seen, when all is read. */
  finish(): readonly Observation[];
}

interface Section {
  readonly format: SnapshotFormatName;
  readonly head: SourceLine;
  readonly parser: SnapshotParser;
  /** The host that an envelope names. */
  readonly from: { readonly host?: string };
  entries: number;
}

/** Log lines at the beginning of a source that are searched for status outputs behind their envelope. */
const LOOKED_AT = 5_000;

/** Reads the status outputs in any number of sources, between log lines, behind the envelopes of log lines, or by themselves. */
export function createSnapshotReader(): SnapshotReader {
  const observations: Observation[] = [];
  const sections = new Map<string, Section>();
  const dates = new Map<string, number>();
  const looked = new Map<string, number>();
  const embedding = new Set<string>();
  /** The source that was found to embed nothing last: lines of one come after each other. */
  let plain = '';

  const close: Close = (place, isUnreadable = false) => {
    const section = sections.get(place);
    if (section === undefined) return;
    sections.delete(place);
    section.parser.end();
    // what a command says instead of its output, such as that it may not look, is not the absence of entries
    if (section.entries === 0 && isUnreadable) return;
    if (observations.length < MOST_OBSERVATIONS) observations.push({ type: 'section', format: section.format, line: headOf(section), entries: section.entries, ...section.from });
  };
  const open: Open = (format, head, command, { place, host }) => {
    close(place);
    const from = host === '' ? {} : { host };
    const section: Section = { format: format.name, head, from, entries: 0, parser: format.start(emit, command) };
    function emit(observation: Observation): void {
      section.entries += 1;
      if (observations.length < MOST_OBSERVATIONS) observations.push(host === '' ? observation : { ...observation, ...from });
    }
    if (sections.size < MOST_SOURCES) sections.set(place, section);
    return section.parser;
  };

  const learnDate = (collection: string, text: string): void => {
    const date = readDate(text);
    if (date !== null && dates.size < MOST_SOURCES) dates.set(collection, date);
  };

  /** Behind an envelope, what begins an output is believed only if nothing else looks like it, or if the same program wrote one before. */
  const takeEmbedded = (line: SourceLine): boolean => {
    const { source } = line;
    if (source === plain) return false;
    if (!embedding.has(source)) {
      const count = looked.get(source) ?? 0;
      if (count >= LOOKED_AT || looked.size >= MOST_SOURCES) {
        plain = source;
        return false;
      }
      looked.set(source, count + 1);
      if (!mayEmbed(line.text)) return false;
    }
    const found = readEmbedded(line);
    if (found === null || (!embedding.has(found.place) && !mayEmbed(line.text))) return false;
    learnDate(`${source}\n${found.host}`, found.line.text);
    const taken = takeLine(found.line, sections.get(found.place), open, close, found);
    if (taken && embedding.size < MOST_SOURCES) embedding.add(source).add(found.place);
    return taken;
  };

  return {
    take(line) {
      if (beginsLikeLog(line.text)) {
        if (sections.size > 0) close(line.source);
        return takeEmbedded(line);
      }
      learnDate(line.source, line.text);
      return takeLine(line, sections.get(line.source), open, close, { place: line.source, host: '' });
    },
    recognises: (text) => (beginsLikeLog(text) ? mayEmbed(text) && readEmbedded({ source: '', number: 1, text }) !== null : readEcho(text)?.format != null || recognise(text) !== null),
    finish() {
      for (const place of [...sections.keys()]) close(place);
      return observations.map((observation) => withDate(observation, dates));
    },
  };
}

/** A collection of outputs has one date, at its head or with one of them. */
function withDate(observation: Observation, dates: ReadonlyMap<string, number>): Observation {
  const { line, host } = observation;
  const taken = dates.get(host === undefined ? line.source : `${line.source}\n${host}`);
  return taken === undefined ? observation : { ...observation, taken };
}

/** The first line may be anything, a command with a key among its arguments too: it is known by what it prints. */
function headOf({ head, format }: Section): SourceLine {
  return { source: head.source, number: head.number, text: SNAPSHOT_FORMATS[format].command };
}

/** What the shell traces between the head of a section of `ipsec barf` and its output: `+ `, `+ [ -r /proc/net/ipsec_spi ]`. */
const isTrace = (text: string): boolean => text.charCodeAt(0) === 0x2b && /^\+ ?$|^\+ \[ -[a-z] /.test(text);

/** What `ip`, `cat` and the programs of KLIPS say of a kernel that has not what they ask for: no word about entries. */
const CANNOT_LOOK = /^(?:Cannot open netlink socket: |cat: \/proc\/net\/|\S{1,80}: No (?:eroute table|spi|spigrp|tncfg) - no )/;

type Place = Pick<Embedded, 'place' | 'host'>;
type Close = (place: string, isUnreadable?: boolean) => void;
type Open = (format: SnapshotFormat, head: SourceLine, command: string | null, place: Place) => SnapshotParser;

function takeLine(line: SourceLine, section: Section | undefined, open: Open, close: Close, place: Place): boolean {
  const { text } = line;
  const echo = readEcho(text);
  if (echo !== null) {
    close(place.place);
    const format = echo.format === null ? null : formatNamed(echo.format);
    if (format !== null) open(format, line, echo.command, place);
    return true;
  }
  if (section?.parser.take(line) === true) return true;
  if (section === undefined ? isTrace(text) : CANNOT_LOOK.test(text) || isTrace(text)) {
    close(place.place, true);
    return true;
  }
  const format = recognise(text);
  if (format === null) {
    if (section !== undefined) close(place.place, true);
    return false;
  }
  return open(format, line, null, place).take(line);
}
