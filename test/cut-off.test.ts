import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { CAPTURED } from './samples.js';

const directory = mkdtempSync(join(tmpdir(), 'cut-off-'));
afterAll(() => rmSync(directory, { recursive: true }));

const START = [
  '05[IKE] <net|1> initiating IKE_SA net[1] to 198.51.100.7',
  '05[ENC] <net|1> generating IKE_SA_INIT request 0 [ SA KE No ]',
];
const AUTHENTICATING = [
  ...START,
  '06[ENC] <net|1> parsed IKE_SA_INIT response 0 [ SA KE No ]',
  '06[IKE] <net|1> establishing CHILD_SA net{1}',
  '06[ENC] <net|1> generating IKE_AUTH request 1 [ IDi AUTH SA TSi TSr ]',
];

async function failuresOf(...lines: readonly string[]) {
  const path = join(directory, 'charon.log');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  const { connections } = buildReport(await analyze([path], { rules: [], now: CAPTURED, live: false }));
  return connections.flatMap(({ attempts }) => attempts.flatMap(({ firstFailure }) => (firstFailure === null ? [] : [[firstFailure.event, firstFailure.line]])));
}

describe('a log that ends with the packet in which the peer refuses', () => {
  it.each([
    [START, 'parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]', 'proposal.no_proposal_received'],
    [AUTHENTICATING, 'parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]', 'auth.rejected_by_peer'],
    [AUTHENTICATING, 'parsed IKE_AUTH response 1 [ IDr AUTH N(TS_UNACCEPT) ]', 'child.ts_rejected_by_peer'],
    [AUTHENTICATING, 'parsed IKE_AUTH response 1 [ IDr AUTH N(MOBIKE_SUP) N(NO_PROP) ]', 'proposal.child_no_proposal_received'],
  ])('fails there: %#', async (before, packet, event) => {
    expect(await failuresOf(...before, `09[ENC] <net|1> ${packet}`)).toEqual([[event, before.length + 1]]);
  });

  it('fails at the line behind, where there is one', async () => {
    expect(await failuresOf(...AUTHENTICATING, '09[ENC] <net|1> parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]', '09[IKE] <net|1> received AUTHENTICATION_FAILED notify error')).toEqual([['auth.rejected_by_peer', 7]]);
  });

  it('does not fail where the same thread goes on as if nothing were', async () => {
    expect(await failuresOf(...AUTHENTICATING, '09[ENC] <net|1> parsed IKE_AUTH response 1 [ IDr AUTH N(TS_UNACCEPT) ]', '09[IKE] <net|1> IKE_SA net[1] established between 192.0.2.1[192.0.2.1]...198.51.100.7[198.51.100.7]', '09[ENC] <net|1> generating INFORMATIONAL request 2 [ ]')).toEqual([]);
  });

  it('fails there where the thread has only read the rest of the packet', async () => {
    expect(await failuresOf(...AUTHENTICATING, '09[ENC] <net|1> parsed IKE_AUTH response 1 [ IDr AUTH N(TS_UNACCEPT) ]', '09[IKE] <net|1> IKE_SA net[1] established between 192.0.2.1[192.0.2.1]...198.51.100.7[198.51.100.7]')).toEqual([['child.ts_rejected_by_peer', AUTHENTICATING.length + 1]]);
  });
});
