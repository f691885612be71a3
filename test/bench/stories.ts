import { readFileSync } from 'node:fs';

export type Daemon = 'charon' | 'pluto';

/** A part of a captured line that differs between negotiations and is replaced in the corpus. */
export type Slot = 'name' | 'local' | 'peer' | 'localId' | 'peerId' | 'spi' | { readonly serial: number };

export interface StoryLine {
  /** Milliseconds since the previous line. */
  readonly wait: number;
  /** The fixed parts: one before each slot and one after the last. */
  readonly texts: readonly string[];
  readonly slots: readonly Slot[];
}

/** A negotiation, or a few in sequence, as logged by one daemon. */
export interface Story {
  readonly daemon: Daemon;
  readonly lines: readonly StoryLine[];
  /** The highest SA number in it; the daemon's next story continues from there. */
  readonly serials: number;
}

/**
 * Weights of the samples' stories. charon's successes weigh more, as on a gateway that mostly works; pluto's are all
 * failures, which take more work than successes.
 */
const SOURCES: readonly (readonly [times: number, daemon: Daemon, file: string])[] = [
  [4, 'charon', 'peer-deleted-sa-ss598-ss598/west.charon.log'],
  [4, 'charon', 'success-ikev2-ss598-ss598/east.charon.log'],
  [1, 'charon', 'psk-mismatch-ikev2-ls410-ss598/east.charon.log'],
  [1, 'charon', 'psk-mismatch-ikev1-ss598-ls410/west.charon.log'],
  [1, 'charon', 'ike-proposal-mismatch-ss598-ls410/west.charon.log'],
  [1, 'charon', 'esp-proposal-mismatch-ss598-ss598/east.charon.log'],
  [1, 'charon', 'cert-expired-ss598-ss598/west.charon.log'],
  [1, 'charon', 'udp500-blocked-ss598-ls410/west.charon.log'],
  [1, 'charon', 'blocked-then-open-ss598-ss598/west.charon.log'],
  [1, 'pluto', 'esp-proposal-mismatch-ss598-ls410/east.syslog.log'],
  [1, 'pluto', 'psk-mismatch-ikev2-ls410-ss598/west.syslog.log'],
  [1, 'pluto', 'psk-mismatch-ikev2-ls410-ls410/east.syslog.log'],
  [1, 'pluto', 'id-mismatch-ikev1-ls410-ss598/west.syslog.log'],
  [1, 'pluto', 'cert-expired-ls410-ss598/west.syslog.log'],
  [1, 'pluto', 'udp500-blocked-ls410-ss598/west.syslog.log'],
];

/**
 * How an established SA ends. SAs do not accumulate on a gateway, so a successful story continues with the lines after
 * this one.
 */
const ENDING = 'peer-deleted-sa-ss598-ss598/west.charon.log';
const IS_UP = /CHILD_SA \S+ established/;

const STAMP = /^[A-Z][a-z]{2} [ \d]\d (\d\d):(\d\d):(\d\d) /;
const SYSLOG_HEADER = /^\S+ pluto\[\d+\]: /;
/** The daemons' last lines before they negotiate; everything up to them is logged once per start. */
const READY = /added vici connection: |loading secrets from /;
const SLOTS = /(?<=[<|])\d+(?=>)|(?<=west-east[[{])\d+(?=[\]}])|(?<=#)\d+|[0-9a-f]{8}(?=_[io]\b)|(?<=0x)[0-9a-f]{8}\b|(?:west|east)\.example\.com|west-east|192\.0\.2\.10\b|198\.51\.100\.20\b/g;

/** The stories from the samples, each repeated by its weight. Throws if a sample is missing. */
export function readStories(daemon: Daemon): [Story, ...Story[]] {
  const told = SOURCES.filter((source) => source[1] === daemon);
  const stories = told.flatMap(([times, , file]) => Array<Story>(times).fill(readStory(daemon, file)));
  const [first, ...others] = stories;
  if (first === undefined) throw new Error(`no stories by ${daemon}`);
  return [first, ...others];
}

function readStory(daemon: Daemon, file: string): Story {
  const told = capturedLines(file, READY);
  const isLeftUp = file !== ENDING && told.some((line) => IS_UP.test(line));
  const begun = storyLines(told, file, daemon);
  const ending = isLeftUp ? storyLines(capturedLines(ENDING, IS_UP), ENDING, daemon).map((line) => later(line, serialsOf(begun) - 1)) : [];
  const lines = [...begun, ...ending];
  if (lines.length === 0) throw new Error(`samples/${file} tells nothing`);
  return { daemon, lines, serials: serialsOf(lines) };
}

const serialsOf = (lines: readonly StoryLine[]): number => Math.max(1, ...lines.flatMap(({ slots }) => slots.map((slot) => (typeof slot === 'object' ? slot.serial : 0))));

/** The line with its SA numbers increased by `by`. */
const later = (line: StoryLine, by: number): StoryLine => ({ ...line, slots: line.slots.map((slot) => (typeof slot === 'object' ? { serial: slot.serial + by } : slot)) });

/** The lines of a sample after the last one that matches. */
function capturedLines(file: string, after: RegExp): string[] {
  const all = readFileSync(new URL(`../../samples/${file}`, import.meta.url), 'utf8').trimEnd().split('\n');
  return all.slice(all.findLastIndex((line) => after.test(line)) + 1);
}

function storyLines(captured: readonly string[], file: string, daemon: Daemon): StoryLine[] {
  const lines: StoryLine[] = [];
  let before: number | undefined;
  for (const text of captured) {
    const [stamp, hours, minutes, seconds] = STAMP.exec(text) ?? [];
    const body = text.slice(stamp?.length ?? 0);
    if (stamp === undefined || (daemon === 'pluto' && !SYSLOG_HEADER.test(body))) continue;
    const second = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
    lines.push({ wait: Math.max(0, second - (before ?? second)) * 1000, ...split(body.replace(SYSLOG_HEADER, ''), file.includes('/west.')) });
    before = second;
  }
  return lines;
}

function split(text: string, isWest: boolean): Pick<StoryLine, 'texts' | 'slots'> {
  const texts: string[] = [];
  const slots: Slot[] = [];
  let end = 0;
  for (const match of text.matchAll(SLOTS)) {
    texts.push(text.slice(end, match.index));
    slots.push(slotOf(match[0], isWest));
    end = match.index + match[0].length;
  }
  return { texts: [...texts, text.slice(end)], slots };
}

function slotOf(text: string, isWest: boolean): Slot {
  switch (text) {
    case 'west-east': return 'name';
    case '192.0.2.10': return isWest ? 'local' : 'peer';
    case '198.51.100.20': return isWest ? 'peer' : 'local';
    case 'west.example.com': return isWest ? 'localId' : 'peerId';
    case 'east.example.com': return isWest ? 'peerId' : 'localId';
    default: return text.length === 8 ? 'spi' : { serial: Number(text) };
  }
}
