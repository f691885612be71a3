import { SNAPSHOT_FORMATS } from '../model/observation.js';
import type { Observation, SnapshotFormatName } from '../model/observation.js';
import type { SourceLine } from '../model/source-line.js';
import { readDate } from './dates.js';
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
  entries: number;
}

/** Reads the status outputs in any number of sources, between log lines or by themselves. */
export function createSnapshotReader(): SnapshotReader {
  const observations: Observation[] = [];
  const sections = new Map<string, Section>();
  const dates = new Map<string, number>();

  const close: Close = (source, isUnreadable = false) => {
    const section = sections.get(source);
    if (section === undefined) return;
    sections.delete(source);
    section.parser.end();
    // what a command says instead of its output, such as that it may not look, is not the absence of entries
    if (section.entries === 0 && isUnreadable) return;
    if (observations.length < MOST_OBSERVATIONS) observations.push({ type: 'section', format: section.format, line: headOf(section), entries: section.entries });
  };
  const open: Open = (format, head, command) => {
    close(head.source);
    const section: Section = { format: format.name, head, entries: 0, parser: format.start(emit, command) };
    function emit(observation: Observation): void {
      section.entries += 1;
      if (observations.length < MOST_OBSERVATIONS) observations.push(observation);
    }
    if (sections.size < MOST_SOURCES) sections.set(head.source, section);
    return section.parser;
  };

  return {
    take(line) {
      if (beginsLikeLog(line.text)) {
        if (sections.size > 0) close(line.source);
        return false;
      }
      const date = readDate(line.text);
      if (date !== null && dates.size < MOST_SOURCES) dates.set(line.source, date);
      return takeLine(line, sections.get(line.source), open, close);
    },
    recognises: (text) => !beginsLikeLog(text) && (readEcho(text)?.format != null || recognise(text) !== null),
    finish() {
      for (const source of [...sections.keys()]) close(source);
      return observations.map((observation) => withDate(observation, dates));
    },
  };
}

/** A collection of outputs has one date, at its head or with one of them. */
function withDate(observation: Observation, dates: ReadonlyMap<string, number>): Observation {
  const taken = dates.get(observation.line.source);
  return taken === undefined ? observation : { ...observation, taken };
}

/** The first line may be anything, a command with a key among its arguments too: it is known by what it prints. */
function headOf({ head, format }: Section): SourceLine {
  return { source: head.source, number: head.number, text: SNAPSHOT_FORMATS[format].command };
}

type Close = (source: string, isUnreadable?: boolean) => void;
type Open = (format: SnapshotFormat, head: SourceLine, command: string | null) => SnapshotParser;

function takeLine(line: SourceLine, section: Section | undefined, open: Open, close: Close): boolean {
  const { text } = line;
  const echo = readEcho(text);
  if (echo !== null) {
    close(line.source);
    const format = echo.format === null ? null : formatNamed(echo.format);
    if (format !== null) open(format, line, echo.command);
    return true;
  }
  if (section?.parser.take(line) === true) return true;
  const format = recognise(text);
  if (format === null) {
    if (section !== undefined) close(line.source, true);
    return false;
  }
  return open(format, line, null).take(line);
}
