/** What most texts lack, and without which there is no key material of some notations in a text. */
export interface KeySigns {
  /** Sixteen hexadecimal digits, perhaps in groups with one or two blanks or colons between them. */
  readonly longHex: boolean;
  /** Sixty base64 characters. */
  readonly longBase64: boolean;
  /** Part of a word that precedes a key or a secret. */
  readonly word: boolean;
}

const WORD = /secret|pass|shared|psk|pin|ppk|pwd|_pw|api|eap|xauth|ntlm|rsa|ecdsa|pkcs8|p12|bliss|priv|skeyid|sk_|keymat|enckey|authkey|prk|okm|msk|exponent|prime|coefficient/i;

const LONG_HEX = 16;
const LONG_BASE64 = 60;
const WIDEST_GAP = 2;
const [OTHER, GAP, BASE64, HEX] = [0, 1, 2, 3];
const CLASSES = new Uint8Array(128).map((_, code) => classOf(String.fromCharCode(code)));

function classOf(character: string): number {
  if (/[0-9A-Fa-f]/.test(character)) return HEX;
  if (/[A-Za-z0-9+/]/.test(character)) return BASE64;
  return /[ :]/.test(character) ? GAP : OTHER;
}

/** Finds the signs in a text in one pass, which is much faster than one pattern after the other. */
export function keySignsIn(text: string): KeySigns {
  let [hex, gap, base64] = [0, 0, 0];
  let [longHex, longBase64] = [false, false];
  for (let at = 0; at < text.length; at += 1) {
    const found = CLASSES[text.charCodeAt(at)] ?? OTHER;
    base64 = found >= BASE64 ? base64 + 1 : 0;
    gap = found === GAP ? gap + 1 : 0;
    if (found === HEX) hex += 1;
    else if (found !== GAP || gap > WIDEST_GAP) hex = 0;
    longHex ||= hex >= LONG_HEX;
    longBase64 ||= base64 >= LONG_BASE64;
  }
  return { longHex, longBase64, word: WORD.test(text) };
}
