import { SCANNERS } from './captures.js';
import type { Scanner } from './captures.js';

/** Masking characters, repeated per hidden character or not, and placeholders of documents and template engines. */
const BLACKED = '[xX*#?█▇▉▓▒░■●•]{2,15}|[*#?█▇▉▓▒░■●•]|%\\w{2,30}%|\\{{1,2}[\\w .-]{1,30}\\}{1,2}|\\([\\w .-]{2,30}\\)|-{2,3}[\\w ]{1,30}-{2,3}|«[\\w .-]{1,30}»';
/** Placeholders of several words: `MY PUBLIC IP`, `ip of the peer`. */
const PHRASE = '(?:(?:my|our|your|their|the|other|customer|public|private|internal|external|remote|local|client|server|peer|wan|lan|static|dynamic)[ _-]){1,3}(?:ip|address|addr|end|side|server|gateway|router|host)(?: (?:address|addr))?|ip (?:address )?of (?:my |the |our )?\\w{2,20}';
/**
 * Placeholders of one word: `XXX`, `myserver.example`, `remote-ip`, `OFFICE-WAN-IP`, `gw_PUBIP`, `redacted`, `A`, any
 * word before a port. Ordinary words only if they name an end of a tunnel.
 */
const WORD = '[A-Z]|[\\w-]{1,40}(?:\\.{1,2}[\\w*-]{1,40}){1,6}|[\\w-]{0,40}IP\\d{0,2}|[A-Za-z][\\w-]{1,40}(?=\\[\\d{1,5}\\])|(?:redacted|removed|masked|hidden|censored|my|our|your|their|the|other|public|private|internal|external|remote|local|client|server|peer|left|right|host|router|gateway|gw|vpn|wan|lan|ip|addr|site|office|home|src|dst|source|destination|initiator|responder)[\\w-]{0,30}';
/** Substitutes for an address. */
const ADDRESS = new RegExp(`(?:${BLACKED}|(?:${PHRASE}|${WORD})(?!\\w))`, 'iy');
/** Substitutes for a port or another number. */
const NUMBER = /(?:[xX*#?]{1,12}|N{1,6}|port|<[\w .-]{1,30}>|\[[\w .-]{1,30}\])(?!\w)/y;
/** Substitutes for an SPI, some digits of which may be left; after `0x` any word: `0xSPI1`. */
const HEX = /(?:0x[\w*#?]{1,40}|[\da-fA-FxX*#?]{1,40})(?![A-Za-z\d])/y;

/**
 * Anything without a blank, in any quotes, up to a port or punctuation: `?.?.?.?`, `STATIC-IP-1`, `xxxx:xxxx::1`,
 * `@IP@`.
 */
const ANY = /[^\s\w(]?(?:(?!\.{3})[^\s[\](),;:]|::|:(?!\s|$|\d{1,5}(?=:?(?:[\s,)\]]|$)))){1,45}(?:\([\w .-]{1,20}\)|(?!\.{3})[^\s\w[(,:;])?/y;

/** Which substitutes for an address are accepted: those that look like one, or any, if enough else is as expected. */
export type Masks = 'usual' | 'any';

/** The end of a substitute for a value of the type that `scan` reads; -1 if there is none. */
export function scanMasked(scan: Scanner, text: string, at: number, masks: Masks = 'usual'): number {
  const mask = scan === SCANNERS.ip ? (masks === 'any' ? ANY : ADDRESS) : scan === SCANNERS.hex ? HEX : scan === SCANNERS.token ? null : NUMBER;
  return mask === null ? -1 : endOf(mask, text, at);
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}
