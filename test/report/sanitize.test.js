import { describe, expect, it } from 'vitest';
import { sanitize } from '../../src/report/sanitize.js';
describe('sanitize', () => {
    it('shows what a terminal would obey or hide', () => {
        expect(sanitize('\x1b]8;;http://x\x07 red\x1b[31m')).toBe('\\x1b]8;;http://x\\x07 red\\x1b[31m');
        expect(sanitize('a\0b\x7f\x9bc\r\n\td')).toBe('a\\x00b\\x7f\\x9bc\\x0d\\x0a d');
        expect(sanitize('user\u202Egnp\u200b\u2066\ufeff')).toBe('user\\u{202e}gnp\\u{200b}\\u{2066}\\u{feff}');
        expect(sanitize('half \ud800 pair')).toBe('half \\u{d800} pair');
    });
    it('keeps letters of every language, and what it has made visible', () => {
        expect(sanitize('Zürich 東京 😀 \ufffd')).toBe('Zürich 東京 😀 \ufffd');
        expect(sanitize(sanitize('\x1b'))).toBe('\\x1b');
    });
    it('ends long text in an ellipsis', () => {
        expect(sanitize('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
    });
});
