import { expect, test } from 'vitest';

import { analyzeLines } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';
import { CAPTURED } from '../samples.js';

/** The output of `ipsec up` on a terminal has neither times nor a pid, and between the two, pluto was restarted. */
const LINES = [
  '"one" #1: initiating IKEv2 connection to 198.51.100.7 using UDP',
  '"one" #1: initiator established IKE SA; authenticated peer using authby=secret and FQDN \'@branch\'',
  '"one" #2: initiator established Child SA using #1; IPsec tunnel [192.0.2.0/28===198.51.100.0/28] {ESP=>0x01020304 <0x05060708 xfrm=AES_GCM_16_256 DPD=passive}',
  '"two" #1: initiating IKEv2 connection to 198.51.100.7 using UDP',
  '"two" #1: sent IKE_SA_INIT request to 198.51.100.7:UDP/500',
  '"two" #1: IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED',
  '"two" #1: encountered fatal error in state IKE_AUTH_I',
  '"two" #2: connection is supposed to remain up; revival attempt 1 scheduled in 0 seconds',
  '"two" #1: deleting IKE SA (sent IKE_AUTH request)',
];

test('a number of pluto that starts again is that of another SA', async () => {
  const { connections } = buildReport(await analyzeLines(LINES, { rules: [], now: CAPTURED }));
  expect(connections.map(({ name, state, attempts }) => [name, state, attempts.find(({ firstFailure }) => firstFailure !== null)?.firstFailure?.line])).toEqual([['one', 'down', undefined], ['two', 'failing', 6]]);
});
