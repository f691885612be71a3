/**
 * JSON or code with characters beyond ASCII escaped, which occur in its strings (and patterns) only: with them, V8 needs
 * twice the memory for the text and longer to read it, and an offset in the text would not be one in the file.
 */
export function inAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
