import { describe, expect, it } from 'vitest';

import { createSnapshotReader } from '../../src/snapshots/index.js';
import { joinTunnels } from '../../src/tunnels/index.js';

const WEST = '192.0.2.1';
const EAST = '198.51.100.7';

/** What the lines of one file show about each tunnel: its endpoints, and the kinds of its problems. */
function told(...lines: string[]): string[] {
  const reader = createSnapshotReader();
  for (const [index, text] of lines.entries()) reader.take({ source: 'capture.txt', number: index + 1, text });
  return joinTunnels([], reader.finish()).tunnels.map(({ localAddress, peerAddress, problems }) => `${localAddress} ${peerAddress}: ${problems.map(({ event }) => event.kind).join(' ')}`);
}

describe('captures', () => {
  it('tell whose they are by the direction, else by who began', () => {
    expect(told(`10:00:01.000001 eth0  In  IP ${EAST}.500 > ${WEST}.500: isakmp: phase 1 I ident`)).toEqual([`${WEST} ${EAST}: observed.ike_not_answered`]);
    expect(told(`10:00:01.000001 IP ${EAST}.500 > ${WEST}.500: isakmp: phase 1 I ident`)).toEqual([`${EAST} ${WEST}: observed.ike_unanswered`]);
  });

  it('of a router on the way make neither end its own', () => {
    const passing = ['In ', 'Out'].map((way) => `10:00:01.000001 eth${way === 'Out' ? 1 : 0}  ${way} IP ${EAST}.500 > ${WEST}.500: isakmp: phase 1 I ident`);
    expect(told(...passing)).toEqual([`${EAST} ${WEST}: observed.ike_unanswered`]);
  });

  it('are joined by the SPI where NAT has changed the addresses', () => {
    const sa = (from: string, to: string, spi: string): string[] => [`src ${from} dst ${to}`, `\tproto esp spi ${spi} reqid 1 mode tunnel`, '\treplay-window 32 flag af-unspec', '\tauth-trunc hmac(sha256) 0x00 128', '\tenc cbc(aes) 0x00'];
    const policy = (from: string, to: string, way: string, ends: string): string[] => [`src ${from} dst ${to}`, `\tdir ${way} priority 375423`, `\ttmpl ${ends}`, '\t\tproto esp reqid 1 mode tunnel'];
    const [near, far] = ['203.0.113.0/26', '203.0.113.64/26'];
    const policies = [...policy(near, far, 'out', `src 10.0.0.5 dst ${EAST}`), ...policy(far, near, 'in', `src ${EAST} dst 10.0.0.5`), ...policy(far, near, 'fwd', `src ${EAST} dst 10.0.0.5`)];
    const capture = [`10:00:01.000001 IP ${WEST}.4500 > 203.0.113.9.4500: UDP-encap: ESP(spi=0x0c1d2e3f,seq=0x1), length 132`];
    expect(told(...sa('10.0.0.5', EAST, '0x0c1d2e3f'), ...sa(EAST, '10.0.0.5', '0x0a0b0c0d'), '', ...policies, '', ...capture).join()).toContain('observed.esp_unanswered');
  });

  it('of packets that flow both ways show nothing wrong', () => {
    const flow = [[WEST, EAST, '0x0c1d2e3f'], [EAST, WEST, '0x0a0b0c0d']].map(([from, to, spi]) => `10:00:01.000001 IP ${from} > ${to}: ESP(spi=${spi},seq=0x1), length 132`);
    expect(told(...flow)).toEqual([`${WEST} ${EAST}: `]);
  });

  it('of other traffic are no tunnels', () => {
    expect(told(`10:00:01.000001 IP ${WEST}.33000 > ${EAST}.53: 1+ A? example.com. (29)`, '2 packets captured')).toEqual([]);
  });

  it('of packets of very many strangers take little time', () => {
    const strangers = Array.from({ length: 2_000 }, (_, index) => `10:00:01.000001 IP 10.9.${index >> 8}.${index & 0xff}.500 > ${WEST}.500: isakmp: phase 1 I ident`);
    const started = performance.now();
    expect(told(...strangers)).toHaveLength(strangers.length);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
