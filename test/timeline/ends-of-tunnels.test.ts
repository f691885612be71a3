import { Readable } from 'node:stream';

import { expect, it } from 'vitest';

import { analyze, analyzeLines } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';

/** A tunnel that is up, as each daemon logs it. */
const UP = {
  ikev2: ['<net|1> initiating IKE_SA net[1] to 198.51.100.7', '<net|1> generating IKE_SA_INIT request 0 [ SA KE No ]', '<net|1> parsed IKE_SA_INIT response 0 [ SA KE No ]', '<net|1> generating IKE_AUTH request 1 [ IDi AUTH SA TSi TSr ]', '<net|1> parsed IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ]', '<net|1> IKE_SA net[1] established between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]', '<net|1> CHILD_SA net{1} established with SPIs c1b2c3d4_i c5d6e7f8_o and TS 203.0.113.0/26 === 203.0.113.64/26'],
  ikev1: ['<net|1> initiating Main Mode IKE_SA net[1] to 198.51.100.7', '<net|1> generating ID_PROT request 0 [ SA V V ]', '<net|1> parsed ID_PROT response 0 [ SA V V ]', '<net|1> generating ID_PROT request 0 [ ID HASH ]', '<net|1> parsed ID_PROT response 0 [ ID HASH ]', '<net|1> IKE_SA net[1] established between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]', '<net|1> generating QUICK_MODE request 4025636442 [ HASH SA No KE ID ID ]', '<net|1> parsed QUICK_MODE response 4025636442 [ HASH SA No KE ID ID ]', '<net|1> CHILD_SA net{1} established with SPIs c1b2c3d4_i c5d6e7f8_o and TS 203.0.113.0/26 === 203.0.113.64/26'],
  pluto2: ['"net" #1: initiating IKEv2 connection', '"net" #1: sent IKE_SA_INIT request to 198.51.100.7:500', "\"net\" #1: initiator established IKE SA; authenticated peer using authby=secret and ID_FQDN '@branch.example.com'", '"net" #2: initiator established Child SA using #1; IPsec tunnel [203.0.113.0-203.0.113.63:0-65535 0] -> [203.0.113.64-203.0.113.127:0-65535 0] {ESP/ESN=>0x3df3e7f1 <0x065f5ca7 xfrm=AES_CBC_256-HMAC_SHA2_256_128 DPD=passive}'],
  pluto1: ['"net" #1: initiating IKEv1 Main Mode connection', '"net" #1: IKE SA established {auth=PRESHARED_KEY cipher=AES_CBC_256 integ=HMAC_SHA2_256 group=MODP2048}', '"net" #2: initiating Quick Mode IKEv1+PSK+ENCRYPT+TUNNEL+PFS+UP {using isakmp#1 msgid:130179fa proposal=AES_CBC_256-HMAC_SHA2_256_128 pfsgroup=MODP2048}', '"net" #2: IPsec SA established tunnel mode {ESP=>0x8588c749 <0x5a8a306c xfrm=AES_CBC_256-HMAC_SHA2_256_128 DPD=passive}'],
} as const;

const QUICK_AGAIN = ['"net" #3: responding to Quick Mode proposal {msgid:230179fa}', '"net" #3: IPsec SA established tunnel mode {ESP=>0x8588c750 <0x5a8a306d xfrm=AES_CBC_256-HMAC_SHA2_256_128 DPD=passive}'];
const REPEATED = ['<net|1> retransmit 1 of request with message ID 2', '<net|1> retransmit 2 of request with message ID 2'];
const REPEATED_V1 = ['<net|1> sending retransmit 1 of request message ID 3025636442, seq 6', '<net|1> sending retransmit 2 of request message ID 3025636442, seq 6'];
const IKE_REKEYING = ['<net|1> initiating IKE_SA net[2] to 198.51.100.7', '<net|1> generating CREATE_CHILD_SA request 2 [ SA No KE ]'];
const GIVEN_UP = '<net|1> giving up after 2 retransmits';
const AGAIN = ['<net|2> initiating IKE_SA net[2] to 198.51.100.7', '<net|2> generating IKE_SA_INIT request 0 [ SA KE No ]', '<net|2> retransmit 1 of request with message ID 0', '<net|2> retransmit 2 of request with message ID 0', '<net|2> giving up after 2 retransmits', '<net|2> establishing IKE_SA failed, peer not responding'];
const REAUTHENTICATING = ['<net|1> reauthenticating IKE_SA net[1]', '<net|1> deleting IKE_SA net[1] between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]', '<net|1> sending DELETE for IKE_SA net[1]', '<net|1> generating INFORMATIONAL request 2 [ D ]'];
const DELETED_BY_PEER = ['<net|1> received DELETE for IKE_SA net[1]', '<net|1> deleting IKE_SA net[1] between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]'];
const pluto = (state: string, number: number): string[] => [`"net" #${number}: ${state}: retransmission; will wait 3 seconds for response`, `"net" #${number}: ${state}: retransmission; will wait 6 seconds for response`, `"net" #${number}: ${state}: 14 second timeout exceeded after 3 retransmits.  No response (or no acceptable response) to our IKEv2 message`];

type Row = readonly [tunnel: keyof typeof UP, lines: readonly string[], state: 'up' | 'down' | 'failing', failure: string | null, cause: string | null];

/** What happens to the tunnel, and what remains of it: the first failure's line, and the cause that is ranked first. */
const ROWS: Readonly<Record<string, Row>> = {
  'charon rekeys the Child SA, unanswered': ['ikev2', ['<net|1> establishing CHILD_SA net{2} reqid 1', '<net|1> generating CREATE_CHILD_SA request 2 [ N(REKEY_SA) SA No KE TSi TSr ]', ...REPEATED, GIVEN_UP], 'down', 'retransmit 1 of', 'lifecycle/rekey-failed'],
  'charon rekeys the IKE SA, unanswered': ['ikev2', [...IKE_REKEYING, ...REPEATED, GIVEN_UP, '<net|1> rekeying IKE_SA failed, peer not responding'], 'down', 'retransmit 1 of', 'lifecycle/rekey-failed'],
  'charon rekeys the IKE SA, answered late': ['ikev2', [...IKE_REKEYING, ...REPEATED, '<net|1> parsed CREATE_CHILD_SA response 2 [ SA No KE ]', '<net|1> IKE_SA net[2] rekeyed between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]', '<net|1> deleting IKE_SA net[1] between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]', '<net|1> IKE_SA deleted'], 'up', null, null],
  'charon rekeys the IKE SA, refused': ['ikev2', [...IKE_REKEYING, '<net|1> parsed CREATE_CHILD_SA response 2 [ N(NO_PROP) ]', '<net|1> received NO_PROPOSAL_CHOSEN notify error', '<net|1> IKE_SA rekeying failed, trying again in 62 seconds'], 'failing', 'received NO_PROPOSAL_CHOSEN', 'lifecycle/rekey-failed'],
  'Quick Mode of charon, unanswered': ['ikev1', ['<net|1> generating QUICK_MODE request 3025636442 [ HASH SA No KE ID ID ]', ...REPEATED_V1, GIVEN_UP], 'down', 'sending retransmit 1 of', 'lifecycle/peer-dead'],
  'Quick Mode by which charon rekeys, unanswered': ['ikev1', ['creating rekey job for CHILD_SA ESP/0xc1b2c3d4/192.0.2.1', '<net|1> generating QUICK_MODE request 3025636442 [ HASH SA No KE ID ID ]', ...REPEATED_V1, GIVEN_UP], 'down', 'sending retransmit 1 of', 'lifecycle/rekey-failed'],
  'charon renews the IKE SA of IKEv1, unanswered': ['ikev1', ['<net|2> initiating Main Mode IKE_SA net[2] to 198.51.100.7', '<net|2> generating ID_PROT request 0 [ SA V V ]', '<net|2> sending retransmit 1 of request message ID 0, seq 1', '<net|2> sending retransmit 2 of request message ID 0, seq 1', '<net|2> giving up after 2 retransmits', '<net|2> establishing IKE_SA failed, peer not responding'], 'down', 'sending retransmit 1 of', 'lifecycle/reauth-failed'],
  'DPD of charon, and the next try, unanswered': ['ikev2', ['<net|1> sending DPD request', '<net|1> generating INFORMATIONAL request 2 [ ]', ...REPEATED, GIVEN_UP, ...AGAIN], 'down', 'retransmit 1 of', 'lifecycle/peer-dead'],
  'charon deletes an SA of IKEv2 to renew it, unanswered': ['ikev2', [...REAUTHENTICATING, ...REPEATED, GIVEN_UP, '<net|1> proper IKE_SA delete failed, peer not responding', ...AGAIN], 'down', 'retransmit 1 of request with message ID 2', 'lifecycle/reauth-failed'],
  'charon deletes an SA of IKEv2 to renew it, answered late, without its messages': ['ikev2', [...REAUTHENTICATING, ...REPEATED, '<net|1> IKE_SA deleted', ...UP.ikev2.map((line) => line.replaceAll('|1', '|2').replaceAll('[1]', '[2]'))], 'up', null, null],
  'charon deletes an SA of IKEv2 that it has renewed, unanswered': ['ikev2', [...REAUTHENTICATING.slice(0, 1), ...UP.ikev2.map((line) => line.replaceAll('|1', '|2').replaceAll('[1]', '[2]')), ...REAUTHENTICATING.slice(1), ...REPEATED, GIVEN_UP, '<net|1> proper IKE_SA delete failed, peer not responding'], 'up', null, null],
  'charon drops the IKE SA to be reauthenticated before its deletion is answered': ['ikev2', ['<net|1> reauthenticating IKE_SA net[1]', '<net|1> deleting IKE_SA net[1] between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]', '<net|1> sending DELETE for IKE_SA net[1]', '<net|1> retransmit 1 of request with message ID 2', '<net|1> destroying IKE_SA in state DELETING without notification'], 'down', 'retransmit 1 of request with message ID 2', 'lifecycle/reauth-failed'],
  'charon drops an IKE SA that was taken down before its deletion is answered': ['ikev2', ['<net|1> deleting IKE_SA net[1] between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]', '<net|1> sending DELETE for IKE_SA net[1]', '<net|1> retransmit 1 of request with message ID 2', '<net|1> destroying IKE_SA in state DELETING without notification'], 'down', null, null],
  'the peer deletes the IKE SA': ['ikev2', DELETED_BY_PEER, 'down', 'received DELETE for IKE_SA', 'lifecycle/peer-deleted-sa'],
  'the peer deletes the IKE SA, and begins anew as the log ends': ['ikev2', [...DELETED_BY_PEER, '<2> 198.51.100.7 is initiating an IKE_SA'], 'down', null, null],
  'something arrives that is not IKE': ['ikev2', ['<net|1> header verification failed', '<net|1> received invalid IKE header from 198.51.100.7 - ignored'], 'up', null, null],
  'the peer rekeys a Child SA that charon no longer has': ['ikev2', ['<net|1> parsed CREATE_CHILD_SA request 0 [ N(REKEY_SA) SA No KE TSi TSr ]', '<net|1> unable to rekey, ESP CHILD_SA with SPI 12345678 not found', '<net|1> generating CREATE_CHILD_SA response 0 [ N(NO_CHILD_SA) ]'], 'up', null, null],
  'a proposal is refused, and none was made': ['ikev1', ['<net|1> parsed INFORMATIONAL_V1 request 1186435206 [ HASH N(ATTRIB_NOSUP) ]', '<net|1> received ATTRIBUTES_NOT_SUPPORTED error notify'], 'up', null, null],
  'pluto rekeys the Child SA, unanswered': ['pluto2', ['"net" #3: initiating rekey to replace Child SA #2', '"net" #3: sent CREATE_CHILD_SA request to rekey IPsec SA', ...pluto('STATE_V2_ESTABLISHED_IKE_SA', 1)], 'down', '#1: STATE_V2_ESTABLISHED_IKE_SA: retransmission', 'lifecycle/rekey-failed'],
  'Libreswan 4.3 rekeys the IKE SA, unanswered': ['pluto2', ['"net" #3: initiating rekey to replace IKE SA #1', '"net" #3: sent CREATE_CHILD_SA request to rekey IKE SA', ...pluto('STATE_V2_REKEY_IKE_I1', 3)], 'down', '#3: STATE_V2_REKEY_IKE_I1: retransmission', 'lifecycle/rekey-failed'],
  'pluto rekeys the IKE SA, unanswered': ['pluto2', ['"net" #3: initiating rekey to replace IKE SA #1', '"net" #3: sent CREATE_CHILD_SA request to rekey IKE SA', ...pluto('STATE_V2_ESTABLISHED_IKE_SA', 1)], 'down', '#1: STATE_V2_ESTABLISHED_IKE_SA: retransmission', 'lifecycle/rekey-failed'],
  'pluto rekeys the IKE SA, answered late': ['pluto2', ['"net" #3: initiating rekey to replace IKE SA #1', '"net" #3: sent CREATE_CHILD_SA request to rekey IKE SA', ...pluto('STATE_V2_ESTABLISHED_IKE_SA', 1).slice(0, 2), '"net" #3: initiator rekeyed IKE SA #1 {cipher=AES_CBC_256 integ=HMAC_SHA2_256_128 prf=HMAC_SHA2_256 group=MODP2048}'], 'up', null, null],
  'Libreswan 3 rekeys the Child SA, unanswered': ['pluto2', ['"net" #3: initiating rekey to replace Child SA #2', ...pluto('STATE_V2_REKEY_CHILD_I', 3)], 'failing', '#3: STATE_V2_REKEY_CHILD_I: retransmission', 'lifecycle/rekey-failed'],
  'pluto rekeys the IKE SA, refused': ['pluto2', ['"net" #3: initiating rekey to replace IKE SA #1', '"net" #3: sent CREATE_CHILD_SA request to rekey IKE SA', '"net" #3: CREATE_CHILD_SA failed with error notification NO_PROPOSAL_CHOSEN'], 'failing', 'NO_PROPOSAL_CHOSEN', 'lifecycle/rekey-failed'],
  'pluto replaces the IKE SA of IKEv1, unanswered': ['pluto1', ['"net" #3: initiating IKEv1 Main Mode connection to replace #1', '"net" #3: sent Main Mode request', ...pluto('STATE_MAIN_I1', 3)], 'failing', '#3: STATE_MAIN_I1: retransmission', 'lifecycle/reauth-failed'],
  'pluto cannot read a message of IKEv1, and drops it': ['pluto1', ['"net" #1: next payload type of ISAKMP Hash Payload has an unknown value: 77', '"net" #1: malformed payload in packet'], 'up', null, null],
  'Quick Mode of pluto, unanswered': ['pluto1', ['"net" #3: initiating Quick Mode IKEv1+PSK+ENCRYPT+TUNNEL+PFS+UP to replace #2 {using isakmp#1 msgid:230179fa proposal=AES_CBC_256-HMAC_SHA2_256_128 pfsgroup=MODP2048}', ...pluto('STATE_QUICK_I1', 3)], 'failing', '#3: STATE_QUICK_I1: retransmission', 'lifecycle/peer-dead'],
  'the peer deletes the Child SA that it has rekeyed, in a line of the IKE SA': ['pluto1', [...QUICK_AGAIN, '"net" #1: received Delete SA(0x8588c749) payload: deleting IPSEC State #2', '"net" #1: deleting other state #2 (STATE_QUICK_I2) aged 3060.1s and sending notification'], 'up', null, null],
};

it.each(Object.entries(ROWS))('%s', async (_, [tunnel, lines, state, failure, cause]) => {
  const isPluto = tunnel.startsWith('pluto');
  const said = [...UP[tunnel].map((text) => ({ text, at: 0 })), ...lines.map((text, index) => ({ text, at: 3_600 + 4 * index }))];
  const log = said.map(({ text, at }) => `Nov  1 ${new Date(at * 1_000).toISOString().slice(11, 19)} gw ${isPluto ? 'pluto[99]' : 'charon'}: ${isPluto ? text : `10[IKE] ${text}`}`);
  const { connections: [connection] } = buildReport(await analyzeLines(log, { rules: [], now: 0 }));
  const shown = connection?.problem == null ? undefined : connection.attempts[connection.problem.attempt];
  expect([connection?.state, shown?.findings[0]?.cause ?? null]).toEqual([state, cause]);
  expect(shown?.firstFailure?.text ?? null).toEqual(failure === null ? null : expect.stringContaining(failure));
});

it.each(['net', 'net[1]'])('a tunnel that came up before the log begins is taken down by command: %s', async (ordered) => {
  const lines = [`16[CFG] received stroke: terminate '${ordered}'`, '05[IKE] deleting IKE_SA net[1] between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]', '05[IKE] sending DELETE for IKE_SA net[1]', '05[ENC] generating INFORMATIONAL request 2 [ D ]'];
  const { connections } = buildReport(await analyzeLines(lines.map((text) => `Nov 20 10:00:01 gw charon: ${text}`), { rules: [], now: 0 }));
  expect(connections).toMatchObject([{ name: 'net', state: 'down', problem: null, ended: { event: 'lifecycle.terminated_by_operator', line: 1 } }]);
});

const NEXT = UP.ikev2.map((text) => text.replaceAll('|1', '|2').replaceAll('[1]', '[2]'));
const PROBE = ['<net|1> sending DPD request', '<net|1> generating INFORMATIONAL request 2 [ ]'];

it.each([
  ['before another SA is up', [...PROBE, ...REPEATED, ...NEXT, GIVEN_UP], []],
  ['after another SA is up', [...PROBE, ...NEXT, ...REPEATED, GIVEN_UP], []],
  ['and no other SA comes up', [...PROBE, ...REPEATED, GIVEN_UP], ['failed']],
] as const)('the loss of a silent SA is told of live unless another one serves the tunnel: it begins %s', async (_, lines, types) => {
  const log = [...UP.ikev2, ...lines].map((text, index) => `Nov  1 00:${String(index).padStart(2, '0')}:00 gw charon: 10[IKE] ${text}`);
  const told: string[] = [];
  await analyze(['-'], { rules: [], now: 0, live: true, stdin: Readable.from([log.join('\n')]), onChange: ({ type }) => told.push(type) });
  expect(told).toEqual(types);
});
