import { expect, test } from 'vitest';
import { OPERATORS } from '../../src/model/cause.js';
import { OPERATOR_FUNCTIONS } from '../../src/diagnosis/operators.js';
test('a missing fact makes every operator false, except exists: false', () => {
    for (const name of OPERATORS) {
        for (const value of ['psk', '', 0, false, [], ['psk']]) {
            const said = OPERATOR_FUNCTIONS[name](undefined, value);
            expect(said, `${name} ${JSON.stringify(value)}`).toBe(name === 'exists' && value === false);
        }
    }
});
test.each([
    ['equal', 'psk', 'psk', true], ['equal', 4500, '4500', false], ['equal', true, 'true', false],
    ['notEqual', 'rsa', 'psk', true], ['notEqual', 4500, '4500', false],
    ['in', 'psk', ['psk', 'rsa'], true], ['in', 'ps', 'psk', false], ['in', 4, ['4'], false],
    ['notIn', 'eap', ['psk', 'rsa'], true], ['notIn', 'psk', ['psk', 'rsa'], false], ['notIn', 'eap', 'psk', false],
    ['contains', ['cert.used', 'cert.sent'], 'cert.used', true], ['contains', ['cert.used'], 'cert', false],
    ['contains', 'Permission denied', 'denied', true], ['contains', 13, '1', false],
    ['lacks', ['cert.used'], 'cert.sent', true], ['lacks', 'Permission denied', 'denied', false], ['lacks', 13, '2', false],
    ['atLeast', 3, 3, true], ['atLeast', '10', 9, false], ['atMost', 2, 3, true], ['atMost', '2', 3, false],
    ['exists', 'x', true, true], ['exists', 'x', false, false],
])('%s: fact %j against %j is %j', (name, fact, value, expected) => {
    expect(OPERATOR_FUNCTIONS[name](fact, value)).toBe(expected);
});
