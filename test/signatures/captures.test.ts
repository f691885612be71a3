import { expect, test } from 'vitest';
import { SCANNERS } from '../../src/signatures/captures.js';
import { scanMasked } from '../../src/signatures/masks.js';

/** What the scanner consumes at the start of a text. */
const taken = (type: keyof typeof SCANNERS, text: string): string | null => {
  const end = SCANNERS[type](text, 0);
  return end < 0 ? null : text.slice(0, end);
};

test.each([
  ['192.0.2.1[500]', '192.0.2.1'],
  ['192.0.2.1...198.51.100.7', '192.0.2.1'],
  ['192.0.2.1.', '192.0.2.1'],
  ['192.0.2.1:500', '192.0.2.1'],
  ['2001:db8::1[4500]', '2001:db8::1'],
  ['2001:db8::1...2001:db8::2', '2001:db8::1'],
  ['2001:db8::1: refused', '2001:db8::1'],
  ['fe80::1%eth0 is up', 'fe80::1%eth0'],
  ['::ffff:192.0.2.1 is up', '::ffff:192.0.2.1'],
  [':: is up', '::'],
  ['%any6...%any', '%any6'],
  ['y.y.y.y[500]', 'y.y.y.y'],
  ['xxx.xxx.xxx.xxx on port', 'xxx.xxx.xxx.xxx'],
  ['X.Y.2.17 using', 'X.Y.2.17'],
  ['192.0.***.***:500', '192.0.***.***'],
  ['__.__.__.__[500] used', '__.__.__.__'],
  ['www.a.b.cd', null],
  ['gw.example.com', null],
  ['192.0.2 is no address', null],
  ['1922.0.2.1', null],
  ['192.0.2.1234', null],
  ['10:02:11', '10:02:11'],
  ['added', null],
  ['%', null],
  ['<ip1>[500] to', '<ip1>'],
  ['<peer address>', '<peer address>'],
  ['<net|1> initiating', null],
  ['<', null],
  ['$vpn_server_ip[500] (532 bytes)', '$vpn_server_ip'],
  ['[my ip][500] to', '[my ip]'],
  ['[4500] (76 bytes)', null],
  ['$', null],
  ['IP2[46558] to', 'IP2'],
  ['SERVER_IP: ', 'SERVER_IP'],
  ['my_phone_ip on port', 'my_phone_ip'],
  ['server.ip.address/32', 'server.ip.address'],
  ['REMOTE_IP...LOCAL_IP, sending', 'REMOTE_IP'],
  ['ip route', null],
  ['no-skip.', null],
  ['ID_IPV4_ADDR: ', null],
  ['IPsec SA', null],
])('address at the beginning of "%s" is %s', (text, expected) => {
  expect(taken('ip', text)).toBe(expected);
});

test.each([
  ['int', '-2 left', '-2'],
  ['int', 'none', null],
  ['port', '500]', '500'],
  ['number', '4.0s', '4.0'],
  ['number', '.5 seconds', '.5'],
  ['number', '30. The end', '30'],
  ['hex', '0xc1a2b3d4_i', '0xc1a2b3d4'],
  ['hex', 'deadbeef ', 'deadbeef'],
  ['hex', 'address', null],
  ['token', 'IKE_AUTH request', 'IKE_AUTH'],
] as const)('%s at the beginning of "%s" is %s', (type, text, expected) => {
  expect(taken(type, text)).toBe(expected);
});

test.each([
  ['ip', 'XXX[500] to', 'XXX'],
  ['ip', 'myserver.example.', 'myserver.example'],
  ['ip', 'remote-ip is initiating', 'remote-ip'],
  ['ip', 'A...B', 'A'],
  ['ip', 'OFFICE-WAN-IP[4500] to', 'OFFICE-WAN-IP'],
  ['ip', 'gw_PUBIP is initiating', 'gw_PUBIP'],
  ['ip', 'redacted', 'redacted'],
  ['ip', 'moon[500] to', 'moon'],
  ['ip', 'moon to', null],
  ['ip', 'every packet', null],
  ['ip', '*[4500] to', '*'],
  ['ip', '█...', '█'],
  ['ip', '20.1.1..3[500] to', '20.1.1..3'],
  ['ip', '20.1.1.x...20.1.2.x', '20.1.1.x'],
  ['port', 'XXX] to', 'XXX'],
  ['port', '<port>] to', '<port>'],
  ['int', 'no', null],
  ['hex', 'xxxxxxxx_i', 'xxxxxxxx'],
  ['hex', 'c1a2XXXX and', 'c1a2XXXX'],
  ['hex', 'excess', null],
  ['token', '', null],
] as const)('%s that is masked at the beginning of "%s" is %s', (type, text, expected) => {
  const end = scanMasked(SCANNERS[type], text, 0);
  expect(end < 0 ? null : text.slice(0, end)).toBe(expected);
});

test.each([
  ['?.?.?.?...x.x.x.x, sending', '?.?.?.?'],
  ['_IP_[500] to', '_IP_'],
  ['@PEER@, sending', '@PEER@'],
  ['2001:db8:xxxx::1[500] to', '2001:db8:xxxx::1'],
  ['xxxx:xxxx::1:500: ', 'xxxx:xxxx::1'],
  ['2001:db8:xxxx::1, sending', '2001:db8:xxxx::1'],
  ['PublicIP(A)[500] to', 'PublicIP(A)'],
  ['STATIC-IP-1...', 'STATIC-IP-1'],
  ['(500 bytes)', null],
])('whatever stands for an address at the beginning of "%s" is %s', (text, expected) => {
  const end = scanMasked(SCANNERS.ip, text, 0, 'any');
  expect(end < 0 ? null : text.slice(0, end)).toBe(expected);
});
