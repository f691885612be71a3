import { describe, expect, it } from 'vitest';

import { placed, read, scratch } from './support.js';

const write = scratch();

const ruler = (name: string): string => `+ _________________________ ${name}`;

/** Output of `ipsec barf` from Libreswan 4, shortened. */
const BARF = [
  'west.example.com',
  'Fri Nov 20 10:05:00 UTC 2026',
  ruler('version'), '+ ipsec --version', 'Linux Libreswan 4.10 (XFRM) on 6.1.0',
  ruler('ip-xfrm-state'), '+ ip xfrm state',
  ruler('ipsec/status'), '+ ipsec whack --status', '000 Total IPsec connections: loaded 1, active 0', '000  ',
  ruler('ps'), 'root 1 pluto --config /etc/ipsec.conf',
  ruler('ipsec/secrets'), '+ ipsec _secretcensor', ': PSK "[sums to 1234...]"',
  ruler('klog'), '+ dmesg', '[ 1.0] unrelated', '[ 2.0] IPsec XFRM device driver',
  ruler('plog'), '+ journalctl -u ipsec.service --no-pager',
  'Nov 20 10:00:00 west pluto[99]: Starting Pluto', 'Nov 20 10:00:01 west sshd[7]: unrelated', 'Nov 20 10:00:02 west pluto[99]: "a" #1: initiating',
  ruler('date'), '+ date', 'Fri Nov 20 10:05:01 UTC 2026',
];

describe('an ipsec barf', () => {
  it('is split: logs are read as logs, outputs are passed on, with the numbers of the lines in the file', async () => {
    const path = write('barf.txt', `${BARF.join('\n')}\n`);
    const result = await read(path);
    const at = (text: string): string => `${path}:${BARF.indexOf(text) + 1} ${text}`;
    expect(placed(result)).toEqual([...BARF.slice(BARF.indexOf('+ dmesg'), BARF.indexOf('[ 2.0] IPsec XFRM device driver') + 1), ...BARF.slice(BARF.indexOf('+ journalctl -u ipsec.service --no-pager'), BARF.indexOf(ruler('date')))].map(at));
    expect(result.sections.map(({ name }) => name)).toEqual(['preamble', 'version', 'ip-xfrm-state', 'ipsec/status', 'ps', 'date']);
    const status = result.sections.find(({ name }) => name === 'ipsec/status');
    expect(status).toEqual({
      source: path,
      name: 'ipsec/status',
      lines: [8, 9, 10, 11].map((number) => ({ source: path, number, text: BARF[number - 1] })),
      omitted: 0,
    });
    expect(result.scanned).toBe(BARF.length);
  });

  it('may have a log of any length, and sections over several blocks', async () => {
    const log = Array.from({ length: 60_000 }, (_, index) => `Nov 20 10:00:00 west ${index % 1000 === 7 ? 'pluto[99]' : 'sshd[1]'}: line ${index}`);
    const routes = Array.from({ length: 25_000 }, (_, index) => `192.0.2.${index % 256} dev eth0 metric ${index}`);
    const lines = ['west', ruler('ip-route'), ...routes, ruler('plog'), ...log, ruler('date'), 'Fri'];
    const result = await read(write('long.txt', `${lines.join('\n')}\n`));
    expect(result.lines.map(({ number, text }) => [number, text])).toEqual(log.map((text, index) => [routes.length + 4 + index, text]));
    expect(result.sections.map(({ name, lines: { length }, omitted }) => [name, length, omitted])).toEqual([['preamble', 1, 0], ['ip-route', 20_000, 5001], ['date', 2, 0]]);
  });
});
