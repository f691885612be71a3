import { expect, test } from 'vitest';
import { compileSignatures } from '../../src/signatures/matcher.js';
import { matcherOf, message, read, signature } from './support.js';

test('captures are typed by their fields', () => {
  const matcher = matcherOf('sending packet: from {local.address}[{local.port}] to {peer.address}[{peer.port}] ({message.size} bytes)');
  expect(read(matcher, ' sending packet: from 192.0.2.1[500] to 2001:db8::7[4500] (464 bytes) ')?.fields).toEqual({
    'local.address': '192.0.2.1', 'local.port': 500, 'peer.address': '2001:db8::7', 'peer.port': 4500, 'message.size': 464,
  });
});

test('`set` adds what the wording implies', () => {
  const { matcher } = compileSignatures([{ ...signature('a', "no shared key for '{peer.id}'"), set: { 'auth.method': 'psk' } }]);
  expect(read(matcher, "no shared key for 'gw'")?.fields).toEqual({ 'peer.id': 'gw', 'auth.method': 'psk' });
});

test('a template claims whole messages only', () => {
  const matcher = matcherOf('no private key found');
  expect(read(matcher, 'no private key found')?.name).toBe('a');
  expect(read(matcher, "no private key found for 'gw'")).toBeNull();
  expect(read(matcher, 'no private key')).toBeNull();
});

test('several blanks are as good as one, which pages make of them, and the reverse', () => {
  const matcher = matcherOf('no answer.  {detail}', 'the peer is up again');
  expect(read(matcher, 'no answer. Giving up')).toEqual({ name: 'a', fields: { detail: 'Giving up' } });
  expect(read(matcher, 'no answer.  Giving up')?.fields).toEqual({ detail: 'Giving up' });
  expect(read(matcher, 'the peer  is   up again')?.name).toBe('b');
});

test('the full stop at the end is often left out by who quotes a message, or added', () => {
  const matcher = matcherOf('exchange {detail} not allowed in any applicable rmconf.', 'no suitable proposal found');
  expect(read(matcher, 'exchange Aggressive not allowed in any applicable rmconf')).toEqual({ name: 'a', fields: { detail: 'Aggressive' } });
  expect(read(matcher, 'no suitable proposal found.')?.name).toBe('b');
});

test('newer releases say of which library an error is', () => {
  expect(read(matcherOf('Handshake failed: {detail}'), 'NSS: Handshake failed: SEC_ERROR_UNKNOWN_ISSUER')).toEqual({ name: 'a', fields: { detail: 'SEC_ERROR_UNKNOWN_ISSUER' } });
});

test('optional literals, skips and braces', () => {
  const matcher = matcherOf('tried {auth.keys_tried} shared key{?s} for {_}, {{failed}');
  expect(read(matcher, "tried 1 shared key for 'a' - 'b', {failed}")?.fields).toEqual({ 'auth.keys_tried': 1 });
  expect(read(matcher, "tried 2 shared keys for 'a' - 'b', {failed}")?.fields).toEqual({ 'auth.keys_tried': 2 });
});

test('a skip at the end may stand for nothing; an empty capture is no field', () => {
  const matcher = matcherOf('deleting state{_}', "configured for '{peer.id}' here");
  expect(read(matcher, 'deleting state')?.name).toBe('a');
  expect(read(matcher, 'deleting state (STATE_MAIN_I1)')?.name).toBe('a');
  expect(read(matcher, "configured for '' here")).toEqual({ name: 'b', fields: {} });
});

test('the more a capture demands, the earlier it is tried, whatever the order of files', () => {
  const templates = ['for {detail}', 'for {peer.address}', 'for {ike.number}', 'for {state.name}', 'for nothing', 'for {wait.seconds}', 'for {spi.in}'];
  const names = ['b', 'e', 'c', 'f', 'g', 'd', 'a'];
  const texts = ['192.0.2.1', 'nothing', '12', '1.5', '0xc0ffee', 'STATE_MAIN_I1', 'any other text'];
  const matcher = matcherOf(...templates);
  const reversed = matcherOf(...[...templates].reverse());
  expect(texts.map((text) => read(matcher, `for ${text}`)?.name)).toEqual(names);
  expect(texts.map((text) => read(reversed, `for ${text}`)?.name)).toEqual(names.map((name) => String.fromCharCode(0x61 + 0x67 - name.charCodeAt(0))));
});

test('an alternative that leads nowhere is taken back', () => {
  const matcher = matcherOf('received {exchange.name} request', 'received IKE_AUTH response', 'received {detail} error notify');
  expect(read(matcher, 'received IKE_AUTH request')).toEqual({ name: 'a', fields: { 'exchange.name': 'IKE_AUTH' } });
  expect(read(matcher, 'received IKE_AUTH request error notify')).toEqual({ name: 'c', fields: { detail: 'IKE_AUTH request' } });
});

test('identities may contain the text that follows them', () => {
  const matcher = matcherOf("no shared key found for '{local.id}' - '{peer.id}'", "no shared key found for '{local.id}' - '{peer.id}', but tried");
  expect(read(matcher, "no shared key found for 'O=John's - x' - 'C=CH, CN='gw''")?.fields).toEqual({ 'local.id': "O=John's - x", 'peer.id': "C=CH, CN='gw'" });
  expect(read(matcher, "no shared key found for 'a' - 'b', but tried")).toEqual({ name: 'b', fields: { 'local.id': 'a', 'peer.id': 'b' } });
});

test('a token ends at the text behind it, and holds no blank', () => {
  const matcher = matcherOf('{state.name}: retransmission', 'lifetime {wait.seconds}s');
  expect(read(matcher, 'STATE_MAIN_I1: retransmission')?.fields).toEqual({ 'state.name': 'STATE_MAIN_I1' });
  expect(read(matcher, 'STATE MAIN: retransmission')).toBeNull();
});

test('messages of another daemon, empty ones and ones of other alphabets are no problem', () => {
  const matcher = matcherOf('übergeben {detail}', 'zone');
  expect(read(matcher, 'übergeben → 日本')?.fields).toEqual({ detail: '→ 日本' });
  expect(read(matcher, '')).toBeNull();
  expect(read(matcher, '\u{1f4a5}')).toBeNull();
  expect(matcher.match({ ...message('zone'), daemon: 'pluto' })).toBeNull();
});

test('hostile text stays cheap: many places where a literal may be, in templates with many captures', () => {
  const ends = Array.from({ length: 20 }, (_, index) => `end ${index}`);
  const matcher = matcherOf(...ends.map((end) => `{local.id}' {peer.id}' {expected.id}' {detail}' {user.name}' {error.text}' ${end}`));
  const text = "' ".repeat(8000);
  const started = performance.now();
  for (let round = 0; round < 20; round += 1) expect(read(matcher, text)).toBeNull();
  expect(performance.now() - started).toBeLessThan(1000);
});

test('explains how far a text is understood, and by which templates', () => {
  const matcher = matcherOf("no shared key found for '{local.id}' - '{peer.id}'", 'no shared key', 'peer not responding');
  const { match, matched, nearest } = matcher.explain('charon', "no shared key found for 'a' + 'b'");
  expect(match).toBeNull();
  expect(matched).toBe("no shared key found for '".length);
  expect(nearest.map(({ signature, matched: upTo }) => [signature, upTo])).toEqual([['charon/a#ike.state', 25], ['charon/b#ike.state', 13]]);
  expect(matcher.explain('charon', 'peer not responding').match?.template).toBe('peer not responding');
});
