import { isDigit } from '../../model/digits.js';

/** The two-digit number at `at`, or -1. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** The four-digit number at `at`, or -1. */
export function fourDigits(text: string, at: number): number {
  const high = twoDigits(text, at);
  const low = twoDigits(text, at + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

/** The decimal fraction of a second at `at` (after the point) in milliseconds; finer digits are dropped. */
export function fraction(text: string, at: number): number {
  let milliseconds = 0;
  for (let weight = 100, offset = at; weight >= 1 && isDigit(text.charCodeAt(offset)); weight /= 10, offset++) {
    milliseconds += (text.charCodeAt(offset) - 0x30) * weight;
  }
  return Math.floor(milliseconds);
}

/** The offset after the digits at `at`. */
export function skipDigits(text: string, at: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}
