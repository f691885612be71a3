import { expect, test } from 'vitest';
import { certValidity } from '../../src/diagnosis/cert-validity.js';
import { differingGroups, proposalDifference } from '../../src/diagnosis/proposal-difference.js';

test.each([
  ['IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048', 'IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_4096', 'key exchange group'],
  ['IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048', 'IKE:AES_CBC_128/HMAC_SHA2_512_256/PRF_HMAC_SHA2_512/MODP_2048', 'encryption, integrity, PRF'],
  ['IKE:AES_CBC_128/3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024', 'IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048/CURVE_25519', 'key exchange group'],
  ['ESP:AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ', 'ESP:AES_CBC_256/HMAC_SHA2_256_128/NO_EXT_SEQ', 'key exchange group'],
  ['ESP:AES_CBC_256/HMAC_SHA1_96/NO_EXT_SEQ, ESP:AES_GCM_16_256/EXT_SEQ', 'ESP:AES_GCM_16_256/NO_EXT_SEQ', 'extended sequence numbers'],
  ['IKE:AES_CBC_256/MODP_2048', 'IKE:AES_CBC_256/MODP_2048', undefined],
  ['IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048', 'IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_3072, IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HM', undefined],
  ['1:IKE:ENCR=AES_CBC_256', 'IKE:AES_CBC_256', undefined],
  ['ENCR=AES_CBC_256;INTEG=HMAC_SHA2_256_128;PRF=HMAC_SHA2_256;DH=MODP2048[first-match]', 'IKE=AES_CBC_128-HMAC_SHA2_512-HMAC_SHA2_512_256-MODP2048', 'encryption, integrity, PRF'],
  ['ENCR=3DES;INTEG=HMAC_SHA1_96;PRF=HMAC_SHA1;DH=MODP1024 2:IKE:ENCR=AES_CBC_256;INTEG=HMAC_SHA1_96;PRF=HMAC_SHA1;DH=MODP1024', 'IKE=AES_CBC_256-HMAC_SHA2_256+HMAC_SHA1-HMAC_SHA2_256_128+HMAC_SHA1_96-MODP2048+DH19', 'key exchange group'],
  ['ENCR=AES_GCM_C_256;INTEG=NONE;ESN=DISABLED', 'ESP=AES_GCM_16_256-NONE-MODP2048-DISABLED', undefined],
  ['ENCR=AES_CBC_128;INTEG=HMAC_SHA1_96;ESN=DISABLED', '1:ESP:ENCR=AES_CBC_256;INTEG=HMAC_SHA1_96;ESN=DISABLED', 'encryption'],
  ['', '', undefined],
])('%s against %s differs in %s', (received, configured, expected) => {
  expect(proposalDifference(received, configured)).toBe(expected);
});

test('the first Child SA of IKEv2 is offered without groups, which alone make no difference beside others', () => {
  const offer = 'ESP:AES_CBC_256/HMAC_SHA2_256_128/EXT_SEQ/NO_EXT_SEQ';
  const own = 'ESP:AES_CBC_128/HMAC_SHA2_512_256/MODP_2048/NO_EXT_SEQ';
  expect(proposalDifference(offer, own, true)).toBe('encryption, integrity');
  expect(proposalDifference(offer, own)).toBe('encryption, integrity, key exchange group');
});

test('the groups of both ends are told unless they have one in common', () => {
  const offer = 'IKE:AES_CBC_256/PRF_HMAC_SHA1/MODP_2048, IKE:AES_CBC_128/PRF_HMAC_SHA1/MODP_1024';
  expect(differingGroups(offer, 'IKE:AES_CBC_256/PRF_HMAC_SHA1/CURVE_25519/MODP_4096')).toEqual({ 'dh.offered': 'MODP_2048, MODP_1024', 'dh.configured': 'CURVE_25519, MODP_4096' });
  expect(differingGroups(offer, 'IKE:AES_CBC_256/PRF_HMAC_SHA1/MODP_4096, IKE:3DES_CBC/PRF_HMAC_SHA1/MODP_1024')).toEqual({});
});

test('a hostile list of proposals costs little', () => {
  const list = Array.from({ length: 5000 }, (_, index) => `IKE:${'A'.repeat(40)}${index}/MODP_2048`).join(', ');
  const started = performance.now();
  expect(proposalDifference(list, list.replaceAll('A', 'B'))).toBe('encryption');
  expect(performance.now() - started).toBeLessThan(1000);
});

test.each([
  ['Jan 01 00:00:00 2020', 'Jan 01 00:00:00 2021', '2026-11-21T12:00:00Z', 'expired'],
  ['Jan 01 00:00:00 2040', 'Jan 01 00:00:00 2041', '2026-11-21T12:00:00Z', 'not-yet-valid'],
  ['Jan 01 00:00:00 UTC 2024', 'Jan 01 00:00:00 UTC 2034', '1970-01-01T00:01:00Z', 'clock-behind'],
  ['Jan 01 00:00:00 2020', 'Jan 01 00:00:00 2030', '2026-11-21T12:00:00Z', 'valid'],
  ['soon', 'later', '2026-11-21T12:00:00Z', undefined],
  [undefined, 'Jan 01 00:00:00 2030', '2026-11-21T12:00:00Z', undefined],
])('valid from %s to %s is, at %s, %s', (from, until, now, expected) => {
  expect(certValidity(from, until, { time: Date.parse(now), inferred: [] })).toBe(expected);
  expect(certValidity(from, until, { time: null, inferred: [] })).toBeUndefined();
});

test.each([
  [['zone'], '2026-11-21T12:00:00Z', 'valid'],
  [['zone'], '2026-11-20T12:00:00Z', 'perhaps-valid'],
  [['year', 'zone'], '2026-11-21T12:00:00Z', 'perhaps-valid'],
] as const)('a stamp whose %j was guessed, %s, shows a certificate that is %s', (inferred, now, expected) => {
  expect(certValidity('Nov 20 06:00:00 2026', 'Jan 01 00:00:00 2030', { time: Date.parse(now), inferred })).toBe(expected);
});
