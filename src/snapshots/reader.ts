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

type Place = Pick<Embedded, 'place' | 'host'>;

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
  return new SectionReader();
}

class SectionReader implements SnapshotReader {
  readonly #observations: Observation[] = [];
  /** The output that is being read, of each place. */
  readonly #sections = new Map<string, Section>();
  readonly #dates = new Map<string, number>();
  readonly #embedding = new EmbeddingSources();

  take(line: SourceLine): boolean {
    if (beginsLikeLog(line.text)) {
      if (this.#sections.size > 0) this.#close(line.source);
      return this.#takeEmbedded(line);
    }
    this.#learnDate(line.source, line.text);
    return this.#takeLine(line, { place: line.source, host: '' });
  }

  recognises(text: string): boolean {
    if (beginsLikeLog(text)) return mayEmbed(text) && readEmbedded({ source: '', number: 1, text }) !== null;
    return readEcho(text)?.format != null || recognise(text) !== null;
  }

  finish(): readonly Observation[] {
    for (const place of [...this.#sections.keys()]) this.#close(place);
    return this.#observations.map((observation) => withDate(observation, this.#dates));
  }

  /** Behind an envelope, what begins an output is believed only if nothing else looks like it, or if the same program wrote one before. */
  #takeEmbedded(line: SourceLine): boolean {
    const { source, text } = line;
    if (!this.#embedding.mayHold(source, text)) return false;
    const found = readEmbedded(line);
    if (found === null || (!this.#embedding.has(found.place) && !mayEmbed(text))) return false;
    this.#learnDate(`${source}\n${found.host}`, found.line.text);
    const taken = this.#takeLine(found.line, found);
    if (taken) this.#embedding.add(source, found.place);
    return taken;
  }

  #takeLine(line: SourceLine, place: Place): boolean {
    const echo = readEcho(line.text);
    if (echo !== null) {
      this.#close(place.place);
      const format = echo.format === null ? null : formatNamed(echo.format);
      if (format !== null) this.#open(format, line, echo.command, place);
      return true;
    }
    const section = this.#sections.get(place.place);
    if (section?.parser.take(line) === true) return true;
    if (isTrace(line.text) || (section !== undefined && CANNOT_LOOK.test(line.text))) {
      this.#close(place.place, true);
      return true;
    }
    const format = recognise(line.text);
    if (format === null) {
      if (section !== undefined) this.#close(place.place, true);
      return false;
    }
    return this.#open(format, line, null, place).take(line);
  }

  #open(format: SnapshotFormat, head: SourceLine, command: string | null, { place, host }: Place): SnapshotParser {
    this.#close(place);
    const from = host === '' ? {} : { host };
    const emit = (observation: Observation): void => {
      section.entries += 1;
      if (this.#observations.length < MOST_OBSERVATIONS) this.#observations.push(host === '' ? observation : { ...observation, ...from });
    };
    const section: Section = { format: format.name, head, from, entries: 0, parser: format.start(emit, command) };
    if (this.#sections.size < MOST_SOURCES) this.#sections.set(place, section);
    return section.parser;
  }

  #close(place: string, isUnreadable = false): void {
    const section = this.#sections.get(place);
    if (section === undefined) return;
    this.#sections.delete(place);
    section.parser.end();
    // what a command says instead of its output, such as that it may not look, is not the absence of entries
    if (section.entries === 0 && isUnreadable) return;
    if (this.#observations.length < MOST_OBSERVATIONS) this.#observations.push({ type: 'section', format: section.format, line: headOf(section), entries: section.entries, ...section.from });
  }

  #learnDate(collection: string, text: string): void {
    const date = readDate(text);
    if (date !== null && this.#dates.size < MOST_SOURCES) this.#dates.set(collection, date);
  }
}

/** Which sources have status outputs behind the envelopes of their lines; a log that has none at its beginning is not asked for long. */
class EmbeddingSources {
  readonly #known = new Set<string>();
  /** Lines that were looked at, of each source. */
  readonly #looked = new Map<string, number>();
  /** The source that was found to embed nothing last: lines of one come after each other. */
  #plain = '';

  mayHold(source: string, text: string): boolean {
    if (source === this.#plain) return false;
    if (this.#known.has(source)) return true;
    const count = this.#looked.get(source) ?? 0;
    if (count >= LOOKED_AT || this.#looked.size >= MOST_SOURCES) {
      this.#plain = source;
      return false;
    }
    this.#looked.set(source, count + 1);
    return mayEmbed(text);
  }

  has(place: string): boolean {
    return this.#known.has(place);
  }

  add(source: string, place: string): void {
    if (this.#known.size < MOST_SOURCES) this.#known.add(source).add(place);
  }
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
