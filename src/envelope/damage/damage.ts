import { isDigit } from '../../model/digits.js';
import type { LogRecord } from '../../model/log-record.js';
import { startsConsole, startsDaemon, startsPlace } from '../formats/daemon-shape.js';

/** How far into a line its real beginning is searched for. */
const MAX_PREFIX = 160;

/** Characters that quoting and the borders of windows put before and after a line. */
const MARKS = ' \t>|*•-+`│┃║';
const ENDS = ' \t`,│┃║';
const QUOTES = '"\'“”‘’«»„';

/** The number of an item in a list. */
const ITEM = /^\d{1,3}[.)] {1,4}/;
const MAX_ITEM = 8;

/** Begins what an author wrote behind a line to explain it. */
const ANNOTATION = '  # ';

/** Removes quote marks, list bullets and numbers, code ticks, surrounding quotes and asterisks, then applies {@link tidyText}. */
export function tidyLine(text: string): string {
  let start = 0;
  while (start < MAX_PREFIX && MARKS.includes(text.charAt(start))) start++;
  const number = ITEM.exec(text.slice(start, start + MAX_ITEM));
  if (number !== null) start += number[0].length;
  const note = text.indexOf(ANNOTATION);
  let end = note > start ? note : text.length;
  while (end > start && ENDS.includes(text.charAt(end - 1))) end--;
  for (let at = start; text.charAt(at - 1) === '*' && text.charAt(end - 1) === '*'; at--) end--;
  const isQuoted = end - start > 2 && QUOTES.includes(text.charAt(start)) && QUOTES.includes(text.charAt(end - 1)) && !startsDaemon(text, start);
  if (!isQuoted) return tidyText(text.slice(start, end));
  const quoted = text.slice(start + 1, end - 1);
  return tidyText(text.charAt(start) === '"' ? quoted.replaceAll('""', '"') : quoted);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', apos: "'", nbsp: ' ' };
const NUMBERED = /&#(?:(?<decimal>\d{2,3})|x(?<hex>[\da-f]{2}));/gi;
/** `**word**`, and `_**word**_` around a whole phrase. */
const EMPHASIS = /(?<=^|\s)(?:_\*\*|\*\*_)|(?:_\*\*|\*\*_)(?=\s|$)|(?<!\*)\*\*(?!\*)/g;
/**
 * HTML elements that pages and issue trackers leave in text. charon's `<name|7>` does not match: it has a bar and a
 * number inside.
 */
const ELEMENTS = /<\/?(?:p|br|span|div|pre|code|b|i|em|strong|font|td|tr|li|u)(?: [^<>]{0,200})?\/?>/g;

/**
 * BBCode of forums. Identities and charon's groups use brackets too, but never with a slash, or with one of these words
 * and `=`.
 */
const FORUM_CODES = /\[(?:\/(?:color|size|font|url|b|i|u|code|quote)|(?:color|size|font|url|quote)=[^\][]{0,80})\]/gi;
/** Cheap test whether any of the marks is present at all. */
const MARKED = /[&\\“”„«»‘’–…\u00a0\u200b]|<\/?[a-z]{1,6}[ />]|\[\/[A-Za-z]{1,5}\]|\[[0-9;]{0,8}m|#0[13][135]|\*\*|\^M|\]\(\d/;

const INSIDE_VALUE = /<\/[a-z]{1,6}>|\*\*[A-Z_]{5,40}\*\*|[A-Z]\\_[A-Z]/;

/**
 * Does the text contain marks that a template may take for part of a value, such as the name of a notify? What is
 * understood of it is then not all it says.
 */
export function isMarkedUp(text: string): boolean {
  return (text.includes('</') || text.includes('**') || text.includes('\\_')) && INSIDE_VALUE.test(text);
}

/** Undoes the character substitutions of web pages, word processors, terminals and syslog daemons. */
export function tidyText(text: string): string {
  if (!MARKED.test(text)) return text;
  return text
    .replace(ELEMENTS, '')
    .replace(FORUM_CODES, '')
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_all, name: string) => ENTITIES[name] ?? '')
    .replace(/&(lt|gt|quot);/g, (_all, name: string) => ENTITIES[name] ?? '')
    .replace(NUMBERED, (all, decimal?: string, hex?: string) => characterOf(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)) ?? all)
    .replace(/(?:\u001b|#033|\\u001b|\\033|\^\[)?\[[0-9;]{0,8}m/g, '')
    .replace(/#01[15]|\^M$/g, ' ')
    .replace(/\\([_*[\]<>"#|-])/g, '$1')
    .replace(EMPHASIS, '')
    .replace(/\](?=\(\d{1,6} bytes\)$)/, '] ')
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/\u00a0/g, ' ')
    .replace(/\u200b/g, '')
    .replaceAll('…', '...');
}

/** The character, if it is printable ASCII or a no-break space. */
function characterOf(code: number): string | undefined {
  return (code >= 0x20 && code < 0x7f) || code === 0xa0 ? String.fromCharCode(code) : undefined;
}

/**
 * Finds a log line after the prefix of another program: the file name and number of `grep`, the service name of `docker
 * compose` or `stern`, the time of a chat, the number of a list item. `read` is tried at each plausible position.
 */
export function findLine(text: string, read: (rest: string) => LogRecord | undefined): LogRecord | undefined {
  const limit = Math.min(text.length, MAX_PREFIX);
  for (let at = 1; at < limit; at++) {
    const isPlausible = isSeparator(text.charCodeAt(at - 1)) || endsHalfDay(text, at) ? mayBegin(text, at) : text.charCodeAt(at - 1) === 0x2d && mayBeStamp(text, at);
    if (!isPlausible) continue;
    const record = read(restOf(text, at));
    if (record !== undefined) return record;
  }
  return undefined;
}

/** What may follow the quote at the end of a value: brackets and separators of the code or data around it. */
const AFTER_VALUE = /^[\s)\]};,]*$/;
const OPENED = /<(\w{1,20})(?: [^<>]{0,80})?>$/;

/** The line from there on, if the prefix opens a quote or an element only up to its end, as in tables and code. */
function restOf(text: string, at: number): string {
  const mark = text.charAt(at - 1);
  if (mark === '>') {
    const close = text.lastIndexOf(`</${OPENED.exec(text.slice(0, at))?.[1] ?? ''}>`);
    return close < at ? text.slice(at) : text.slice(at, close);
  }
  const close = mark === '"' || mark === "'" ? text.lastIndexOf(mark) : -1;
  if (close < at || !AFTER_VALUE.test(text.slice(close + 1))) return text.slice(at);
  const value = text.slice(at, close);
  // Without the closing quote, the last one is of the line itself
  if (value.split(mark).length % 2 === 0) return text.slice(at);
  return value.replaceAll(mark + mark, mark).replaceAll(`\\${mark}`, mark);
}

function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x3a || code === 0x7c || code === 0x3e || code === 0x5d || code === 0x22 || code === 0x27;
}

/** ` PM`, which a page put directly before the line without a blank. */
function endsHalfDay(text: string, at: number): boolean {
  return text.charCodeAt(at - 1) === 0x4d && text.charCodeAt(at - 3) === 0x20 && 'AP'.includes(text.charAt(at - 2));
}

/** Cheap test for a stamp with a date; `-` precedes it in the context lines of `grep -C`. */
function mayBeStamp(text: string, at: number): boolean {
  if (!isDigit(text.charCodeAt(at))) return text.charCodeAt(at + 9) === 0x3a && text.charCodeAt(at + 12) === 0x3a;
  return (text.charCodeAt(at + 4) === 0x2d && text.charCodeAt(at + 7) === 0x2d) || EPOCH.test(text.slice(at, at + 12));
}

const EPOCH = /^\d{10}\.\d/;

/** Cheap test for a stamp, a PRI or a daemon's own prefix at `at`. */
function mayBegin(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (isDigit(code)) return startsDaemon(text, at) || mayBeStamp(text, at);
  if (code === 0x3c) return isDigit(text.charCodeAt(at + 1));
  if (code === 0x5b && (isDigit(text.charCodeAt(at + 1)) || text.charCodeAt(at + 1) === 0x20)) return true;
  if (code >= 0x41 && code <= 0x5a) return (text.charCodeAt(at + 9) === 0x3a && text.charCodeAt(at + 12) === 0x3a) || startsConsole(text, at);
  return startsDaemon(text, at) || startsConsole(text, at) || startsTag(text, at) || startsPlace(text, at);
}

const TAG = /(?:(?:pluto|racoon|charon(?:-systemd|-nm|-cmd)?)(?:\[\d{1,8}\])?|klips_(?:debug|error|info):\w{1,60}): /y;

/** A daemon's name, or a KLIPS function name, before a colon, after an envelope that is otherwise unknown. */
function startsTag(text: string, at: number): boolean {
  TAG.lastIndex = at;
  return TAG.test(text);
}
