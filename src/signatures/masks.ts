import { SCANNERS } from './captures.js';
import type { Scanner } from './captures.js';

/** Signs that stand for each hidden character or for all of them, and what templates of documents and programs put around a name. */
const BLACKED = '[xX*#?█▇▉▓▒░■●•]{2,15}|%\\w{2,30}%|\\{{1,2}[\\w .-]{1,30}\\}{1,2}|\\([\\w .-]{2,30}\\)|-{2,3}[\\w ]{1,30}-{2,3}|«[\\w .-]{1,30}»';
/** `MY PUBLIC IP`, `ip of the peer`: several words. */
const PHRASE = '(?:(?:my|our|your|their|the|other|customer|public|private|internal|external|remote|local|client|server|peer|wan|lan|static|dynamic)[ _-]){1,3}(?:ip|address|addr|end|side|server|gateway|router|host)(?: (?:address|addr))?|ip (?:address )?of (?:my |the |our )?\\w{2,20}';
/** One word: `XXX`, `myserver.example`, `remote-ip`, `OFFICE-WAN-IP`, `gw_PUBIP`, `redacted`, `A`, any word before a port. Of plain words only those that name an end of a tunnel. */
const WORD = '[A-Z]|[\\w-]{1,40}(?:\\.[\\w*-]{1,40}){1,6}|[\\w-]{0,40}IP\\d{0,2}|[A-Za-z][\\w-]{1,40}(?=\\[\\d{1,5}\\])|(?:redacted|removed|masked|hidden|censored|my|our|your|their|the|other|public|private|internal|external|remote|local|client|server|peer|left|right|host|router|gateway|gw|vpn|wan|lan|ip|addr|site|office|home|src|dst|source|destination|initiator|responder)[\\w-]{0,30}';
/** What people put for an address. */
const ADDRESS = new RegExp(`(?:${BLACKED}|(?:${PHRASE}|${WORD})(?!\\w))`, 'iy');
/** What people put for a port or another number. */
const NUMBER = /(?:[xX*#?]{1,12}|N{1,6}|port|<[\w .-]{1,30}>|\[[\w .-]{1,30}\])(?!\w)/y;
/** The same for an SPI, of which they may leave some digits. */
const HEX = /(?:0x)?[\da-fA-FxX*#?]{1,40}(?![A-Za-z\d])/y;

/** Where what stands for a masked value ends, of the type that `scan` reads; -1 where nothing does. */
export function scanMasked(scan: Scanner, text: string, at: number): number {
  const mask = scan === SCANNERS.ip ? ADDRESS : scan === SCANNERS.hex ? HEX : scan === SCANNERS.token ? null : NUMBER;
  if (mask === null) return -1;
  mask.lastIndex = at;
  return mask.test(text) ? mask.lastIndex : -1;
}
