import { expect, it } from 'vitest';

import { analyzeLines } from '../../src/pipeline.js';

/**
 * charon-systemd's journal names no SA: under an established one, only the peer's request shows that another Child SA
 * is to be created.
 */
it('makes a story of its own of a Child SA that the peer asks for under an IKE SA that is up, and this side refuses', async () => {
  const lines = [
    '192.0.2.10 is initiating an IKE_SA',
    'parsed IKE_AUTH request 1 [ IDi IDr AUTH SA TSi TSr ]',
    'IKE_SA west-east[1] established between 198.51.100.20[east.example.com]...192.0.2.10[west.example.com]',
    'CHILD_SA west-east{1} established with SPIs c856bfeb_i a6d9b4bf_o and TS 203.0.113.64/26 === 203.0.113.0/26',
    'generating IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ]',
    'parsed CREATE_CHILD_SA request 2 [ SA No KE TSi TSr ]',
    'received proposals: ESP:AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ',
    'configured proposals: ESP:AES_CBC_256/HMAC_SHA2_256_128/MODP_3072/NO_EXT_SEQ',
    'no acceptable proposal found',
    'failed to establish CHILD_SA, keeping IKE_SA',
    'generating CREATE_CHILD_SA response 2 [ N(NO_PROP) ]',
  ].map((message) => `Nov 22 13:22:25 east charon-systemd[31]: ${message}`);
  const { connections } = await analyzeLines(lines, { rules: [], now: 0 });
  const children = connections.flatMap(({ attempts }) => attempts).filter(({ subject }) => subject === 'child');
  expect(children.map(({ outcome, firstFailure }) => [outcome, firstFailure?.event.message.text ?? null])).toEqual([['established', null], ['failed', 'no acceptable proposal found']]);
});
