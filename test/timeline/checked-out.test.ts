import { expect, test } from 'vitest';

import { analyzeLines } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';
import { CAPTURED } from '../samples.js';

const LINES = [
  '00:00:01 gw charon: 15[MGR] IKE_SA rw[3] successfully checked out',
  '00:00:01 gw charon: 15[IKE] sending DPD request',
  '00:00:01 gw charon: 15[ENC] generating INFORMATIONAL request 0 [ ]',
  '00:00:01 gw charon: 15[NET] sending packet: from 192.0.2.1[4500] to 198.51.100.7[4500] (80 bytes)',
  '00:00:01 gw charon: 15[MGR] checkin IKE_SA rw[3]',
  '00:00:05 gw charon: 16[MGR] IKE_SA rw[3] successfully checked out',
  '00:00:05 gw charon: 16[IKE] retransmit 1 of request with message ID 0',
  '00:00:05 gw charon: 16[MGR] checkin IKE_SA rw[3]',
  '00:00:12 gw charon: 04[MGR] IKE_SA rw[3] successfully checked out',
  '00:00:12 gw charon: 04[IKE] retransmit 2 of request with message ID 0',
  '00:00:12 gw charon: 04[MGR] checkin IKE_SA rw[3]',
  '00:00:13 gw charon: 13[MGR] IKE_SA rw[4] successfully checked out',
  '00:00:13 gw charon: 13[NET] received packet: from 198.51.100.7[4500] to 192.0.2.1[4500] (80 bytes)',
  '00:00:13 gw charon: 13[ENC] parsed INFORMATIONAL request 3 [ D ]',
  '00:00:13 gw charon: 13[IKE] received DELETE for IKE_SA rw[4]',
].map((line) => `Nov  1 ${line}`);

test('of two SAs with one peer, a line is about the one that its thread has checked out', async () => {
  const { connections } = buildReport(await analyzeLines(LINES, { rules: [], now: CAPTURED }));
  expect(connections.map(({ name, attempts }) => [name, attempts.map(({ outcome, firstFailure }) => [outcome, firstFailure?.line])])).toEqual([['rw', [['stalled', 7], ['closed', undefined]]]]);
});
