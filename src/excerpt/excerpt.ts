import { splitTitle, tidyLine } from '../envelope/index.js';
import { isBare, isCutAt, isRepeated, restOf, SURE } from './pieces.js';
import type { Known, Mended, Piece } from './pieces.js';
import { seemsJoined, splitSentences } from './joined-sentences.js';
import { mendSide, sidesIn } from './sides.js';
import { findSentence, isSentence } from './lone-lines.js';
import type { Matcher, Whereabouts } from './lone-lines.js';
import { isMarkedAsCut } from '../model/cut-marks.js';
import type { DaemonMessage } from '../model/daemon-message.js';
import type { Event } from '../model/event.js';
import type { LogRecord } from '../model/log-record.js';
import type { SourceLine } from '../model/source-line.js';

/** Longer inputs are logs, of which most lines are known by their form. */
const MAX_LINES = 250;
/** Nobody pastes so much in so few lines, and each part of it is looked at many times. */
const MAX_CHARACTERS = 60_000;
/** Characters of lines that are taken apart by their wording: some milliseconds for each thousand, and two seconds for all where somebody means harm. */
const MAX_SPLIT = 16_000;
/** Lines of which one may have been made by breaking it. */
const MAX_PARTS = 6;
/** What people write behind a sentence that they do not finish, and what a terminal puts where it has cut off a line, be it within a word or behind it. */
const ELLIPSIS = '...';
const CUT_HERE = '…';
const DAEMONS = ['pluto', 'charon', 'racoon'] as const;

/** The stamp with which a text of this source begins: where it ends (0 where there is none), and when that was. */
export type ReadStamp = (text: string, source: string) => Pick<LogRecord, 'time' | 'inferred'> & { readonly end: number };

/**
 * The lines of a short input. People paste a few lines of a log, some of them without what stood before them, broken or beside what they write
 * themselves: what the form of a line does not tell, its wording and the lines around it may.
 */
export class Excerpt {
  readonly #pieces = new Map<number, Piece>();
  #latest: Piece | null = null;
  /** Numbers of the first and last line that was known. */
  #first = 0;
  #last = 0;
  #characters = 0;
  #isLog = false;

  /** As far as is known, it is none of a log. */
  get isLikely(): boolean {
    return !this.#isLog;
  }

  keep(line: SourceLine): void {
    if (this.#isLog) return;
    this.#characters += line.text.length;
    if (this.#pieces.size === MAX_LINES || this.#characters > MAX_CHARACTERS || (this.#latest !== null && line.source !== this.#latest.line.source)) this.forget();
    else {
      // what has the number of a line is a part of it
      this.#latest = this.#pieces.get(line.number) ?? { line, known: [], isStatus: false };
      this.#pieces.set(line.number, this.#latest);
    }
  }

  /** The line that was kept last is of a status output. */
  noteStatus(): void {
    if (this.#latest !== null) this.#latest.isStatus = true;
  }

  note(record: LogRecord, message: DaemonMessage | null, isUnderstood: boolean): void {
    if (this.#isLog) return;
    const { number } = record.line;
    if (this.#first === 0) this.#first = number;
    this.#last = number;
    this.#pieces.get(number)?.known.push({ record, message, isUnderstood });
  }

  /** It is a log, or not all of it is wanted. */
  forget(): void {
    this.#isLog = true;
    this.#pieces.clear();
    this.#latest = null;
  }

  /** All lines, with what they are by their wording and those around them; null where that is what their form has told. */
  mend(matcher: Matcher, readStamp: ReadStamp): readonly Mended[] | null {
    const pieces = [...this.#pieces.values()];
    const sides = sidesIn(pieces);
    const mended = sides.length === 0 ? new Mending(pieces, matcher, readStamp).mend() : sides.flatMap((side) => mendSide(side.heading, side.pieces, new Mending(side.pieces, matcher, readStamp).mend()));
    return mended === null || this.#first <= this.#last ? mended : mended.toReversed();
  }
}

/** One reading of the lines of an excerpt. */
class Mending {
  readonly #pieces: readonly Piece[];
  readonly #matcher: Matcher;
  readonly #readStamp: ReadStamp;
  readonly #known: readonly Known[];
  /** Whose lines they may be. */
  readonly #daemons: ReadonlySet<string>;
  readonly #isStamped: boolean;
  /** Of the longest line, in characters. */
  readonly #width: number;
  /** Length at which a terminal has cut off lines; 0 where none has. */
  readonly #cutAt: number;
  /** What has cut them off put an ellipsis there, so that it is no one's who wrote it behind a whole sentence. */
  readonly #areMarked: boolean;
  #mayBeSplit = MAX_SPLIT;

  constructor(pieces: readonly Piece[], matcher: Matcher, readStamp: ReadStamp) {
    this.#pieces = pieces;
    this.#matcher = matcher;
    this.#readStamp = readStamp;
    this.#known = pieces.flatMap(({ known }) => known);
    const known = new Set<string>(this.#known.flatMap(({ message }) => (message === null || message.daemon === 'kernel' ? [] : [message.daemon])));
    this.#daemons = known.size > 0 ? known : this.#speaking();
    this.#isStamped = this.#known.some(({ record }) => record.time !== null);
    this.#width = pieces.reduce((longest, { line }) => Math.max(longest, line.text.length), 0);
    this.#cutAt = isCutAt(this.#width, pieces) ? this.#width : 0;
    this.#areMarked = pieces.filter(({ line }) => line.text.length === this.#cutAt && line.text.endsWith(ELLIPSIS)).length >= SURE;
  }

  /** Those that say most of what has no form: a few sentences are those of two daemons. */
  #speaking(): ReadonlySet<string> {
    const count = (daemon: string): number => this.#pieces.filter(({ line }) => line.text.trim() !== '' && findSentence(line, this.#matcher, { at: this.#readStamp(line.text, line.source).end, isWhole: true }, (each) => each === daemon) !== undefined).length;
    const counts = DAEMONS.map((daemon) => [daemon, count(daemon)] as const);
    const most = Math.max(...counts.map(([, lines]) => lines));
    return new Set(counts.filter(([, lines]) => lines === most).map(([daemon]) => daemon));
  }

  mend(): readonly Mended[] | null {
    const mended: Mended[] = [];
    let isMended = false;
    for (let at = 0; at < this.#pieces.length; at += 1) {
      const piece = this.#pieces[at] as Piece;
      const { line } = piece;
      if (isRepeated(piece, this.#known)) {
        isMended = true;
        continue;
      }
      const title = piece.isStatus ? null : this.#title(piece);
      const found = piece.isStatus || title !== null ? null : this.#findRecord(at);
      isMended ||= title !== null || found !== null;
      mended.push({ line, title, records: found === null ? piece.known.map(({ record }) => record) : found.records });
      for (let rest = 1; rest < (found?.parts ?? 1); rest += 1) mended.push({ line: (this.#pieces[++at] as Piece).line, title: null, records: [] });
    }
    const placed = this.#place(mended);
    return isMended || placed !== mended ? placed : null;
  }

  #title({ line, known }: Piece): Mended['title'] {
    const title = splitTitle(line);
    return title === null || known.some(({ record }) => record.time !== null) || findSentence(title.first, this.#matcher, { at: 0, isWhole: false }) === undefined ? null : title;
  }

  /** The record of a line that its form does not tell, alone or with the lines that go on with it. */
  #findRecord(at: number): { readonly records: readonly LogRecord[]; readonly parts: number } | null {
    const piece = this.#pieces[at] as Piece;
    const { line, known } = piece;
    const joined = this.#splitJoined(piece);
    if (joined !== null) return { records: joined, parts: 1 };
    const last = known.at(-1);
    const said = (last === undefined && line.text.trim() !== '') || isBare(piece) ? this.#findSentence(at) : null;
    if (last === undefined || said !== null) return said;
    const { message, record } = last;
    if (message === null || !record.message.endsWith(message.text)) return null;
    const others = known.slice(0, -1).map((each) => each.record);
    for (const { text, parts } of this.#joined(at, message.text)) {
      if (last.isUnderstood ? !this.#isFull(at) || !this.#saysMore(message, text) : (this.#matcher.match({ ...message, text }) ?? this.#matcher.matchMasked({ ...message, text })) === null) continue;
      const head = record.message.slice(0, record.message.length - message.text.length);
      const whole = message.text === '' ? `${head.trimEnd()} ${text}` : head + text;
      return { records: [...others, { ...record, message: whole }], parts };
    }
    if (isMarkedAsCut(line.text) && (line.text.length !== this.#cutAt || !line.text.endsWith(ELLIPSIS) || !this.#areMarked)) return null;
    if (last.isUnderstood && !this.#matcher.endsOpen(message)) return null;
    if (line.text.length !== this.#cutAt && (!last.isUnderstood || !this.#breaksOff(message))) return null;
    const left = record.message.endsWith(ELLIPSIS) ? record.message.slice(0, -ELLIPSIS.length) : record.message;
    return { records: [...others, { ...record, message: left + (line.text.length === this.#cutAt ? CUT_HERE : ELLIPSIS) }], parts: 1 };
  }

  /** The sentences in a line that has no stamp, if they are more than what its form has told. */
  #splitJoined({ line, known }: Piece): readonly LogRecord[] | null {
    if (line.text.length > this.#mayBeSplit || known.some(({ record }) => record.time !== null || record.host !== '' || record.pid !== null)) return null;
    const text = tidyLine(line.text);
    for (const daemon of DAEMONS) {
      if (!this.#daemons.has(daemon) || !seemsJoined(text, daemon)) continue;
      this.#mayBeSplit -= text.length;
      const records = splitSentences(line, text, this.#matcher, daemon);
      if (records !== null && records.length > known.length) return records;
    }
    return null;
  }

  /** Had the first word of the next line no room in it? */
  #isFull(at: number): boolean {
    const [word = ''] = (this.#pieces[at + 1]?.line.text ?? '').trimStart().split(' ', 1);
    return (this.#pieces[at] as Piece).line.text.trimEnd().length + word.length >= this.#width;
  }

  /** Does the text mean something else than the message with which it begins, which may go on with anything? */
  #saysMore(message: DaemonMessage, text: string): boolean {
    if (!this.#matcher.endsOpen(message)) return false;
    const whole = this.#matcher.match({ ...message, text });
    return whole !== null && whole.kind !== this.#matcher.match(message)?.kind;
  }

  /** Is the free text with which it ends the beginning of what, when it is whole, means something else? */
  #breaksOff(message: DaemonMessage): boolean {
    const said = this.#matcher.match(message)?.kind;
    return (this.#matcher.matchCut(message)?.kind ?? said) !== said;
  }

  #findSentence(at: number): { readonly records: readonly LogRecord[]; readonly parts: number } | null {
    const { line } = this.#pieces[at] as Piece;
    const begun = tidyLine(line.text);
    const stamp = this.#readStamp(begun, line.source);
    const where = { at: stamp.end, isWhole: this.#isStamped || stamp.end > 0 };
    let said: Event | undefined;
    let parts = 1;
    for (const joined of [{ text: begun, parts: 1 }, ...this.#joined(at, begun)]) {
      if (said !== undefined && !this.#isFull(at)) break;
      const event = this.#sentence({ ...line, text: joined.text }, joined.parts === 1 ? where : { ...where, isWhole: true });
      if (event === undefined || event.kind === said?.kind) continue;
      said = event;
      ({ parts } = joined);
      if (parts > 1) break;
    }
    if (said === undefined || this.#isSaidElsewhere(at, said)) return null;
    return { records: [this.#beside(at, { ...said.message.record, line, time: stamp.time, inferred: stamp.inferred }, said)], parts };
  }

  #sentence(line: SourceLine, where: Whereabouts): Event | undefined {
    return findSentence(line, this.#matcher, where, (daemon) => this.#daemons.has(daemon));
  }

  /** The text with the lines that may be the rest of it, broken within words or between words: all alike, or one of two otherwise. */
  *#joined(at: number, begun: string): Generator<{ readonly text: string; readonly parts: number }> {
    let within = begun;
    let between = begun;
    for (let parts = 2; parts <= MAX_PARTS; parts += 1) {
      const next = this.#pieces[at + parts - 1];
      if (next === undefined || !this.#mayBeRest(next)) return;
      const rest = restOf(next.line.text);
      const mixed = parts === 3 ? [`${within.trimEnd()} ${rest}`, between + rest] : [];
      within += rest;
      between = `${between.trimEnd()} ${rest}`;
      for (const text of [within, between, ...mixed]) yield { text, parts };
    }
  }

  #mayBeRest({ line, known, isStatus }: Piece): boolean {
    if (isStatus || line.text.trim() === '' || this.#isStampedLine(line)) return false;
    if (isSentence(line, this.#matcher, (daemon) => this.#daemons.has(daemon))) return false;
    return known.length === 0 || known.every(({ record, message, isUnderstood }) => (message === null || !isUnderstood) && record.time === null && line.text.startsWith(record.message));
  }

  /** It begins with a stamp; where the lines of the log name hosts, with one of them behind it: a date may also go on with a message. */
  #isStampedLine({ text, source }: SourceLine): boolean {
    const { end } = this.#readStamp(text, source);
    const hosts = this.#known.flatMap(({ record }) => (record.host === '' ? [] : [record.host]));
    return end > 0 && (hosts.length === 0 || hosts.some((host) => text.slice(end).trimStart().startsWith(host)));
  }

  /** Somebody repeats a line of his log in the title of what he writes. */
  #isSaidElsewhere(at: number, { message: { text } }: Event): boolean {
    if ((this.#pieces[at] as Piece).known.length > 0) return false;
    if (this.#known.some(({ record }) => record.message.includes(text))) return true;
    const isFirst = this.#pieces.slice(0, at).every(({ line }) => line.text.trim() === '');
    return isFirst && this.#pieces.slice(at + 1).some(({ line }) => line.text.includes(text));
  }

  /** The record as what the daemon said when it wrote the line before, or the next one. */
  #beside(at: number, record: LogRecord, { message: { daemon } }: Event): LogRecord {
    const before = this.#pieces.slice(0, at).flatMap(({ known }) => known).toReversed();
    const near = [...before, ...this.#pieces.slice(at).flatMap(({ known }) => known)].filter(({ message }) => message?.daemon === daemon);
    const neighbour = (daemon === 'pluto' ? near.find(({ message }) => message?.saNumber != null) : undefined) ?? near[0];
    if (neighbour?.message == null) return record;
    const { thread, connectionName, saNumber } = neighbour.message;
    return { ...record, host: neighbour.record.host, pid: neighbour.record.pid, tag: { thread, group: null, connectionName, saNumber: saNumber ?? record.tag?.saNumber ?? null } };
  }

  /** Lines without host beside others of the same daemon with one are of that host. */
  #place(mended: readonly Mended[]): readonly Mended[] {
    const named = this.#known.filter(({ record }) => record.host !== '');
    const isUnplaced = ({ record, message }: Known): boolean => record.host === '' && record.pid === null && named.some((other) => other.message?.daemon === message?.daemon);
    if (named.length === 0 || !this.#known.some(isUnplaced)) return mended;
    return mended.map((each) => ({ ...each, records: each.records.map((record) => {
      if (record.host !== '' || record.pid !== null) return record;
      const daemon = this.#known.find((other) => other.record.line.number === record.line.number)?.message?.daemon;
      const near = [...named].sort((one, other) => Math.abs(one.record.line.number - record.line.number) - Math.abs(other.record.line.number - record.line.number)).find(({ message }) => message?.daemon === daemon);
      return near === undefined ? record : { ...record, host: near.record.host, pid: near.record.pid };
    }) }));
  }
}
