import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { analyze } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';

const START = Date.UTC(2026, 10, 20, 10);
const directory = mkdtempSync(join(tmpdir(), 'up-in-vain-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** charon's lines for a tunnel that the peer brings up this many seconds after the first. */
function up(seconds: number, number: number, more: readonly string[] = []): string[] {
  const stamp = new Date(START + seconds * 1_000).toISOString();
  return [
    `05[IKE] <${number}> 192.0.2.10 is initiating an IKE_SA`,
    `06[IKE] <net|${number}> IKE_SA net[${number}] established between 198.51.100.20[east.example.com]...192.0.2.10[west.example.com]`,
    `06[IKE] <net|${number}> CHILD_SA net{${number}} established with SPIs b7359388_i ee46e5d3_o and TS 203.0.113.64/26 === 203.0.113.0/26`,
    ...more,
  ].map((line) => `${stamp} gw charon: ${line}`);
}

async function stateAfter(lines: readonly string[]): Promise<string> {
  const path = join(directory, 'gw.log');
  writeFileSync(path, `${lines.join('\n')}\n`);
  const { connections } = buildReport(await analyze([path], { rules: [], now: START, live: false }));
  return connections.map(({ state, attempts, problem }) => `${state} ${problem === null ? '' : attempts[problem.attempt]?.firstFailure?.event}`.trim()).join();
}

const deleted = (number: number): string => `07[IKE] <net|${number}> received DELETE for IKE_SA net[${number}]`;
const used = (number: number): string => `07[ENC] <net|${number}> parsed INFORMATIONAL request 2 [ ]`;

describe('a peer that brings up one tunnel after the other', () => {
  it('and that pluto deletes at its wish, which it does not log', async () => {
    const reauthenticated = [1, 3, 5, 7].flatMap((number) => {
      const stamp = new Date(START + 3_000 * number).toISOString();
      return [
        `"net" #${number}: sent IKE_SA_INIT reply {cipher=AES_CBC_256 integ=HMAC_SHA2_256_128 prf=HMAC_SHA2_256 group=MODP2048}`,
        `"net" #${number}: responder established IKE SA; authenticated peer using authby=secret and ID_FQDN '@west.example.com'`,
        ...(number === 7 ? [] : [`"net" #${number}: deleting state (STATE_V2_ESTABLISHED_IKE_SA) aged 6.396984s and NOT sending notification`]),
      ].map((line) => `${stamp} gw pluto[9]: ${line}`);
    });
    expect(await stateAfter(reauthenticated)).toBe('up');
  });

  it.each([
    ['twice', [...up(0, 1), ...up(5, 2)], 'up'],
    ['three times, soon after one another', [...up(0, 1), ...up(5, 2), ...up(15, 3)], 'failing observed.ike_unused'],
    ['three times, with time between them', [...up(0, 1), ...up(100, 2), ...up(200, 3)], 'up'],
    ['five times, with time between them', [0, 1, 2, 3, 4].flatMap((time) => up(100 * time, time + 1)), 'failing observed.ike_unused'],
    ['and deletes the one before each time, as in a reauthentication', [...up(0, 1), ...up(5, 2, [deleted(1)]), ...up(15, 3, [deleted(2)])], 'up'],
    ['and asks whether this side is alive meanwhile', [...up(0, 1), ...up(5, 2, [used(2)]), ...up(15, 3)], 'up'],
    ['and then stays with one', [...up(0, 1), ...up(5, 2), ...up(15, 3), `${new Date(START + 500_000).toISOString()} gw charon: 08[IKE] <net|3> sending keep alive to 192.0.2.10[4500]`], 'up'],
    ['and then uses one', [...up(0, 1), ...up(5, 2), ...up(15, 3, [used(3)])], 'up'],
  ])('%s', async (_, lines, state) => {
    expect(await stateAfter(lines)).toBe(state);
  });
});
