import { expect, it } from 'vitest';

import { analyzeLines } from '../../src/pipeline.js';

/** charon fails with the answer that it cannot read, but goes on to repeat the request, and names no SA meanwhile. */
it('assigns the retransmissions of a Mode Config request to the SA whose message ID they have, not to a connection of their own', async () => {
  const lines = [
    '06[ENC] generating ID_PROT request 0 [ ID HASH ]',
    '06[NET] sending packet: from 192.0.2.10[500] to 198.51.100.20[500] (124 bytes)',
    '06[IKE] IKE_SA west-east[1] established between 192.0.2.10[west.example.com]...198.51.100.20[east.example.com]',
    '06[ENC] generating TRANSACTION request 2053234421 [ HASH CPRQ(ADDR DNS) ]',
    '06[NET] sending packet: from 192.0.2.10[500] to 198.51.100.20[500] (92 bytes)',
    '05[NET] received packet: from 198.51.100.20[500] to 192.0.2.10[500] (108 bytes)',
    '05[ENC]   length of CONFIGURATION_ATTRIBUTE_V1 substructure list invalid',
    '05[IKE] message parsing failed',
    '05[ENC] generating INFORMATIONAL_V1 request 2546200535 [ HASH N(PLD_MAL) ]',
    '05[NET] sending packet: from 192.0.2.10[500] to 198.51.100.20[500] (92 bytes)',
    '11[IKE] sending retransmit 1 of request message ID 2053234421, seq 4',
    '11[NET] sending packet: from 192.0.2.10[500] to 198.51.100.20[500] (92 bytes)',
    '10[IKE] sending retransmit 2 of request message ID 2053234421, seq 4',
    '10[NET] sending packet: from 192.0.2.10[500] to 198.51.100.20[500] (92 bytes)',
  ].map((message, index) => `Nov 22 16:22:${20 + index} west charon: ${message}`);
  const { connections } = await analyzeLines(lines, { rules: [], now: 0 });
  expect(connections.map(({ name }) => name)).toEqual(['west-east']);
});
