import { describe, expect, it } from 'vitest';
import { loadCauses } from '../../src/catalog/load.js';
import { BUILT_IN_RULES } from '../../src/package-files.js';
import { redact } from '../../src/report/redact.js';

/** The same secret as text, as bytes separated by blanks or colons, and contiguous. */
const SECRET = /Tr0ub4dor|54 72 30 75|54:72:30:75|5472307562346430|54723075/i;

const LEAKS = [
  '07[IKE] <gw|3>    0: 54 72 30 75 62 34 64 6F 72 26 33                 Tr0ub4dor&3',
  '  16: 54 72 30 75                                      Tr0u',
  '|   54 72 30 75  62 34 64 6f  72 26 33',
  '| 54 72 30 75',
  'secret: 54:72:30:75:62:34',
  '{"message":"PSK \\"Tr0ub4dor\\" x"}',
  '{"log":"{\\"log\\":\\"192.0.2.1 : PSK \\\\\\"a\\\\\\\\\\\\\\"Tr0ub4dor\\\\\\" x"}',
  'no pools found\\nPSK "Tr0ub4dor"',
  '{"log":"09[IKE] x\\\\n   0: 54 72 30 75 62 34 64 6F 72 26 33                 Tr0ub4dor&3"}',
  'loaded shared PIN for \'token\': Tr0ub4dor',
  '192.0.2.1 198.51.100.7 : PSK "Tr0ub4dor and more"',
  'alice : XAUTH Tr0ub4dor',
  ': RSA gw.pem "Tr0ub4dor"',
  "password='Tr0ub4dor'",
  'secret "Tr0ub4dor',
  'line 7: index "Tr0ub4dor" illegal',
  '"/etc/ipsec.secrets" line 1: PSK data malformed (input does not begin with format prefix): Tr0ub4dor',
  '"/etc/ipsec.secrets" line 2: unrecognized key format: Tr0ub4dor',
  'XAUTH: checking user(alice:gw) pass $1$x vs Tr0ub4dor vs more',
  'whack --xauthname alice --xauthpass Tr0ub4dor',
  '\tenc cbc(aes) 0x54723075623464306f72263354723075',
  '\tenc cbc(aes) 0x54723075',
  '\tauth-trunc hmac(sha1) 0x5472307562346430 96',
  '\taead rfc4106(gcm(aes)) 0x5472307562346430 128',
  'E: aes-cbc  54723075 62346430 6f722633 54723075',
  'SK_ei 54723075623464306f722633',
  'SKEYID_d => 54 72 30 75 62 34 64 30',
  'KEYMAT computed: 5472307562346430',
  'ckaid 54723075623464306f722633547230756234643054723075',
  'keyid 54:72:30:75:62:34:64:30:6f:72:26:33:54:72:30:75:62:34:64:30:54:72',
  'key 54723075623464306f72263354723075623464306f722633',
  '-----BEGIN RSA PRIVATE KEY----- Tr0ub4dorTr0ub4dor',
  'received RADIUS Class: Tr0ub4dor',
  'PSK: 0sTr0ub4dorTr0ub4dor==',
  'Preshared Key: Tr0ub4dor',
  ': PSK "[sums to 54723075...]"',
  '@west @east :\tPSK\t"Tr0ub4dor"',
  '@west @east :#011PSK#011"Tr0ub4dor"',
  ': P12 gw.p12 Tr0ub4dor',
  ': PIN %smartcard1:50 "Tr0ub4dor"',
  'secret      = "a \\" b Tr0ub4dor"',
  'secret-1 = several words, and Tr0ub4dor',
  '{"user":"alice","secret": "Tr0ub4dor"}',
  '"office-psk": Tr0ub4dor and more',
  '"office-psk": "added Tr0ub4dor"',
  '{\\"secret\\":\\"Tr0ub4dor\\"}',
  'alice Cleartext-Password := "Tr0ub4dor"',
  'NSS FIPS 140-2 Certificate DB:Tr0ub4dor',
  'Xauth password Tr0ub4dor',
  'Xauth password \u2028Tr0ub4dor',
  'loaded shared PIN for \'token\': a\rTr0ub4dor',
  'secret = several words,\u2029 and Tr0ub4dor',
  'set vpn ipsec site-to-site peer 198.51.100.7 authentication pre-shared-secret Tr0ub4dor',
  'set psksecret ENC Tr0ub4dor',
  'crypto isakmp key Tr0ub4dor address 198.51.100.7',
  'https://alice:Tr0ub4dor@ca.example.com/scep',
  'add 192.0.2.1 198.51.100.7 esp 0x1000 -E aes-cbc "Tr0ub4dor";',
  'DEBUG2: #01254723075 6234',
  "05[CFG] <gw|3> secret = several words, and Tr0ub4dor",
  '05[CFG] 198.51.100.7\tTr0ub4dor',
  '@west @east : PPKS "ppk-1" "Tr0ub4dor"',
  "option pre_shared_key 'Tr0ub4dor'",
  '"x_ipsec_pre_shared_key": "Tr0ub4dor"',
  'PreSharedKey=Tr0ub4dor',
  'tunnel-group 198.51.100.7 ipsec-attributes pre-shared-key Tr0ub4dor',
  'pre-shared-key address 198.51.100.7 key Tr0ub4dor',
  '<pre-shared-key><![CDATA[Tr0ub4dor]]></pre-shared-key>',
  '<ipsecpsk>Tr0ub4dor</ipsecpsk>',
  `ip xfrm state add proto esp spi 1 enc 'cbc(aes)' 0x54723075`,
  'ip xfrm state add proto esp spi 1 auth "hmac(sha1)" "Tr0ub4dor"',
  '\tenc aes 0x5472307562346430',
  "executing: PLUTO_VERB='up-client' PLUTO_XAUTH_PW='Tr0ub4dor' ipsec _updown",
];

const HARMLESS = [
  'rejected authmethod: DB(prop#1:trns#1):Peer(prop#1:trns#1) = pre-shared key:RSA signatures',
  'rejected authmethod: DB(prop#1:trns#1):Peer(prop#1:trns#1) = RSA signatures:pre-shared key',
  'rejected authmethod: DB(prop#1:trns#1):Peer(prop#1:trns#1) = pre-shared key:XAuth pskey client',
  'connection has ppk=insist but peer does not support PPK',
  '"office-psk": added IKEv2 connection',
  '"office" #1: PSK Authentication failed: AUTH mismatch!',
  '"xauth-psk": initiating delete of connection\'s IKE SA #1 (and Child SA #2)',
  '000 "l2tp-psk": 192.0.2.1...%any; unrouted; my_ip=unset; their_ip=unset;',
  '000 "l2tp-psk":   ike_life: 28800s; ipsec_life: 28800s;',
  "while loading 'office-secret': bad argument value in conn 'office-secret'",
  'IKE SA gw[3] SPIs: 1f2e3d4c5b6a7988_i 0011223344556677_r*, rekeying in 3 hours',
  'CHILD_SA net{1} established with SPIs c1a2b3d4_i cafebabe_o and TS 10.0.0.0/24 === 10.1.0.0/24',
  'ESP=>0x9f8e7d6c <0x1a2b3c4d xfrm=AES_CBC_256-HMAC_SHA2_256_128 NATD=none DPD=passive',
  'initiating IKE_SA gw[1] to 2001:db8:0:11:22:33:44:55',
  'fe80::28ae:cff:fef0:be95 appeared on eth0',
  "no shared key found for 'a.example.com' - 'b.example.com'",
  "Can't authenticate: no preshared key found for `@a.example.com' and `b.example.com'.  Attribute OAKLEY_AUTHENTICATION_METHOD",
  'probable authentication failure (mismatch of preshared secrets?): malformed payload in packet',
  'authentication of \'west.example.com\' (myself) with pre-shared key',
  'loading secrets from "/etc/ipsec.secrets"',
  'PSK length of 6 bytes',
  "received PPK_ID 'ppk-1', but require 'ppk-2'",
  "uninstalling shunt PASS 'policy lan' failed",
  'invalid host in key psk2: dns.invalid',
  'unable to set PRF secret to salt',
  'tcpdump -ni any \'host 198.51.100.7 and (udp port 500 or udp port 4500)\'',
  'using 02:42:ac:11:00:02 as hardware address',
  '05[KNL] 198.51.100.7 disappeared from eth0',
  'authentication of east with pre-shared key, pre-shared-key authentication failed',
  "private key matching CKAID '0123456789abcdef0123456789abcdef01234567' not found: can't find the private key matching the NSS CKAID",
  'received cert request for unknown ca with keyid 01:23:45:67:89:ab:cd:ef:01:23:45:67:89:ab:cd:ef:01:23:45:67',
  'DROP IN=eth0 OUT= MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 SRC=192.0.2.10 DST=198.51.100.20 PROTO=UDP SPT=500 DPT=500',
  'IN=br0 OUT=br0 PHYSIN=eth0 PHYSOUT=eth1 MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 SRC=192.0.2.10 PROTO=ESP SPI=0xc1a2b3d4',
  'selected proposal: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
  'generating IKE_AUTH request 1 [ IDi N(INIT_CONTACT) IDr AUTH SA TSi TSr N(MOBIKE_SUP) N(NO_ADD_ADDR) N(EAP_ONLY) ]',
];

describe('redact', () => {
  it.each(LEAKS)('withholds the secret in %j', (text) => {
    const result = redact(text);
    expect(result).toContain('[withheld]');
    expect(result).not.toMatch(SECRET);
  });

  it.each(HARMLESS)('leaves %j as it is', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('gives the same again when it is applied twice', () => {
    for (const text of LEAKS) {
      expect(redact(redact(text))).toBe(redact(text));
    }
  });

  it('takes linear time on lines made to be slow', () => {
    const hostile = ['a', 'ab ', 'AA ', '00:', ' pass ', '0x', ': PSK "', 'secret', 'SK_a ab', '-----BEGIN ', 'E: a ', '\'"', 'keymat ', ': RSA x ', '| ab ', 'secret="\\', 'set vpn ', '#011', 'a://b:', 'secret=""'];
    const started = performance.now();
    for (const piece of hostile) {
      redact(piece.repeat(Math.ceil(100_000 / piece.length)));
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('what causes say', () => {
  const texts = (value: unknown): string[] => (typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []);

  it('does not look like a secret', () => {
    const said = loadCauses(BUILT_IN_RULES).flatMap(({ title, explanation, when, remedies, askPeer }) => texts({ title, explanation, when, remedies, askPeer }));
    expect(said.length).toBeGreaterThan(500);
    expect(said.filter((text) => redact(text) !== text)).toEqual([]);
  });
});
