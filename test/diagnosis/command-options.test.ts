import { expect, test } from 'vitest';
import { CHECKLIST } from '../../src/checklist/items/index.js';
import { ownRemedies, textsOf } from './own-remedies.js';

/** What swanctl has in strongSwan 5.9.1, 5.9.8, 6.0.1 and 6.1 alike, as `swanctl --load-creds --help` and the like print it. */
const SWANCTL: Readonly<Record<string, readonly string[]>> = {
  '--initiate': ['--child', '--ike'], '--terminate': ['--child', '--ike', '--force'], '--rekey': ['--child', '--ike'],
  '--list-algs': [], '--list-certs': ['--subject', '--type', '--flag'], '--list-conns': [], '--list-pols': ['--child', '--trap'],
  '--list-pools': ['--leases'], '--list-sas': ['--ike', '--ike-id'], '--log': [], '--stats': [],
  '--load-all': ['--clear', '--noprompt'], '--load-conns': [], '--load-creds': ['--clear', '--noprompt'],
};

/** What Libreswan 4.3, 4.10 and 5.2 alike do: `auto` of 4 lists some options that it refuses, such as --fetchcrls. */
const PLUTO: Readonly<Record<string, readonly string[]>> = {
  auto: ['--add', '--replace', '--up', '--down', '--route', '--status', '--rereadsecrets', '--listall', '--listcacerts', '--listcerts', '--listcrls', '--listpubkeys'],
  whack: ['--listen', '--fetchcrls', '--shuntstatus', '--addresspoolstatus', '--trafficstatus', '--globalstatus', '--listevents'],
  addconn: ['--config', '--checkconfig'], algparse: ['-v'], checknss: [], import: [], pluto: ['--selftest', '--help'], setup: [], restart: [], start: [], trafficstatus: [],
  newhostkey: ['--output'], showhostkey: ['--list', '--left', '--ipseckey'],
  // Of older releases, for what only they log
  eroute: [], tncfg: [], klipsdebug: ['--all', '--none', '--set'], verify: [], 'showhostkey (FreeS/WAN)': ['--key', '--txt'],
};

const texts = [...ownRemedies.flatMap(({ command = '', do: advice }) => [command, ...(advice.match(/`[^`]+`/g) ?? []).map((code) => code.slice(1, -1))]), ...textsOf(CHECKLIST)];

test('swanctl has every command and option of the advice', () => {
  const used = texts.flatMap((text) => [...text.matchAll(/\bswanctl (--[a-z-]+)((?: --[a-z-]+(?: [^ ;|&-][^ ;|&]*)?)*)/g)]);
  expect(used.length).toBeGreaterThan(50);
  const unknown = used.filter(([, command = '', rest = '']) => SWANCTL[command] === undefined || (rest.match(/--[a-z-]+/g) ?? []).some((option) => !SWANCTL[command]!.includes(option)));
  expect(unknown.map(([text]) => text)).toEqual([]);
});

test('ipsec has every command and option of the advice for pluto', () => {
  const used = ownRemedies.filter((remedy) => remedy.for === 'pluto').flatMap(({ command = '' }) => [...command.matchAll(/\bipsec ([a-z]+)((?: --?[a-z-]+)*)/g)]);
  expect(used.length).toBeGreaterThan(50);
  const unknown = used.filter(([, command = '', rest = '']) => {
    const known = command === 'showhostkey' ? [...PLUTO[command]!, ...PLUTO['showhostkey (FreeS/WAN)']!] : PLUTO[command];
    return known === undefined || (rest.match(/--?[a-z]+/g) ?? []).some((option) => !known.includes(option));
  });
  expect(unknown.map(([text]) => text)).toEqual([]);
});
