import { expect, test } from 'vitest';
import { compileSignatures } from '../../src/signatures/matcher.js';
import { matcherOf, read, signature } from './support.js';
const checksOf = (...templates) => compileSignatures([signature('a', ...templates)]).problems.map(({ check }) => check);
test.each([
    ['unknown-field', 'found for {peer.adress}'],
    ['template-syntax', 'found for {peer.address'],
    ['template-syntax', 'found for {?} it'],
    ['template-syntax', 'one{?a}{?b}{?c}{?d}'],
    ['capture-swallows-literal', 'after {ike.number}000 ms'],
    ['capture-swallows-literal', 'SPI {spi.in}ff'],
    ['adjacent-text', 'from {peer.id}{local.id}'],
    ['adjacent-text', 'from {peer.id}{? and }{local.id}'],
    ['adjacent-text', 'from {_}{peer.address}'],
    ['too-little-literal', '{peer.id} - {local.id}'],
    ['repeated-field', 'from {peer.address} to {peer.address}'],
])('%s: %s', (check, template) => {
    expect(checksOf(template)).toEqual([check]);
});
test.each(['us:{?client} {ts.local}', 'parsed {exchange.name} {message.kind} {message.id} [ {message.payloads} ]', '{peer.address}:{peer.port} gone'])('no problem: %s', (template) => expect(checksOf(template)).toEqual([]));
test('two templates that claim the same messages: the error names both files, and the first one works', () => {
    const { matcher, problems } = compileSignatures([signature('one', 'reached {ike.number} of{?f} {detail}'), signature('two', 'reached {local.port} of {error.text}')], (file, template) => (file === 'two.json' && template.startsWith('reached') ? 7 : null));
    expect(problems).toMatchObject([{ level: 'error', check: 'same-path', where: { file: 'two.json', line: 7 } }]);
    expect(problems[0]?.message).toContain('one.json');
    expect(read(matcher, 'reached 1 of x')?.name).toBe('one');
});
test('events and set fields that do not exist, and values of the wrong type', () => {
    const { problems } = compileSignatures([
        { ...signature('a', 'some words'), event: 'auth.nonsense' },
        { ...signature('b', 'other words'), set: { 'no.field': 'x', 'ike.number': '1' } },
    ]);
    expect(problems.map(({ check }) => check)).toEqual(['unknown-event', 'unknown-field', 'field-type']);
});
test('a template with a problem does not keep the others from working', () => {
    expect(read(matcherOf('{peer.id}', 'peer not responding'), 'peer not responding')?.name).toBe('b');
});
