import { withoutCellBorders } from '../model/cell-borders.js';
import type { Observation } from '../model/observation.js';
import { SNAPSHOT_FORMATS } from '../model/snapshot-formats.js';
import type { SnapshotFormatName } from '../model/snapshot-formats.js';
import type { SourceLine } from '../model/source-line.js';
import { readDate } from './dates.js';
import { mayEmbed, readEmbedded } from './embedded.js';
import type { Embedded } from './embedded.js';
import type { SnapshotFormat, SnapshotParser } from './format.js';
import { formatNamed, recognise } from './formats.js';
import { beginsLikeLog, readEcho } from './text.js';

/** Observations kept per source; the full tables of a busy hub exceed what any diagnosis needs. */
const MOST_OBSERVATIONS = 20_000;
/** Sources for which parser state is kept. */
const MOST_SOURCES = 10_000;

export interface SnapshotReader {
  /** Takes a line of status output. False if the line is none; nearly free for log lines. */
  take(line: SourceLine): boolean;
  /** Does a line of this text begin a status output? Used to decide whether a file must be read in full. */
  recognises(text: string): boolean;
  /** All observations, once everything has been read. */
  finish(): readonly Observation[];
}

type Place = Pick<Embedded, 'place' | 'host'>;

interface Section {
  readonly format: SnapshotFormatName;
  readonly head: SourceLine;
  readonly parser: SnapshotParser;
  /** The host named by the envelope, if any. */
  readonly from: { readonly host?: string };
  entries: number;
}

/** Log lines at the start of a source that are checked for status output inside their envelope. */
const LOOKED_AT = 5_000;

/** Reads status outputs from any number of sources: alone, between log lines, or inside log envelopes. */
export function createSnapshotReader(): SnapshotReader {
  return new SectionReader();
}

class SectionReader implements SnapshotReader {
  private readonly observations: Observation[] = [];
  /** The output being parsed, by place. */
  private readonly sections = new Map<string, Section>();
  private readonly dates = new Map<string, number>();
  private readonly embedding = new EmbeddingSources();

  take(line: SourceLine): boolean {
    if (beginsLikeLog(line.text)) {
      if (this.sections.size > 0) this.close(line.source);
      return this.takeEmbedded(line);
    }
    const shown = withoutBorders(line);
    this.learnDate(line.source, shown.text);
    return this.takeLine(shown, { place: line.source, host: '' });
  }

  recognises(text: string): boolean {
    if (beginsLikeLog(text)) return mayEmbed(text) && readEmbedded({ source: '', number: 1, text }) !== null;
    const shown = withoutCellBorders(text);
    return readEcho(shown)?.format != null || recognise(shown) !== null;
  }

  finish(): readonly Observation[] {
    for (const place of [...this.sections.keys()]) this.close(place);
    return this.observations.map((observation) => withDate(observation, this.dates));
  }

  /**
   * Inside an envelope, a line counts as status output only if its wording is distinctive, or if the same program has
   * already written some.
   */
  private takeEmbedded(line: SourceLine): boolean {
    const { source, text } = line;
    if (!this.embedding.mayHold(source, text)) return false;
    const found = readEmbedded(line);
    if (found === null || (!this.embedding.has(found.place) && !mayEmbed(text))) return false;
    this.learnDate(`${source}\n${found.host}`, found.line.text);
    const taken = this.takeLine(found.line, found);
    if (taken) this.embedding.add(source, found.place);
    return taken;
  }

  private takeLine(line: SourceLine, place: Place): boolean {
    const echo = readEcho(line.text);
    if (echo !== null) {
      this.close(place.place);
      const format = echo.format === null ? null : formatNamed(echo.format);
      if (format !== null) this.open(format, line, echo.command, place);
      return true;
    }
    const section = this.sections.get(place.place);
    if (section?.parser.take(line) === true) return true;
    if (isTrace(line.text) || (section !== undefined && CANNOT_LOOK.test(line.text))) {
      this.close(place.place, true);
      return true;
    }
    const format = recognise(line.text);
    if (format === null) {
      if (section !== undefined) this.close(place.place, true);
      return false;
    }
    return this.open(format, line, null, place).take(line);
  }

  private open(format: SnapshotFormat, head: SourceLine, command: string | null, { place, host }: Place): SnapshotParser {
    this.close(place);
    const from = host === '' ? {} : { host };
    const emit = (observation: Observation): void => {
      section.entries += 1;
      if (this.observations.length < MOST_OBSERVATIONS) this.observations.push(host === '' ? observation : { ...observation, ...from });
    };
    const section: Section = { format: format.name, head, from, entries: 0, parser: format.start(emit, command) };
    if (this.sections.size < MOST_SOURCES) this.sections.set(place, section);
    return section.parser;
  }

  private close(place: string, isUnreadable = false): void {
    const section = this.sections.get(place);
    if (section === undefined) return;
    this.sections.delete(place);
    section.parser.end();
    // An error message in place of the output, such as a missing permission, does not mean that there are no entries
    if (section.entries === 0 && isUnreadable) return;
    if (this.observations.length < MOST_OBSERVATIONS) this.observations.push({ type: 'section', format: section.format, line: headOf(section), entries: section.entries, ...section.from });
  }

  private learnDate(collection: string, text: string): void {
    const date = readDate(text);
    if (date !== null && this.dates.size < MOST_SOURCES) this.dates.set(collection, date);
  }
}

/** Tracks which sources embed status output in log lines. A log without any near its start is not checked further. */
class EmbeddingSources {
  private readonly known = new Set<string>();
  /** Lines checked so far, per source. */
  private readonly looked = new Map<string, number>();
  /** The source last found to embed nothing, cached because the lines of a source come in sequence. */
  private plain = '';

  mayHold(source: string, text: string): boolean {
    if (source === this.plain) return false;
    if (this.known.has(source)) return true;
    const count = this.looked.get(source) ?? 0;
    if (count >= LOOKED_AT || this.looked.size >= MOST_SOURCES) {
      this.plain = source;
      return false;
    }
    this.looked.set(source, count + 1);
    return mayEmbed(text);
  }

  has(place: string): boolean {
    return this.known.has(place);
  }

  add(source: string, place: string): void {
    if (this.known.size < MOST_SOURCES) this.known.add(source).add(place);
  }
}

/** A collection of outputs shares one date, stated at its start or by one of the outputs. */
function withDate(observation: Observation, dates: ReadonlyMap<string, number>): Observation {
  const { line, host } = observation;
  const taken = dates.get(host === undefined ? line.source : `${line.source}\n${host}`);
  return taken === undefined ? observation : { ...observation, taken };
}

/**
 * The section is quoted by its command, not by its first line, which may be anything, even a command line with a key.
 */
function headOf({ head, format }: Section): SourceLine {
  return { source: head.source, number: head.number, text: SNAPSHOT_FORMATS[format].command };
}

/** Shell trace between a section header of `ipsec barf` and its output: `+ `, `+ [ -r /proc/net/ipsec_spi ]`. */
const isTrace = (text: string): boolean => text.charCodeAt(0) === 0x2b && /^\+ ?$|^\+ \[ -[a-z] /.test(text);

/**
 * What `ip`, `cat` and the KLIPS tools print if the kernel lacks the feature; it does not mean that there are no
 * entries.
 */
const CANNOT_LOOK = /^(?:Cannot open netlink socket: |cat: \/proc\/net\/|\S{1,80}: No (?:eroute table|spi|spigrp|tncfg) - no )/;

/** A line copied from a page that shows text as a table; there, the end of every line is a border. */
function withoutBorders(line: SourceLine): SourceLine {
  const text = withoutCellBorders(line.text);
  return text === line.text ? line : { ...line, text };
}
