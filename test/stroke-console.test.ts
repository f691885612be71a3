import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { CAPTURED } from './samples.js';

const directory = mkdtempSync(join(tmpdir(), 'stroke-console-'));
afterAll(() => rmSync(directory, { recursive: true }));

const PHASE_1 = [
  'initiating Main Mode IKE_SA office[1] to 198.51.100.7',
  'generating ID_PROT request 0 [ SA V V V V V ]',
  'sending packet: from 192.0.2.1[500] to 198.51.100.7[500] (176 bytes)',
  'received packet: from 198.51.100.7[500] to 192.0.2.1[500] (156 bytes)',
  'parsed ID_PROT response 0 [ SA V V V V ]',
  'generating ID_PROT request 0 [ ID HASH N(INITIAL_CONTACT) ]',
  'parsed ID_PROT response 0 [ ID HASH ]',
  'IKE_SA office[1] established between 192.0.2.1[192.0.2.1]...198.51.100.7[198.51.100.7]',
  'generating QUICK_MODE request 3035167021 [ HASH SA No KE ID ID ]',
];

describe('what `ipsec up` prints', () => {
  it.each([
    ['NO_PROP', 'NO_PROPOSAL_CHOSEN', 'proposal/esp-mismatch'],
    ['INVAL_ID', 'INVALID_ID_INFORMATION', 'child/ts-mismatch'],
  ])('shows the refusal of phase 2 as the problem, not that the command failed: %s', async (short, notify, cause) => {
    const path = join(directory, 'console.log');
    const refused = [`parsed INFORMATIONAL_V1 request 3361583959 [ HASH N(${short}) ]`, `received ${notify} error notify`, "establishing connection 'office' failed"];
    writeFileSync(path, [...PHASE_1, ...refused].map((line) => `${line}\n`).join(''));
    const [connection] = buildReport(await analyze([path], { rules: [], now: CAPTURED, live: false })).connections;
    const shown = connection?.attempts[connection.problem?.attempt ?? -1];
    expect(shown?.firstFailure).toMatchObject({ line: 11 });
    expect(shown?.findings[0]).toMatchObject({ cause });
    expect(connection?.attempts.filter(({ firstFailure }) => firstFailure !== null)).toHaveLength(1);
    expect(JSON.stringify(shown?.findings[0]?.remedies)).not.toContain('swanctl');
  });

  it.each([['as it is', ''], ['quoted as the difference of two outputs', '+']])('does not take the refusal of a second Child SA like one that is up for a failure, %s', async (_case, mark) => {
    const path = join(directory, 'declined.log');
    const up = [
      'establishing CHILD_SA net{2}',
      'generating CREATE_CHILD_SA request 2 [ SA No TSi TSr ]',
      'parsed CREATE_CHILD_SA response 2 [ SA No TSi TSr ]',
      'CHILD_SA net{2} established with SPIs c8ae4b7e_i ce41f2a9_o and TS 203.0.113.0/26 === 203.0.113.64/26',
      "connection 'net' established successfully",
    ];
    const declined = ['not establishing CHILD_SA net{3} due to existing duplicate {2} with SPIs c8ae4b7e_i ce41f2a9_o and TS 203.0.113.0/26 === 203.0.113.64/26', "establishing connection 'net' failed"];
    writeFileSync(path, [...up, ...declined].map((line) => `${mark}${line}\n`).join(''));
    const { connections } = buildReport(await analyze([path], { rules: [], now: CAPTURED, live: false }));
    expect(connections).toMatchObject([{ state: 'up', problem: null }]);
    expect(connections[0]?.attempts).toHaveLength(1);
  });
});
