import { keySignsIn } from './key-signs.js';
import type { KeySigns } from './key-signs.js';

/** Replacement for key material. */
const WITHHELD = '[withheld]';

/**
 * Replaces key material by {@link WITHHELD}: keys in hexadecimal, base64 or PEM, memory and packet dumps, secrets and
 * passwords after their keyword. SPIs and cookies (8 or 16 digits), addresses and identities are kept. Linear in the
 * length of the text.
 *
 * Daemons print keys as follows: charon from log level 3 on (`=> 32 bytes @ 0x7f...` and lines `   0: AB CD ...`) and
 * as `secret: 61:62:63`; pluto with plutodebug=crypt or private (lines `|   ab cd ...`) and in XAUTH comparisons; `ip
 * xfrm state`, `setkey -D`, ipsec.secrets and `ipsec barf` in their own notations.
 */
export function redact(text: string): string {
  const whole = redactLine(text);
  return whole.includes('\\') ? whole.split(ESCAPED_END).map((part, index) => (index % 2 === 0 ? redactLine(part) : part)).join('') : whole;
}

/**
 * A line end written as the characters `\n`, in JSON and program output: the lines on both sides are examined on their
 * own, too, because most notations of keys are recognised from where a word or the line begins.
 */
const ESCAPED_END = /(\\{1,8}[nr])/;

function redactLine(text: string): string {
  // What is withheld adds no signs
  const signs = keySignsIn(text);
  let result = maskXauthComparison(text);
  for (let index = 0; index < RULES.length; index += 1) {
    const rule = RULES[index] as Rule;
    const needed = rule[2];
    const mayMatch = needed === undefined || (typeof needed === 'string' ? result.includes(needed) : signs[needed.sign]);
    if (mayMatch) result = result.replace(rule[0], rule[1]);
  }
  return result;
}

/**
 * pluto's `XAUTH: checking user(u:conn) pass CRYPT vs PLAIN`; a password may contain anything, so the rest of the line
 * is dropped.
 */
function maskXauthComparison(text: string): string {
  const at = text.indexOf(' pass ');
  const end = at + ' pass '.length;
  return at >= 0 && text.includes(' vs ', end) ? text.slice(0, end) + WITHHELD : text;
}

/**
 * A quoted string, with escaped or doubled quotes inside, closed or truncated; or a single word. JSON nested in JSON
 * has escaped quotes, with more backslashes the deeper it is.
 */
const VALUE = String.raw`(?:\[withheld\]|(?<escape>\\{1,31})"(?:[^"\\]|(?!\k<escape>")\\{1,63}(?!\\)"?)*(?:\k<escape>")?|"(?:[^"\\]|\\.|"")*"?|'(?:[^'\\]|\\.)*'?|[^\s"',;\\]+)`;
/** Blanks, including tabs as escaped by rsyslog, and no-break spaces. */
const GAP = String.raw`(?:[ \t\u00a0]|#011){0,24}`;
const BLANKS = String.raw`(?:[ \t\u00a0]|#011){1,24}`;
const NAME = String.raw`(?:secret|password|(?<!/)passwd|passphrase|passcode|xauthpass|pre[-_]?shared[ _-]?key|\bPSK|\bPIN|\bPPK)`;
/**
 * `secret-1`, `shared_secret`, JSON's `"password"`, `Cleartext-Password`: names that count only when a sign follows.
 */
const KEYWORD = String.raw`(?:${NAME}|\bpass|\bpwd|\bapi[_-]?key)(?:[_-](?:\d{1,4}|key|text|hex|value))?(?:\\?["'])?`;
/** `=` or `:`, and the `:=`, `==` and `=>` of RADIUS users files and dumps. */
const SIGN = String.raw`${GAP}[:=]{1,2}>?${GAP}`;
/**
 * racoon's names of authentication methods, which it prints after the one it compares with: `pre-shared key:RSA
 * signatures`.
 */
const METHOD = String.raw`(?:pre-shared key|(?:RSA|DSS|ECDSA-?\d*) signatures|(?:revised )?encryption with (?:RSA|El-Gamal)|GSS-API on Kerberos 5|(?:Hybrid|XAuth) [A-Za-z]{2,8} (?:server|client))\s*$`;
/** Values that are not secret: pluto settings with such a name, and authentication methods. */
const NO_SECRET = String.raw`(?!(?:insist|propose|permit|yes|no)\b|${METHOD})`;
/**
 * What pluto says of a connection follows its quoted name, and that may end in a keyword: `"office-psk": added IKEv2 connection`,
 * `while loading 'office-psk': bad argument`, `"office-psk": 192.0.2.0/24===...` and `"office-psk":   ike_life: 28800s; ...` of its status.
 */
const OF_CONNECTION = String.raw`(?<!["']: {1,8}(?=(?:add(?:ed|ing)|allowing|bad|cannot|can't|command|connection|created|deleting|delete|duplicate|failed|ignoring|initiat(?:e|ing)|instantiated|interface|ISAKMP|loaded|marking|NSS|oriented|queue|queuing|reloaded|reviving|terminating|unroutable|we) ["'(A-Za-z]|oriented;|\d{1,3}(?:\.\d{1,3}){3}|[A-Za-z][A-Za-z_ -]{1,30}[:=][^;]{0,200};))`;

/** The beginning of a line, or what a daemon puts before its own text: thread, SA, connection, level. */
const START = String.raw`^(?:\d{1,2}\[[A-Z]{3}\d?\] (?:<[^>\s]{1,128}> )?|"[^"]{1,128}"(?:\[\d{1,9}\] \S{1,64})?(?: #\d{1,9})?: |(?:DEBUG2?|INFO|NOTIFY|WARNING|ERROR): )?`;

/** A sign of key material that is not a fixed text. */
interface Sign {
  readonly sign: keyof KeySigns;
}

const LONG_HEX: Sign = { sign: 'longHex' };
const LONG_BASE64: Sign = { sign: 'longBase64' };
const WORD: Sign = { sign: 'word' };

/** Before the SHA-1 hash of a public key, by which NSS, certificates and their requests name it. */
const KEY_ID = String.raw`\b(?:CKAID|ckaid|keyid)[ :='"]{1,3}`;

type Rule = readonly [pattern: RegExp, replacement: string, needed?: string | Sign];

/**
 * Applied in this order. Every quantifier is bounded, or cannot match the same characters in two ways. The third element
 * is in every text that matches: most texts lack it, so most patterns need not even be compiled.
 */
const RULES: readonly Rule[] = [
  // pluto quotes a secret that it cannot parse (secrets.c): `PSK data malformed (REASON): lantern`.
  [/(\bdata malformed \([^)]{0,256}\): ).*$/s, `$1${WITHHELD}`, ' malformed ('],
  [/(secrets" line \d{1,9}: (?:WARNING: )?(?:unrecognized key format|ignored unrecognized keyword): ).*$/s, `$1${WITHHELD}`, 'secrets" line '],
  // Dumps: charon's `  16: AB CD ...` with a text column, pluto's `|   ab cd ...`.
  [/((?:^|[\]>:]) {0,8}\d{1,6}: )(?:[0-9A-F]{2}(?: [0-9A-F]{2}){0,15}|\[withheld\])(?: .*)?$/s, `$1${WITHHELD}`],
  [/^(\| {1,4})[0-9a-f]{2}(?: {1,2}[0-9a-f]{2}){3}.*$/s, `$1${WITHHELD}`, '| '],
  [/^(\| {2,4})[0-9a-f]{2}(?: {1,2}[0-9a-f]{2}){0,2}\s*$/, `$1${WITHHELD}`, '|  '],
  // racoon's dumps consist of lines with digits only.
  [/((?:^|DEBUG2?: ?|#012) {0,8})[0-9a-f]{4,8}(?: [0-9a-f]{2,8}){0,64}(?: |#012){0,8}$/, `$1${WITHHELD}`],
  // tcpdump's `0x0010:  5ece 7b1a ...` (-x, -X), and complete payloads (-vvv): `(ke: key len=32 5ece...)`.
  [/(\b0x[0-9a-f]{4,8}: {1,4})[0-9A-Fa-f]{2,4}(?: [0-9A-Fa-f]{2,4}){1,16}(?: .*)?$/s, `$1${WITHHELD}`, '0x'],
  [/(\blen=\d{1,6} )[0-9A-Fa-f]{8,}/g, `$1${WITHHELD}`, 'len='],
  // Byte sequences: `61:62:63:...` (but not a six-byte MAC address, nor a firewall's `IN=eth0 OUT= MAC=...`, the link's
  // whole header) and `61 62 63 ...`.
  [new RegExp(String.raw`(?<![0-9A-Fa-f:]|\bOUT=\S{0,15} (?:PHYS[A-Z]{2,3}=\S{0,15} ){0,2}MAC=|${KEY_ID}(?=(?:[0-9A-Fa-f]{2}:){19}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:])))[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){7,}`, 'g'), WITHHELD, LONG_HEX],
  [/(?<![0-9A-Fa-f] ?)[0-9A-Fa-f]{2}(?: {1,2}[0-9A-Fa-f]{2}){7,}(?![0-9A-Fa-f])/g, WITHHELD, LONG_HEX],
  // Contiguous keys, and the four-byte groups of `setkey -D`.
  [/\b0x[0-9A-Fa-f]{16,}/g, `0x${WITHHELD}`, '0x'],
  [new RegExp(String.raw`(?<![0-9A-Za-z])[0-9A-Fa-f]{32,}(?![0-9A-Za-z])(?<!${KEY_ID}[0-9A-Fa-f]{40})`, 'g'), WITHHELD, LONG_HEX],
  [/( -[EA] [\w-]{1,24} )"[^"]*"?/g, `$1${WITHHELD}`, ' -'],
  [/\b([EA]: [\w-]{1,24} {1,4})[0-9A-Fa-f]{8}(?: {1,2}[0-9A-Fa-f]{1,8})*/g, `$1${WITHHELD}`, ': '],
  [/(?<![0-9A-Za-z_])[0-9A-Fa-f]{8}(?: {1,2}[0-9A-Fa-f]{8}){2,}(?![0-9A-Za-z_])/g, WITHHELD, LONG_HEX],
  // `enc cbc(aes) KEY`, `auth-trunc hmac(sha1) KEY 96`, `aead rfc4106(gcm(aes)) KEY 128` of `ip xfrm state`.
  [/\b((?:enc|auth|auth-trunc|aead|comp) ["']?[a-z0-9_-]{1,32}\([a-z0-9_()-]{1,48}\)["']? )(?:(?:0x)?[0-9A-Fa-f]{2,}|"[^"]*"?|'[^']*'?)/g, `$1${WITHHELD}`, '('],
  [/\b((?:enc|auth|auth-trunc|aead) ["']?[a-z0-9_-]{1,32}["']? 0x)[0-9A-Fa-f]{8,}/g, `$1${WITHHELD}`, '0x'],
  // PEM, base64 keys, pre-shared keys in `0s` notation.
  [/(-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----).*$/s, `$1${WITHHELD}`, '-----BEGIN '],
  [/(?<![A-Za-z0-9+/])0s[A-Za-z0-9+/]{12,}={0,2}/g, WITHHELD, '0s'],
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{60,}={0,2}/g, WITHHELD, LONG_BASE64],
  // Entries of ipsec.secrets (not what pluto says of an SA: `#4: XAUTH FAILED ...`), the checksum of one in `ipsec
  // barf`, and parser errors that may quote one.
  [new RegExp(String.raw`(:${GAP}PIN${BLANKS}%[^\s"]{1,64}${BLANKS})${VALUE}`, 'gi'), `$1${WITHHELD}`, WORD],
  [new RegExp(String.raw`((?<!#\d{1,10}):${GAP}(?:PSK|EAP|XAUTH|NTLM|PIN|PPK|PPKS${BLANKS}(?:"[^"]{1,256}"|[^\s"]{1,256})(?=${BLANKS}\S)|PPKS)${BLANKS})(?!data malformed|[Aa]uthentication |identity '|%|(?:pskey|RSASIG) (?:client|server)\s*$)${VALUE}`, 'gi'), `$1${WITHHELD}`, WORD],
  [new RegExp(String.raw`(:${GAP}(?:RSA|ECDSA|PKCS8|P12|BLISS|PRIV)${BLANKS}[^\s"]{1,256}${BLANKS})"[^"]*"?`, 'gi'), `$1${WITHHELD}`, WORD],
  [new RegExp(String.raw`(:${GAP}(?:RSA|ECDSA|PKCS8|P12|BLISS|PRIV)${BLANKS}[^\s"]{1,256}\.(?:pem|der|key|p12|pfx)${BLANKS})(?!%prompt)\S+`, 'gi'), `$1${WITHHELD}`, WORD],
  // The PIN file of an NSS database.
  [/(NSS (?:FIPS 140-2 )?Certificate DB:).+$/s, `$1${WITHHELD}`, 'NSS '],
  [/\[sums to [0-9a-f.]{1,64}\]/g, `[sums to ${WITHHELD}]`, '[sums to '],
  [/(line \d{1,9}: index )"[^"]*"?/g, `$1${WITHHELD}`, ': index "'],
  // racoon's psk.txt: an address and its secret. Two addresses are the head of an SA (`setkey -D`).
  [new RegExp(String.raw`(${START}\s{0,8}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7})[ \t]{1,40})(?![0-9a-fA-F.:/[\]]{2,60}\s*$)\S{1,256}\s*$`), `$1${WITHHELD}`],
  // A keyword and its value; if a setting fills the line, everything after the sign.
  [new RegExp(String.raw`(${START}${GAP}[\w-]{0,24}${KEYWORD}${GAP}=${GAP})${NO_SECRET}\S.*$`, 'is'), `$1${WITHHELD}`, WORD],
  [new RegExp(String.raw`(${KEYWORD}${SIGN})${NO_SECRET}${OF_CONNECTION}${VALUE}`, 'gi'), `$1${WITHHELD}`, WORD],
  [new RegExp(String.raw`(${NAME}${BLANKS}(?=["']|\\{1,31}"))${VALUE}`, 'gi'), `$1${WITHHELD}`, WORD],
  [new RegExp(String.raw`(${START}\s{0,8}(?:Xauth password|IPSec (?:obfuscated )?secret) ).*$`, 's'), `$1${WITHHELD}`, WORD],
  // Router commands, and user names with a password in a URL.
  [/(\bset (?:vpn|security|system|interfaces) [^"']{0,200}? (?:pre-shared-(?:secret|key)|secret|password) (?:ascii-text |hexadecimal )?)\S+/g, `$1${WITHHELD}`, 'set '],
  [/(\bset psksecret (?:ENC )?)\S+/g, `$1${WITHHELD}`, 'set psksecret '],
  [new RegExp(String.raw`(${START}\s{0,8}(?:[\w.-]{1,64} ){0,4}pre-?shared-key (?:(?:ascii-text|hexadecimal|local|remote|address \S{1,64}(?: \S{1,64})? key|hostname \S{1,64} key|key|[0678]) )?)(?:"[^"]*"?|'[^']*'?|[^\s:;,]+)\s*$`), `$1${WITHHELD}`, 'shared-key '],
  // Elements of XML, such as the configuration of pfSense and OPNsense.
  [new RegExp(String.raw`(<(?:[\w:-]{0,24}[_:-])?(?:ipsec)?(?:${NAME}|psk)(?:[_-][\w-]{1,24})?>(?:<!\[CDATA\[)?)(?!\[withheld\])[^<\]]{1,512}`, 'gi'), `$1${WITHHELD}`, '</'],
  [/(\bisakmp key (?:[06] )?)\S+/g, `$1${WITHHELD}`, 'isakmp key '],
  [/(\b[a-z]{2,10}:\/\/[^\s/:@]{1,64}:)[^\s/@]{1,128}@/gi, `$1${WITHHELD}@`, '://'],
  [new RegExp(String.raw`(--(?:xauthpass|password|secret)[ =]{1,4})${VALUE}`, 'g'), `$1${WITHHELD}`, '--'],
  [/(loaded shared PIN for '[^']{0,256}': ).*$/s, `$1${WITHHELD}`, 'loaded shared PIN '],
  [/\b((?:X_USER_PASS|XAUTH_USER_PASSWORD|User-Password|PLUTO_(?:XAUTH_)?(?:PW|PPK))[^=:]{0,8}[=:] ?).*$/is, `$1${WITHHELD}`, WORD],
  [/(received RADIUS [A-Za-z0-9-]{1,48}: ).*$/s, `$1${WITHHELD}`, 'received RADIUS '],
  // Derived keys on one line: SKEYID, SK_ei, KEYMAT, shared secrets, private key components.
  [/\b((?:SKEYID(?:_[adeo])?|SK_[a-z]{1,2}|KEYMAT(?: computed)?|keymat|enckey|authkey|shared[ -]secret|DH secret|PRK|OKM|MSK|Private ?Exponent|Prime[12]|Exponent[12]|Coefficient)(?: ?[:=]{1,2} ?| (?:=> )?))(?:0x)?[0-9A-Fa-f]{2}(?:[ :]?[0-9A-Fa-f]{2})*(?![0-9A-Za-z])/gi, `$1${WITHHELD}`, WORD],
];
