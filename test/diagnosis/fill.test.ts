import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { fillCommand, fillProse } from '../../src/diagnosis/fill.js';

test('prose takes this tunnel\'s values and reads well without them', () => {
  expect(fillProse("'{peer.id}' at {peer.address}", { 'peer.id': 'sun', 'peer.address': '192.0.2.7' })).toBe("'sun' at 192.0.2.7");
  expect(fillProse('Nothing came back from {peer.address}.', {})).toBe('Nothing came back from the peer.');
  expect(fillProse("{peer.address} rejected '{local.id}'.", {})).toBe('The peer rejected this gateway.');
  expect(fillProse('{failure.expected.id}', {})).toBe('The identity the configuration asks for');
});

test('a segment vanishes when one of its values is missing', () => {
  const template = 'Refused[[ by {icmp.complainant}]][[ for {peer.address} and {peer.port}]].';
  expect(fillProse(template, { 'icmp.complainant': '203.0.113.1', 'peer.address': '192.0.2.7' })).toBe('Refused by 203.0.113.1.');
  expect(fillProse('The daemon died[[: {detail}]].', { detail: 'signal 6' })).toBe('The daemon died: signal 6.');
  expect(fillProse('The daemon died[[: {detail}]].', {})).toBe('The daemon died.');
  expect(fillProse('[[ open', {})).toBe('[[ open');
  expect(fillCommand("grep '^[[:space:]]*remote[[ {peer.address}]]' racoon.conf", {})).toBe("grep '^[[:space:]]*remote' racoon.conf");
});

test('braces that name no fact stay as they are', () => {
  expect(fillCommand("awk '{print}' {peer.address} {nothing}", { 'peer.address': '192.0.2.7' })).toBe("awk '{print}' 192.0.2.7 {nothing}");
});

test('a missing value is named in a command', () => {
  expect(fillCommand("tcpdump 'host {peer.address}'", {})).toBe("tcpdump 'host <peer address>'");
  expect(fillCommand('ping {peer.address}', {})).toBe("ping '<peer address>'");
});

test.each(['plain', "it's", '$(touch x)', '`id`', 'a"b', '; rm -rf /', '\\', "'; id; '"])('the shell sees %s as one word, wherever it stands', (value) => {
  const facts = { 'peer.id': value };
  for (const template of ['printf %s {peer.id}', "printf %s '{peer.id}'", 'printf %s "{peer.id}"']) {
    expect(execFileSync('sh', ['-c', fillCommand(template, facts)], { encoding: 'utf8' }), template).toBe(value);
  }
});

test('what looks like an option, is far too long or controls the terminal does not get through', () => {
  expect(fillCommand('ipsec up {connection.name}', { 'connection.name': '--help' })).toBe("ipsec up '<connection name>'");
  expect(fillCommand('ipsec up {connection.name}', { 'connection.name': 'x'.repeat(5000) })).toBe("ipsec up '<connection name>'");
  expect(fillProse('{peer.id}', { 'peer.id': 'y'.repeat(5000) }).length).toBeLessThan(300);
  expect(fillProse('{peer.id}', { 'peer.id': '\u001b[31mred' })).toBe('?[31mred');
});
