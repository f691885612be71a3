import { expect, test } from 'vitest';
import { forDevice } from '../../src/diagnosis/device-commands.js';
import { analyzeLines } from '../../src/pipeline.js';
import { ownRemedies } from './own-remedies.js';

const advice = ownRemedies.filter((remedy) => remedy.for === 'any').map(({ do: action, command = null }) => ({ side: 'here' as const, for: 'any' as const, do: action, command }));

test('no command for RouterOS is one of Linux, and devices without a command line get none', () => {
  const translated = forDevice('routeros', advice).flatMap(({ command }) => command ?? []);
  expect(translated.length).toBeGreaterThan(20);
  expect(translated.filter((command) => !/^\/[a-z]/.test(command))).toEqual([]);
  expect(forDevice('sealed', advice).filter(({ command }) => command !== null)).toEqual([]);
  expect(forDevice('racoon', advice)).toEqual(advice);
});

test.each([
  ["tcpdump -ni any 'host <peer address> and (udp port 500 or udp port 4500)'", '/tool sniffer quick ip-address=<peer address>'],
  ["ping -c 3 '<peer address>'", '/ping <peer address> count=3'],
  ['ping -M do -s 1372 -c 3 198.51.100.7', '/ping 198.51.100.7 size=1400 do-not-fragment count=3'],
])('on RouterOS, %s is %s', (command, own) => {
  expect(forDevice('routeros', [{ side: 'between', for: 'any', do: 'Check.', command }])).toEqual([{ side: 'between', for: 'any', do: 'Check.', command: own }]);
});

test.each([
  ['ipsec,error no suitable proposal found.', '/ip ipsec profile print detail'],
  ['ipsec,error phase1 negotiation failed due to time up 192.0.2.1[500]<=>198.51.100.7[500] 3eeb6dab699ed262:0000000000000000', '/tool sniffer quick ip-address=198.51.100.7'],
])('the log of RouterOS, %s, has its own commands', async (line, own) => {
  const { connections, findingsOf } = await analyzeLines([`12:01:01 ${line}`], { rules: [], now: 0 });
  const commands = connections.flatMap(({ attempts }) => attempts.flatMap(findingsOf)).flatMap(({ remedies }) => remedies.filter(({ side }) => side === 'here').flatMap(({ command }) => command ?? []));
  expect(commands).toContain(own);
  expect(commands.filter((command) => !command.startsWith('/'))).toEqual([]);
});
