import { expect, it } from 'vitest';

import { analyzeLines, buildReport } from '../../src/index.js';

const UP = [
  'Nov  1 00:00:01 gw charon: 09[IKE] <net|1> initiating IKE_SA net[1] to 198.51.100.7',
  'Nov  1 00:00:02 gw charon: 09[IKE] <net|1> IKE_SA net[1] established between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]',
  'Nov  1 00:00:02 gw charon: 09[IKE] <net|1> CHILD_SA net{1} established with SPIs c1b2c3d4_i c5b6c7d8_o and TS 203.0.113.0/26 === 203.0.113.64/26',
];

it.each([
  ['the daemon is stopped', ['Nov  1 05:00:00 gw charon: 00[DMN] SIGTERM received, shutting down'], 'daemon.stopping', '05:00:00'],
  ['the daemon dies', ['Nov  1 05:00:00 gw ipsec_starter[3]: charon has died -- restart scheduled (5sec)'], 'daemon.gone', '05:00:00'],
  ['systemd finds it dead', ['Nov  1 05:00:00 gw systemd[1]: strongswan.service: Main process exited, code=killed, status=11/SEGV'], 'daemon.crashed', '05:00:00'],
  ['only its next start is seen', ['Nov  1 05:00:05 gw charon: 00[DMN] Starting IKE charon daemon (strongSwan 5.9.8, Linux 6.1.0, x86_64)'], 'daemon.started', '05:00:05'],
  ['this side deletes it', ['Nov  1 05:00:00 gw charon: 09[IKE] <net|1> deleting IKE_SA net[1] between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]'], 'ike.deleting', '05:00:00'],
])('names the line with which a connection that is down without a failure ended: %s', async (_, lines, event, time) => {
  const analysis = await analyzeLines([...UP, ...lines], { rules: [], now: Date.UTC(2026, 11, 1) });
  const [report] = buildReport(analysis).connections;
  expect(report).toMatchObject({ state: 'down', problem: null, since: `2026-11-01T${time}Z`, ended: { event, line: 4 } });
});

const STOP = 'Nov  1 05:00:00 gw charon: 00[DMN] SIGTERM received, shutting down';
const REFUSED = [UP[0] ?? '', 'Nov  1 00:00:01 gw charon: 10[IKE] <net|1> received NO_PROPOSAL_CHOSEN notify error'];
const AGAIN = 'Nov  1 04:59:59 gw charon: 09[IKE] <net|2> initiating IKE_SA net[2] to 198.51.100.7';

it.each([
  ['what was never up', [AGAIN, STOP], 'unknown', ['interrupted'], 'daemon.stopping'],
  ['what was up before', [...UP, 'Nov  1 04:00:00 gw charon: 09[IKE] <net|1> deleting IKE_SA net[1] between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]', AGAIN, STOP], 'down', ['closed', 'closed', 'interrupted'], 'ike.deleting'],
  ['what failed before', [...REFUSED, AGAIN, STOP], 'failing', ['failed', 'interrupted'], undefined],
  ['what somebody took down before it was up', [AGAIN, 'Nov  1 05:00:00 gw charon: 09[IKE] <net|2> destroying IKE_SA in state CONNECTING without notification'], 'unknown', ['closed'], 'lifecycle.terminated_by_operator'],
])('calls a negotiation that the end of its daemon, or somebody, broke off no tunnel that was up: %s', async (_, lines, state, outcomes, event) => {
  const [report] = buildReport(await analyzeLines(lines, { rules: [], now: Date.UTC(2026, 11, 1) })).connections;
  expect(report?.state).toBe(state);
  expect(report?.attempts.map(({ outcome }) => outcome)).toEqual(outcomes);
  expect(report?.ended?.event).toBe(event);
});

it('takes the first IKE SA of a log that begins in the middle for one that was up, where its first exchange is none with which an IKE SA begins', async () => {
  const lines = [
    'Nov  1 05:00:00 gw charon: 09[NET] <net|1> received packet: from 198.51.100.7[500] to 192.0.2.1[500] (80 bytes)',
    'Nov  1 05:00:00 gw charon: 09[ENC] <net|1> parsed INFORMATIONAL request 2 [ D ]',
    'Nov  1 05:00:00 gw charon: 09[IKE] <net|1> received DELETE for IKE_SA net[1]',
    'Nov  1 05:00:00 gw charon: 09[IKE] <net|1> IKE_SA deleted',
  ];
  const [report] = buildReport(await analyzeLines(lines, { rules: [], now: Date.UTC(2026, 11, 1) })).connections;
  expect(report).toMatchObject({ state: 'down', ended: { event: 'ike.deleted_by_peer' } });
});

it.each([
  ['whole', 'deleting IKE_SA net[1] between 192.0.2.1[gw.example.com]...198.51.100.7[branch.example.com]'],
  ['cut off', 'deleting IKE_SA net[1] betw'],
])('takes a Child SA with which an untagged log begins for a connection that is up, and its end for the end of that connection: %s', async (_, end) => {
  const up = 'Nov  1 00:00:02 gw charon: 09[IKE] CHILD_SA net{1} established with SPIs c1b2c3d4_i c5b6c7d8_o and TS 203.0.113.0/26 === 203.0.113.64/26';
  const states = await Promise.all([[up], [up, `Nov  1 05:00:00 gw charon: 11[IKE] ${end}`]].map(async (lines) => {
    const { connections } = buildReport(await analyzeLines(lines, { rules: [], now: Date.UTC(2026, 11, 1) }));
    return connections.map(({ name, state }) => [name, state]);
  }));
  expect(states).toEqual([[['net', 'up']], [['net', 'down']]]);
});

it.each([
  ['the liveness check that it did not answer', ['"net" #34: DPD: No response from peer - declaring peer dead', '"net" #34: deleting state (STATE_MAIN_R3)'], undefined, 'dpd.peer_dead'],
  ['the last of the Child SAs that the peer deleted', ['"net" #6: deleting state (STATE_QUICK_R2) aged 10.030339s and sending notification', '"net" #1: received Delete SA(0x443b8694) payload: deleting IPsec State #7'], 'child.deleted_by_peer', undefined],
])('takes a connection for one that was up where the log begins with %s', async (_, messages, ended, failure) => {
  const lines = messages.map((message, second) => `Nov  1 05:00:0${second} gw pluto[9]: ${message}`);
  const [report] = buildReport(await analyzeLines(lines, { rules: [], now: Date.UTC(2026, 11, 1) })).connections;
  expect(report?.state).toBe('down');
  expect(report?.ended?.event).toBe(ended);
  expect(report?.attempts.flatMap(({ firstFailure }) => firstFailure?.event ?? [])).toEqual(failure === undefined ? [] : [failure]);
});

it.each([
  ['speaks of a failure', ['Nov  1 05:00:00 gw charon: 10[KNL] <net|1> the frobnicator failed'], { line: 4 }],
  ['does not', ['Nov  1 05:00:00 gw charon: 10[KNL] <net|1> the frobnicator is happy'], null],
  ['was overcome', ['Nov  1 05:00:00 gw charon: 10[KNL] <net|1> the frobnicator failed', 'Nov  1 05:00:01 gw charon: 10[IKE] <net|1> CHILD_SA net{2} established with SPIs c1b2c3d5_i c5b6c7d9_o and TS 203.0.113.0/26 === 203.0.113.64/26'], null],
])('a connection that is up is uncertain where a line since then is not understood and %s', async (_, lines, doubt) => {
  const analysis = await analyzeLines([...UP, ...lines], { rules: [], now: Date.UTC(2026, 11, 1) });
  const [report] = buildReport(analysis).connections;
  expect(report?.state).toBe('up');
  if (doubt === null) expect(report?.doubt).toBeNull();
  else expect(report?.doubt).toMatchObject(doubt);
});

it.each([
  ['a peer that repeats what this side has answered, rather than its silence on an SA that was up', [
    '"net"[1] 198.51.100.7 #1: STATE_V2_ESTABLISHED_IKE_SA: retransmission; will wait 4 seconds for response',
    '"net"[2] 198.51.100.7 #3: IKE_AUTH request has duplicate Message ID 1; retransmitting response',
    '"net"[2] 198.51.100.7 #3: IKE_AUTH request has duplicate Message ID 1; retransmitting response',
    '"net"[1] 198.51.100.7 #1: STATE_V2_ESTABLISHED_IKE_SA: retransmission; will wait 8 seconds for response',
  ], { event: 'retransmit.received', line: 2 }],
  ['the first of the same failures, where the log does not show who initiated it', [
    '"net"[1] 198.51.100.7 #4: ERROR: netlink response for Add SA esp.a1b2c3d4@198.51.100.7 included errno 2: No such file or directory',
    '"net"[1] 198.51.100.7 #5: responding to Quick Mode proposal {msgid:01000000}',
    '"net"[1] 198.51.100.7 #5: ERROR: netlink response for Add SA esp.a1b2c3d5@198.51.100.7 included errno 2: No such file or directory',
  ], { event: 'child.kernel_sa_refused', line: 1 }],
])('shows %s', async (_, messages, failure) => {
  const lines = messages.map((message, second) => `Nov  1 05:00:0${second} gw pluto[9]: ${message}`);
  const [report] = buildReport(await analyzeLines(lines, { rules: [], now: Date.UTC(2026, 11, 1) })).connections;
  expect(report?.attempts[report.problem?.attempt ?? -1]?.firstFailure).toMatchObject(failure);
  expect(report?.problem?.failedOtherwise).toBe(0);
});
