import { isDigit } from '../model/digits.js';
import type { CaptureType } from '../model/fields.js';

/**
 * Scans a value that begins at `at`: returns the index after it, or -1 if there is none. The result is unique for each
 * position, and each character is examined a bounded number of times.
 */
export type Scanner = (text: string, at: number) => number;

/** More digits may exceed the precision of a number. */
const MAX_DIGITS = 15;

/** The number between two offsets; null if there is nothing, or what is not a number: a masked one. */
export function numberAt(text: string, start: number, end: number): number | null {
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9 || at - start >= MAX_DIGITS) return parsed(text.slice(start, end));
    number = number * 10 + digit;
  }
  return start < end ? number : null;
}

function parsed(text: string): number | null {
  const number = Number(text);
  return Number.isNaN(number) ? null : number;
}

/** Scanners for types whose end does not depend on the rest of the template. */
export const SCANNERS = {
  ip: scanAddress,
  port: scanInteger,
  int: scanInteger,
  number: scanNumber,
  hex: scanHex,
  token: scanToken,
} as const satisfies Partial<Record<CaptureType, Scanner>>;

const BLANK = 0x20;
const DOT = 0x2e;
const COLON = 0x3a;
const PERCENT = 0x25;
const HASH = 0x23;
const ASTERISK = 0x2a;
const MINUS = 0x2d;
const LESS = 0x3c;
const GREATER = 0x3e;
const DOLLAR = 0x24;
const BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const UNDERSCORE = 0x5f;
const LONGEST_IPV6 = 45;
const LONGEST_PLACEHOLDER = 40;
const LONGEST_ZONE = 16;

/**
 * IPv4 (possibly masked by whoever posted the log), IPv6 (with an optional zone), or a daemon's placeholder like
 * `%any`.
 */
function scanAddress(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === PERCENT) return scanWord(text, at);
  if (first === LESS) return scanPlaceholder(text, at, GREATER);
  if (first === BRACKET) return isLetter(text.charCodeAt(at + 1)) ? scanPlaceholder(text, at, CLOSING_BRACKET) : -1;
  if (first === DOLLAR) return scanWord(text, at);
  const end = scanIpv4(text, at);
  if (end >= 0) return end;
  const word = scanIpv6(text, at);
  return word < 0 ? scanName(text, at) : word;
}

/** Placeholders written in place of an address: `<ip1>`, `<public-ip>`, `<peer address>`, `[my ip]`. */
function scanPlaceholder(text: string, at: number, closing: number): number {
  let end = at + 1;
  while (end < at + LONGEST_PLACEHOLDER && isPlaceholder(text.charCodeAt(end))) end += 1;
  return end > at + 1 && text.charCodeAt(end) === closing ? end + 1 : -1;
}

function isPlaceholder(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === BLANK || code === DOT || code === MINUS || code === UNDERSCORE;
}

/**
 * Placeholders without brackets: `IP1`, `SERVER_IP`, `my_phone_ip`, `server.ip.address`; but not a type such as
 * `ID_IPV4_ADDR`.
 */
function scanName(text: string, at: number): number {
  let end = at;
  while (end < at + LONGEST_PLACEHOLDER && isNamePart(text.charCodeAt(end)) && !text.startsWith('..', end)) end += 1;
  while (end > at && !isLetter(text.charCodeAt(end - 1)) && !isDigit(text.charCodeAt(end - 1))) end -= 1;
  if (end < at + 2 || isLetter(text.charCodeAt(end))) return -1;
  return /(?:^|_)IP\d{0,2}(?:_|$)|[_.-]ip\d{0,2}(?:[_.-]|$)|^ip\d{0,2}[_.-]/.test(text.slice(at, end)) ? end : -1;
}

function isNamePart(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === UNDERSCORE || code === DOT || code === MINUS;
}

/**
 * `%any`, `%any6`, `%defaultroute`, which daemons print in place of an address; and placeholders: `$server_ip`,
 * `%PEER%`.
 */
function scanWord(text: string, at: number): number {
  const isName = text.charCodeAt(at) === DOLLAR;
  let end = at + 1;
  while (isLetter(text.charCodeAt(end)) || isDigit(text.charCodeAt(end)) || (isName && text.charCodeAt(end) === UNDERSCORE)) end += 1;
  if (end === at + 1) return -1;
  return !isName && text.charCodeAt(end) === PERCENT ? end + 1 : end;
}

/**
 * Exactly four groups, so that the dots in `192.0.2.1...198.51.100.7` and a full stop after the address are not
 * consumed.
 */
function scanIpv4(text: string, at: number): number {
  let end = at;
  for (let group = 0; group < 4; group += 1) {
    if (group > 0) {
      if (text.charCodeAt(end) !== DOT) return -1;
      end += 1;
    }
    const begin = end;
    end = scanGroup(text, begin);
    if (end === begin) return -1;
  }
  const next = text.charCodeAt(end);
  return isDigit(next) || (isLetter(next) && isLetter(text.charCodeAt(end - 1))) ? -1 : end;
}

/** One to three digits, or as many identical masking characters: `198`, `xxx`, `Y`, `***`. */
function scanGroup(text: string, at: number): number {
  const first = text.charCodeAt(at);
  const masked = isLetter(first) || first === ASTERISK || first === HASH || first === UNDERSCORE;
  let end = at;
  while (end < at + 3 && (masked ? text.charCodeAt(end) === first : isDigit(text.charCodeAt(end)))) end += 1;
  return end;
}

function scanIpv6(text: string, at: number): number {
  let end = at;
  let colons = 0;
  while (end < at + LONGEST_IPV6) {
    const code = text.charCodeAt(end);
    if (code === COLON) colons += 1;
    else if (!isHexDigit(code)) break;
    end += 1;
  }
  if (colons < 2) return -1;
  // A single colon at the end is punctuation; a double one is part of the address.
  if (text.charCodeAt(end - 1) === COLON && text.charCodeAt(end - 2) !== COLON) {
    return colons > 2 ? end - 1 : -1;
  }
  if (text.charCodeAt(end) === DOT) return scanEmbeddedIpv4(text, end);
  return text.charCodeAt(end) === PERCENT ? scanZone(text, end) : end;
}

/**
 * `::ffff:192.0.2.1`: `dot` is the point at which the hexadecimal groups ended, either inside the IPv4 address or a
 * full stop.
 */
function scanEmbeddedIpv4(text: string, dot: number): number {
  let begin = dot;
  while (text.charCodeAt(begin - 1) !== COLON) begin -= 1;
  const end = scanIpv4(text, begin);
  return end < 0 ? dot : end;
}

function scanZone(text: string, percent: number): number {
  let end = percent + 1;
  while (end < percent + LONGEST_ZONE && (isLetter(text.charCodeAt(end)) || isDigit(text.charCodeAt(end)))) end += 1;
  return end > percent + 1 ? end : percent;
}

function scanInteger(text: string, at: number): number {
  const begin = text.charCodeAt(at) === MINUS ? at + 1 : at;
  let end = begin;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end > begin ? end : -1;
}

/** Digits, and a fraction only if digits follow the point, which may be a full stop. */
function scanNumber(text: string, at: number): number {
  const whole = scanInteger(text, at);
  const point = whole < 0 ? at : whole;
  if (text.charCodeAt(point) !== DOT || !isDigit(text.charCodeAt(point + 1))) return whole;
  let end = point + 1;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

/** Hexadecimal digits with an optional `0x`, as a whole word: not the `ad` of `address`. */
function scanHex(text: string, at: number): number {
  const prefixed = text.startsWith('0x', at) && isHexDigit(text.charCodeAt(at + 2));
  let end = prefixed ? at + 2 : at;
  while (isHexDigit(text.charCodeAt(end))) end += 1;
  const next = text.charCodeAt(end);
  return end > at && !isLetter(next) && !isDigit(next) ? end : -1;
}

function scanToken(text: string, at: number): number {
  let end = at;
  while (end < text.length && text.charCodeAt(end) > BLANK) end += 1;
  return end > at ? end : -1;
}

// Past the end of a string charCodeAt returns NaN, for which all of these are false.

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isHexDigit(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x66);
}
