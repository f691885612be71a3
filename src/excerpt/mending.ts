import { splitTitle, tidyLine } from '../envelope/index.js';
import { isMarkedAsCut } from '../model/cut-marks.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import type { Event } from '../model/event.js';
import { describeKind } from '../model/event-kinds.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';
import { findSentence, isSentence, quotedIn } from './bare-sentences.js';
import type { Matcher, Whereabouts } from './bare-sentences.js';
import { isBare, isCutAt, isRepeated, restOf, SURE, widthOf } from './excerpt-line.js';
import type { ExcerptLine, Known, Mended, ReadStamp } from './excerpt-line.js';
import { seemsJoined, splitSentences } from './joined-sentences.js';
import { besideOtherCopies, withPrefix } from './lost-prefix.js';

/** Limit on the text split by its wording: each 1000 characters take 10 ms. */
const MAX_SPLIT = 32_000;
/** Maximum number of lines into which one line may have been broken. */
const MAX_PARTS = 6;
/** What people write after an unfinished sentence, and the mark for text cut off at a terminal width, at any character. */
const ELLIPSIS = '...';
const CUT_HERE = '…';
const DAEMONS = ['pluto', 'charon', 'racoon'] as const;
/** What syslog writes between a stamp and a message. */
const HOST_AND_PROGRAM = /^ ?(?<host>[\w.:-]{1,255}) [\w./-]{1,64}(?:\[\d{1,10}\])?: /;

/** The second reading of the lines of an excerpt: by their wording, and by the lines around them. */
export class Mending {
  private readonly pieces: readonly ExcerptLine[];
  private readonly matcher: Matcher;
  private readonly unbounded: Matcher;
  private readonly readStamp: ReadStamp;
  private readonly known: readonly Known[];
  /** Daemons that the lines may come from. */
  private readonly daemons: ReadonlySet<string>;
  private readonly isStamped: boolean;
  /** Length of the longest line, in characters. */
  private readonly width: number;
  /** Width at which a terminal cut off lines; 0 if none did. */
  private readonly cutAt: number;
  /** Several lines cut at that width end in an ellipsis, so whatever cut them added it, not a writer. */
  private readonly areMarked: boolean;
  private mayBeSplit = MAX_SPLIT;

  /** `unbounded`: for joined sentences, which have a limit of their own. */
  constructor(pieces: readonly ExcerptLine[], matcher: Matcher, unbounded: Matcher, readStamp: ReadStamp) {
    this.pieces = pieces;
    this.matcher = matcher;
    this.unbounded = unbounded;
    this.readStamp = readStamp;
    this.known = pieces.flatMap(({ known }) => known);
    const known = new Set<string>(this.known.flatMap(({ message }) => (message === null || message.daemon === 'kernel' ? [] : [message.daemon])));
    this.daemons = known.size > 0 ? known : this.speaking();
    this.isStamped = this.known.some(({ record }) => record.time !== null);
    this.width = widthOf(pieces);
    this.cutAt = isCutAt(this.width, pieces) ? this.width : 0;
    this.areMarked = pieces.filter(({ line }) => line.text.length === this.cutAt && line.text.endsWith(ELLIPSIS)).length >= SURE;
  }

  /** The daemons that match most of the unformatted lines: some sentences are common to two daemons. */
  private speaking(): ReadonlySet<string> {
    const count = (daemon: string): number => this.pieces.filter(({ line }) => line.text.trim() !== '' && findSentence(line, this.matcher, { at: this.readStamp(line.text, line.source).end, isWhole: true }, (each) => each === daemon) !== undefined).length;
    const counts = DAEMONS.map((daemon) => [daemon, count(daemon)] as const);
    const most = Math.max(...counts.map(([, lines]) => lines));
    return new Set(counts.filter(([, lines]) => lines === most).map(([daemon]) => daemon));
  }

  mend(): readonly Mended[] | null {
    const mended: Mended[] = [];
    let isMended = false;
    for (let at = 0; at < this.pieces.length; at += 1) {
      const piece = this.pieces[at] as ExcerptLine;
      const { line } = piece;
      if (isRepeated(piece, this.known)) {
        isMended = true;
        continue;
      }
      const title = piece.isStatus ? null : this.title(piece);
      const found = piece.isStatus || title !== null ? null : this.findRecord(at);
      isMended ||= title !== null || found !== null;
      mended.push({ line, title, records: found === null ? piece.known.map(({ record }) => record) : found.records });
      for (let rest = 1; rest < (found?.parts ?? 1); rest += 1) mended.push({ line: (this.pieces[++at] as ExcerptLine).line, title: null, records: [] });
    }
    const placed = besideOtherCopies(withPrefix(this.place(mended), this.known), this.known);
    return isMended || placed !== mended ? placed : null;
  }

  private title({ line, known }: ExcerptLine): Mended['title'] {
    const title = splitTitle(line);
    return title === null || known.some(({ record }) => record.time !== null) || findSentence(title.first, this.matcher, { at: 0, isWhole: false }) === undefined ? null : title;
  }

  /** The record of a line not recognised by its format, alone or with the lines that continue it. */
  private findRecord(at: number): { readonly records: readonly LogRecord[]; readonly parts: number } | null {
    const piece = this.pieces[at] as ExcerptLine;
    if (this.isOfOther(piece)) return null;
    const joined = this.splitJoined(piece);
    if (joined !== null) return { records: joined, parts: 1 };
    const last = piece.known.at(-1);
    const said = (last === undefined && piece.line.text.trim() !== '') || isBare(piece) ? this.findSentence(at) : null;
    if (last === undefined || said !== null || !last.isUnderstood) {
      const quoted = said ?? this.findQuoted(piece);
      if (last === undefined || quoted !== null) return quoted;
    }
    const { message } = last;
    if (message === null || !last.record.message.endsWith(message.text)) return null;
    const mended = this.continued(at, last, message) ?? this.cutShort(piece, last, message);
    return mended === null ? null : { records: [...piece.known.slice(0, -1).map(({ record }) => record), mended.record], parts: mended.parts };
  }

  /** The record with the text of the following lines, if that makes it understood, or gives it another meaning. */
  private continued(at: number, { record, isUnderstood }: Known, message: DaemonMessage): { readonly record: LogRecord; readonly parts: number } | null {
    for (const { text, parts } of this.joined(at, message.text)) {
      const isContinued = isUnderstood ? this.isFull(at) && this.saysMore(message, text) : this.isUnderstood({ ...message, text });
      if (!isContinued) continue;
      const head = record.message.slice(0, record.message.length - message.text.length);
      return { record: { ...record, message: message.text === '' ? `${head.trimEnd()} ${text}` : head + text }, parts };
    }
    return null;
  }

  /** A line of another program, in a log whose lines name their programs. */
  private isOfOther({ line: { text, source }, known }: ExcerptLine): boolean {
    const { end } = this.readStamp(text, source);
    const host = end === 0 || known.length > 0 ? undefined : HOST_AND_PROGRAM.exec(text.slice(end))?.groups?.host;
    return host !== undefined && this.known.some(({ record, message }) => record.host === host && record.pid !== null && message !== null && message.daemon !== 'kernel');
  }

  private isUnderstood(message: DaemonMessage): boolean {
    return this.matcher.match(message) !== null || this.matcher.matchMasked(message) !== null;
  }

  /** The record with a mark at its end, if a terminal cut the line off, or it ends in the middle of what it says. */
  private cutShort({ line }: ExcerptLine, { record, isUnderstood }: Known, message: DaemonMessage): { readonly record: LogRecord; readonly parts: number } | null {
    const isAtWidth = line.text.length === this.cutAt;
    const isMarkOfTerminal = isAtWidth && this.areMarked && line.text.endsWith(ELLIPSIS);
    if (isMarkedAsCut(line.text) && !isMarkOfTerminal) return null;
    if (isUnderstood && !this.matcher.endsOpen(message)) return null;
    if (!isAtWidth && !(isUnderstood && this.breaksOff(message))) return null;
    const left = record.message.endsWith(ELLIPSIS) ? record.message.slice(0, -ELLIPSIS.length) : record.message;
    return { record: { ...record, message: left + (isAtWidth ? CUT_HERE : ELLIPSIS) }, parts: 1 };
  }

  /** The sentences in a line without stamp, if there are more than the first reading found. */
  private splitJoined({ line, known }: ExcerptLine): readonly LogRecord[] | null {
    if (line.text.length > this.mayBeSplit || known.some(({ record }) => record.time !== null || record.host !== '' || record.pid !== null)) return null;
    const text = tidyLine(line.text);
    for (const daemon of DAEMONS) {
      if (!this.daemons.has(daemon) || !seemsJoined(text, daemon)) continue;
      this.mayBeSplit -= text.length;
      const records = splitSentences(line, text, this.unbounded, daemon);
      if (records !== null && records.length > known.length) return records;
    }
    return null;
  }

  /** Did the first word of the next line no longer fit into this one? */
  private isFull(at: number): boolean {
    const [word = ''] = (this.pieces[at + 1]?.line.text ?? '').trimStart().split(' ', 1);
    return (this.pieces[at] as ExcerptLine).line.text.trimEnd().length + word.length >= this.width;
  }

  /** Does the text mean something else than the message it begins with, which ends in free text? */
  private saysMore(message: DaemonMessage, text: string): boolean {
    if (!this.matcher.endsOpen(message)) return false;
    const whole = this.matcher.match({ ...message, text });
    return whole !== null && whole.kind !== this.matcher.match(message)?.kind;
  }

  /** Does the message's free text end with the beginning of something that, if complete, would have another meaning? */
  private breaksOff(message: DaemonMessage): boolean {
    const said = this.matcher.match(message)?.kind;
    return (this.matcher.matchCut(message)?.kind ?? said) !== said;
  }

  private findSentence(at: number): { readonly records: readonly LogRecord[]; readonly parts: number } | null {
    const { line } = this.pieces[at] as ExcerptLine;
    const begun = tidyLine(line.text);
    const stamp = this.readStamp(begun, line.source);
    const where = { at: stamp.end, isWhole: this.isStamped || stamp.end > 0 };
    let said: Event | undefined;
    let parts = 1;
    for (const joined of [{ text: begun, parts: 1 }, ...this.joined(at, begun)]) {
      if (said !== undefined && !this.isFull(at)) break;
      const event = this.sentence({ ...line, text: joined.text }, joined.parts === 1 ? where : { ...where, isWhole: true });
      if (event === undefined || event.kind === said?.kind) continue;
      said = event;
      ({ parts } = joined);
      if (parts > 1) break;
    }
    if (said === undefined || this.isSaidElsewhere(at, said)) return null;
    return { records: [this.beside(at, { ...said.message.record, line, time: stamp.time, inferred: stamp.inferred }, said)], parts };
  }

  /**
   * A failure that someone quotes in a sentence of his own, as code. Only if no line says anything else: otherwise it
   * is about one of them, or about another log.
   */
  private findQuoted({ line, known }: ExcerptLine): { readonly records: readonly LogRecord[]; readonly parts: number } | null {
    const quoted = quotedIn(line.text);
    if (quoted.length === 0 || known.some(({ record }) => record.time !== null || record.pid !== null)) return null;
    if (this.known.some(({ message, isUnderstood }) => message !== null && isUnderstood)) return null;
    for (const text of quoted) {
      const event = this.sentence({ ...line, text }, { at: 0, isWhole: true });
      if (event !== undefined && describeKind(event.kind).role === 'failure') return { records: [{ ...event.message.record, line }], parts: 1 };
    }
    return null;
  }

  private sentence(line: SourceLine, where: Whereabouts): Event | undefined {
    return findSentence(line, this.matcher, where, (daemon) => this.daemons.has(daemon));
  }

  /**
   * The text joined with the lines that may continue it, broken within words or between words: all in the same way, or
   * one of two breaks in the other way.
   */
  private *joined(at: number, begun: string): Generator<{ readonly text: string; readonly parts: number }> {
    let within = begun;
    let between = begun;
    for (let parts = 2; parts <= MAX_PARTS; parts += 1) {
      const next = this.pieces[at + parts - 1];
      if (next === undefined || !this.mayBeRest(next)) return;
      const rest = restOf(next.line.text);
      const mixed = parts === 3 ? [`${within.trimEnd()} ${rest}`, between + rest] : [];
      within += rest;
      between = `${between.trimEnd()} ${rest}`;
      for (const text of [within, between, ...mixed]) yield { text, parts };
    }
  }

  private mayBeRest({ line, known, isStatus }: ExcerptLine): boolean {
    if (isStatus || line.text.trim() === '' || this.isStampedLine(line)) return false;
    if (isSentence(line, this.matcher, (daemon) => this.daemons.has(daemon))) return false;
    return known.length === 0 || known.every(({ record, message, isUnderstood }) => (message === null || !isUnderstood) && record.time === null && line.text.startsWith(record.message));
  }

  /**
   * Begins with a stamp; if lines of the log name hosts, a known host must follow, since a date may also be part of a
   * message.
   */
  private isStampedLine({ text, source }: SourceLine): boolean {
    const { end } = this.readStamp(text, source);
    const hosts = this.known.flatMap(({ record }) => (record.host === '' ? [] : [record.host]));
    return end > 0 && (hosts.length === 0 || hosts.some((host) => text.slice(end).trimStart().startsWith(host)));
  }

  /** A log line that is quoted again in the title of a post. */
  private isSaidElsewhere(at: number, { message: { text } }: Event): boolean {
    if ((this.pieces[at] as ExcerptLine).known.length > 0) return false;
    if (this.known.some(({ record }) => record.message.includes(text))) return true;
    const isFirst = this.pieces.slice(0, at).every(({ line }) => line.text.trim() === '');
    return isFirst && this.pieces.slice(at + 1).some(({ line }) => line.text.includes(text));
  }

  /** The record with host, pid and SA of the nearest line from the same daemon. */
  private beside(at: number, record: LogRecord, { message: { daemon } }: Event): LogRecord {
    const before = this.pieces.slice(0, at).flatMap(({ known }) => known).toReversed();
    const near = [...before, ...this.pieces.slice(at).flatMap(({ known }) => known)].filter(({ message }) => message?.daemon === daemon);
    const neighbour = (daemon === 'pluto' ? near.find(({ message }) => message?.saNumber != null) : undefined) ?? near[0];
    if (neighbour?.message == null) return record;
    const { thread, connectionName, saNumber } = neighbour.message;
    return { ...record, host: neighbour.record.host, pid: neighbour.record.pid, tag: { thread, group: null, connectionName, saNumber: saNumber ?? record.tag?.saNumber ?? null } };
  }

  /** Assigns lines without a host to the host of nearby lines from the same daemon. */
  private place(mended: readonly Mended[]): readonly Mended[] {
    const named = this.known.filter(({ record }) => record.host !== '');
    const isUnplaced = ({ record, message }: Known): boolean => record.host === '' && record.pid === null && named.some((other) => other.message?.daemon === message?.daemon);
    if (named.length === 0 || !this.known.some(isUnplaced)) return mended;
    return mended.map((each) => ({ ...each, records: each.records.map((record) => {
      if (record.host !== '' || record.pid !== null) return record;
      const daemon = this.known.find((other) => other.record.line.number === record.line.number)?.message?.daemon;
      const near = [...named].sort((one, other) => Math.abs(one.record.line.number - record.line.number) - Math.abs(other.record.line.number - record.line.number)).find(({ message }) => message?.daemon === daemon);
      return near === undefined ? record : { ...record, host: near.record.host, pid: near.record.pid };
    }) }));
  }
}
