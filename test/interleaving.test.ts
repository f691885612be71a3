import { describe, expect, it } from 'vitest';

import { candidates, interleave, peerAddress, readTunnel, stamped, tell, tunnelName, type Form, type Told } from './interleaving.js';
import { Random } from './bench/random.js';

/** Negotiations per log, and logs per form. */
const TUNNELS = 6;
const LOGS = 5;
/** Seconds within which all of them start. */
const BEGIN_WITHIN = 4;

/** The results of each tunnel's log alone, and of the combined log. */
async function stress(form: Form, seed: number): Promise<{ alone: ReadonlyMap<string, Told>; together: ReadonlyMap<string, Told> }> {
  const random = new Random(seed);
  const known = candidates(form);
  const alone = new Map<string, Told>();
  const tunnels = [];
  while (tunnels.length < TUNNELS) {
    const index = tunnels.length + 1;
    const lines = readTunnel(known.splice(random.between(0, known.length - 1), 1)[0]!, form, index);
    const told = await tell(lines?.map(stamped) ?? []);
    if (lines === null || [...told.keys()].some((name) => name !== tunnelName(index) && name !== peerAddress(index))) continue;
    for (const [name, what] of told) alone.set(name, what);
    const later = random.between(0, BEGIN_WITHIN - 1);
    tunnels.push(lines.map((line) => ({ ...line, at: line.at + later })));
  }
  return { alone, together: await tell(interleave(tunnels, form, (count) => random.between(0, count - 1))) };
}

describe(`${TUNNELS} negotiations whose lines mix`, () => {
  it.each((['tagged', 'pluto'] as const).flatMap((form) => Array.from({ length: LOGS }, (_, seed) => [form, seed] as const)))('%s, log %i: each is told as if it were alone', async (form, seed) => {
    const { alone, together } = await stress(form, seed);
    expect(Object.fromEntries(together)).toEqual(Object.fromEntries(alone));
  });

  it('by lines that name no SA: most are told as if they were alone, and what is told otherwise is not certain', async () => {
    const wrong: string[] = [];
    let different = 0;
    for (let seed = 0; seed < LOGS; seed++) {
      const { alone, together } = await stress('untagged', seed);
      for (const [name, told] of alone) {
        const mixed = together.get(name);
        if (mixed?.firstFailure === told.firstFailure && mixed.state === told.state) continue;
        different++;
        if (mixed?.confidence === 'certain' && mixed.cause !== told.cause) wrong.push(`log ${seed}, ${name}: ${mixed.cause} instead of ${told.cause}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(different).toBeLessThanOrEqual((LOGS * TUNNELS) / 5);
  });

  it('what the sending thread says while several wait for answers makes no cause more than possible', async () => {
    const peers = [1, 2, 3];
    const together = await tell([
      ...peers.flatMap((index) => [
        `Nov 21 10:00:01 gw charon-systemd[1]: initiating IKE_SA ${tunnelName(index)}[${index}] to ${peerAddress(index)}`,
        `Nov 21 10:00:01 gw charon-systemd[1]: generating IKE_SA_INIT request 0 [ SA KE No ]`,
        `Nov 21 10:00:01 gw charon-systemd[1]: sending packet: from 203.0.113.1[500] to ${peerAddress(index)}[500] (464 bytes)`,
      ]),
      'Nov 21 10:00:01 gw charon-systemd[1]: error writing to socket: Operation not permitted',
    ]);
    expect([...together.values()].filter(({ cause }) => cause === 'network/local-firewall')).toEqual([expect.objectContaining({ confidence: 'possible' })]);
  });
});
