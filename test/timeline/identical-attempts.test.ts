import { expect, it } from 'vitest';

import { analyzeLines } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';

/** An attempt of charon that the peer rejects. */
const rejected = (number: number, id: string, method: string, payloads: string): string[] => [
  `initiating IKE_SA net[${number}] to 198.51.100.7`,
  'generating IKE_SA_INIT request 0 [ SA KE No N(USE_PPK) ]',
  'parsed IKE_SA_INIT response 0 [ SA KE No N(USE_PPK) ]',
  `authentication of '${id}' (myself) with ${method}`,
  `generating IKE_AUTH request 1 [ ${payloads} ]`,
  'parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]',
  'received AUTHENTICATION_FAILED notify error',
].map((text) => `<net|${number}> ${text}`);

const FIRST = rejected(1, 'gw.example.com', 'pre-shared key', 'IDi AUTH SA TSi TSr');

/** Attempts that end alike: are they told as one? */
const ROWS: Readonly<Record<string, readonly [second: readonly string[], told: readonly number[]]>> = {
  'the same again': [rejected(2, 'gw.example.com', 'pre-shared key', 'IDi AUTH SA TSi TSr'), [2]],
  'another identity': [rejected(2, 'west.example.com', 'pre-shared key', 'IDi AUTH SA TSi TSr'), [1, 1]],
  'a certificate instead of a key': [rejected(2, 'gw.example.com', 'RSA signature', 'IDi AUTH SA TSi TSr'), [1, 1]],
  'with a post-quantum key': [rejected(2, 'gw.example.com', 'pre-shared key', 'IDi AUTH SA TSi TSr N(PPK_ID)'), [1, 1]],
};

it.each(Object.entries(ROWS))('%s', async (_, [second, told]) => {
  const log = [...FIRST, ...second].map((text, index) => `Nov  1 00:00:${String(index).padStart(2, '0')} gw charon: 10[IKE] ${text}`);
  const { connections: [connection] } = buildReport(await analyzeLines(log, { rules: [], now: 0 }));
  expect(connection?.attempts.map(({ repeats }) => repeats)).toEqual(told);
});
