import { expect, it } from 'vitest';

import { findSentence } from '../src/excerpt/bare-sentences.js';
import { loadRules } from '../src/rule-set.js';

it.each([
  ['whole', 'we require PFS but Quick I1 SA specifies no GROUP_DESCRIPTION', 'pluto'],
  ['behind the verb that tells it', 'Sometimes the log says we require PFS but Quick I1 SA specifies no GROUP_DESCRIPTION', 'pluto'],
  ['quoted', 'I looked, and there is "no acceptable Proposal in IPsec SA".', 'pluto'],
  ['of racoon', 'ERROR: phase1 negotiation failed due to send error. <cookie>:0000000000000000', 'racoon'],
  ['of another program', 'xl2tpd[812]: setsockopt recvref[22]: Protocol not available', undefined],
  ['of nobody', 'The page says that the network is up again', undefined],
])('finds a sentence of a daemon: %s', async (_, text, program) => {
  const { matcher } = await loadRules([]);
  expect(findSentence({ source: 'a.txt', number: 1, text }, matcher, { at: 0, isWhole: false })?.message.record.program).toBe(program);
});
