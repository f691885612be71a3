import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { analyze } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';
import { CAPTURED } from '../samples.js';

const directory = mkdtempSync(join(tmpdir(), 'unnamed-pluto-lines-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function connectionsOf(...messages: readonly string[]): Promise<Report['connections']> {
  const path = join(directory, 'pluto.log');
  writeFileSync(path, messages.map((message, index) => `Nov  1 00:00:0${index} gw pluto[4711]: ${message}\n`).join(''));
  const { connections } = buildReport(await analyze([path], { rules: [], now: CAPTURED, live: false }));
  return connections;
}

describe('a name that does not resolve when connections are loaded', () => {
  const unresolved = "failed to convert 'branch.example.com' at load time: does not look numeric and name lookup failed";
  const up = (name: string) => [
    `"${name}" #1: initiating Main Mode`,
    `"${name}" #1: STATE_MAIN_I4: ISAKMP SA established {auth=OAKLEY_RSA_SIG cipher=aes_128 prf=oakley_sha group=modp1536}`,
    `"${name}" #2: initiating Quick Mode RSASIG+ENCRYPT+TUNNEL+PFS+UP {using isakmp#1}`,
    `"${name}" #2: STATE_QUICK_I2: sent QI2, IPsec SA established tunnel mode`,
  ];

  it("is the only connection's, and forgotten when that is up", async () => {
    expect((await connectionsOf(unresolved, ...up('net'))).map(({ name, state }) => [name, state])).toEqual([['net', 'up']]);
  });

  it('may be that of either of two connections, and stays', async () => {
    const others = ['"other" #3: initiating Main Mode'];
    expect((await connectionsOf(unresolved, ...up('net'), ...others)).map(({ name, state }) => [name, state])).toContainEqual([null, 'failing']);
  });
});

describe('an ICMP error that names no connection', () => {
  const refused = 'ERROR: asynchronous network error report on eth0 (sport=500) for message to 198.51.100.7 port 500, complainant 198.51.100.7: No route to host [errno 113, origin ICMP type 3 code 1 (not authenticated)]';

  it('belongs to the negotiation under way with an unknown peer', async () => {
    const connections = await connectionsOf('"net" #1: initiating v2 parent SA', refused);
    expect(connections.map(({ name, attempts }) => [name, attempts.map(({ findings }) => findings[0]?.cause)])).toEqual([['net', ['network/unreachable']]]);
  });
});
