import { expect, test } from 'vitest';

import { analyzeLines } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';
import { CAPTURED } from './samples.js';

/** The best cause of each reported failure, by line. */
async function causes(...lines: readonly string[]): Promise<readonly (readonly [number | undefined, string | undefined])[]> {
  const { connections, hostFindings } = buildReport(await analyzeLines(lines, { rules: [], now: CAPTURED }));
  const attempts = connections.flatMap((connection) => connection.attempts).filter(({ firstFailure }) => firstFailure !== null);
  return [...hostFindings.map(({ line, cause }) => [line, cause] as const), ...attempts.map(({ firstFailure, findings }) => [firstFailure?.line, findings[0]?.cause] as const)];
}

test.each([
  ['NSS initialization failed (err -5977)', 'daemon/nss-database'],
  ['initial Main Mode message received but no connection has been authorized with authby=PSK and xauth=no', 'config/no-connection-for-peer'],
  ['cket from 198.51.100.7:500: initial Main Mode message received but no connection has been authorized with authby=PSK and xauth=no', 'config/no-connection-for-peer'],
  ["can't install route for 203.0.113.0/26 === 203.0.113.64/26 out, conflicts with IKE traffic 13[IKE] unable to install IPsec policies (SPD) in kernel", 'child/kernel-policy-refused'],
  ['ERROR: /etc/ipsec.conf: 26: keyword keyexchange, invalid value: ikev1', 'config/bad-value'],
  ['unable to install inbound and outbound IPsec SA (SAD) in kernel; why?', 'child/kernel-sa-refused'],
  ['server says racoon: ERROR: not acceptable Identity Protection mode', 'version/exchange-mode-mismatch'],
])('one line without its envelope says what it says: %s', async (line, cause) => {
  expect(await causes('What does this mean?', line)).toEqual([[2, cause]]);
});

test('beside lines that are known by their form, those without one are read by their wording', async () => {
  const lines = ["/etc/strongswan.d/net.conf:1: syntax error, unexpected NAME, expecting NEWLINE or '{' or '=' [net]", 'Starting strongSwan 5.3.5 IPsec [starter]...'];
  expect(await causes(...lines)).toEqual([[1, 'config/syntax-error']]);
  expect(await causes(...lines, 'Nov  1 00:00:01 gw charon: 09[IKE] sending keep alive to 198.51.100.7[4500]')).toEqual([[1, 'config/syntax-error']]);
});

test('words in place of addresses, in a list that a page numbered', async () => {
  expect(await causes('  1. [50413.731914] audit: type=1400 audit(1793491201.894:53): apparmor="DENIED" operation="open" profile="/usr/lib/ipsec/charon" name="/opt/gw.pem"')).toEqual([[1, 'daemon/insufficient-privileges']]);
  expect(await causes('  1. Nov  1 00:00:01 gw charon: 15[IKE] no IKE config found for OFFICE-WAN-IP...redacted, sending NO_PROPOSAL_CHOSEN')).toEqual([[1, 'config/no-connection-for-peer']]);
});

test('a failure quoted as code in a sentence counts if nothing else in the text does', async () => {
  const quoted = 'The peer uses its public address (confirmed: `no shared key found for \'%any\' - \'198.51.100.7\'`), so present that.';
  expect(await causes('Why does it fail?', quoted)).toEqual([[2, 'auth/psk-missing']]);
  expect(await causes('The log showed', '   `"no IKE config found for 192.0.2.1...198.51.100.7"` - before it looked at the proposals')).toEqual([[2, 'config/no-connection-for-peer']]);
  expect(await causes(quoted, 'Nov  1 00:00:01 gw charon: 09[IKE] <net|1> IKE_SA net[1] established between 192.0.2.1[192.0.2.1]...198.51.100.7[198.51.100.7]')).toEqual([]);
});

test('charon-systemd logs twice, and a page kept one copy of each line', async () => {
  expect(await causes(
    "Nov  1 00:00:01 charon-systemd[2440]: tried 1 shared key for '192.0.2.1' - '198.51.100.7', but MAC mismatched",
    'Nov  1 00:00:01 charon[2440]: 13[ENC] <net|3> generating IKE_AUTH response 1 [ N(AUTH_FAILED) ]',
  )).toEqual([[1, 'auth/psk-mismatch']]);
});

test('the text of a program, with places for values, is no log', async () => {
  expect(await causes('What the core dump contains:', 'Unknown XAuth-EAP method: %s', "could not execute updown script '%s'", 'unable to bind socket: %s', "no XAuth %s found for '%Y' - '%Y'")).toEqual([]);
});

test('what stops a daemon that does not run is no failure', async () => {
  expect(await causes('Nov  1 00:00:01 gw NetworkManager[12]: Stopping strongSwan IPsec failed: starter is not running')).toEqual([]);
});

test('text that no daemon writes means nothing', async () => {
  expect(await causes('Hello,', 'my connection failed: no route to host', 'error: timed out', 'permission denied')).toEqual([]);
});

test.each([
  ['quoted', [
    'The developer explains:',
    '| Jul 12 15:00:22 gw Pluto[574]: "road" #2: cannot respond to IPsec',
    '| SA request because no connection is known for',
    '| 203.0.113.0/26===192.0.2.1...198.51.100.7',
  ], 'child.ts_unacceptable'],
  ['in a mail', [
    '2005-03-07 15:17:20: ERROR: phase2 negotiation failed due to time up waiting for ',
    'phase1. ESP 198.51.100.7->192.0.2.1',
    '2005-03-07 15:17:20: INFO: delete phase 2 handler.',
  ], 'child.waited_for_ike'],
])('a message that was broken is read whole: %s', async (_, lines, event) => {
  const { connections } = buildReport(await analyzeLines(lines, { rules: [], now: CAPTURED }));
  expect(connections.flatMap(({ attempts }) => attempts.map(({ firstFailure }) => firstFailure?.event))).toEqual([event]);
});

test('nothing is the rest of a message that makes no sense of it', async () => {
  const { connections, coverage } = buildReport(await analyzeLines(
    ['>  May 22 10:46:31 gw Pluto[25834]: packet from 198.51.100.7:10014:', '>  initial Main Mode message from 198.51.100.7:10014 ', '    but no connection has been authorized', '', '> May 22 10:46:35 gw Pluto[25834]: "road" #3: never heard of', 'What does that mean?'],
    { rules: [], now: CAPTURED },
  ));
  expect(connections.map(({ attempts }) => attempts.map(({ firstFailure }) => firstFailure?.event))).toContainEqual(['config.no_connection_for_peer']);
  expect(coverage.unknown.map(({ text }) => text)).toEqual(['never heard of']);
});

const DIALOGUE = [
  'initiating Main Mode IKE_SA net[1] to 198.51.100.7', 'generating ID_PROT request 0 [ SA V V V V V ]', 'sending packet: from 192.0.2.1[500] to 198.51.100.7[500] (180 bytes)',
  'received packet: from 198.51.100.7[500] to 192.0.2.1[500] (56 bytes)', 'parsed INFORMATIONAL_V1 request 0 [ N(NO_PROP) ]', 'received NO_PROPOSAL_CHOSEN error notify', "establishing connection 'net' failed",
];

test('what ipsec up has printed is read also where quoting has joined its lines', async () => {
  expect(await causes(DIALOGUE.join(' '))).toEqual([[1, 'proposal/ike-mismatch']]);
});

test('a conversation that a program prints as one text is read line by line; a line of a log is one line, whatever a peer has written into it', async () => {
  const text = DIALOGUE.map((line) => `[IKE] ${line}`).join('\\n');
  expect(await causes(`plugin 'sqlite': failed to load - not found", "stdout": "start\\n${text}`)).toEqual([[1, 'proposal/ike-mismatch']]);
  expect(await causes(`Nov  1 00:00:01 gw charon[17]: 09[IKE] received 'vendor ${text}'`)).toEqual([]);
});

test('lines that quoting has joined are read one by one', async () => {
  const lines = ['#1: responding to Main Mode from unknown peer 198.51.100.7:500', '#1: no acceptable Oakley Transform', '#1: sending notification NO_PROPOSAL_CHOSEN to 198.51.100.7:500'];
  const joined = lines.map((text) => `Nov 1 00:00:01 gw pluto[1234]: "net"[1] 198.51.100.7 ${text}`).join(' ');
  expect(await causes(`> ${joined}`)).toEqual([[1, 'proposal/ike-mismatch']]);
});

test.each([
  ['"net" #1: no acceptable Oakley Tran...', 'proposal/ike-mismatch'],
  ['"net" #1: initial Main Mode message received on 192.0.2.1:500 but no connection has been autho>', 'config/no-connection-for-peer'],
  ['"net" #1: Can\'t authenticate: no preshared key found for `@west.exam...', 'auth/psk-missing'],
  ['"net" #1: authentication failed: computed hash does not match hash received from peer ID_FQDN \'@west.exam>', 'auth/psk-mismatch'],
  ['"net" #1: authentication fa>', undefined],
  ['"net" #1: sent', undefined],
  ['Stopping strongSwan IPsec...', undefined],
  ['"net" #1: no acceptable Oakley Transform...', 'proposal/ike-mismatch'],
  ['"net" #1: initial Main Mode message received on 192.0.2.1:500 but no connection...', undefined],
])('a line whose end a pager has cut off means what all such lines mean: %s', async (text, cause) => {
  expect(await causes(`Nov  1 00:00:01 gw pluto[123]: ${text}`)).toEqual(cause === undefined ? [] : [[1, cause]]);
});

test('systemctl shows lines up to the width of the terminal: packets still name both ends, and a liveness check is no refusal', async () => {
  const shown = (...messages: readonly string[]) => messages.map((message) => `Nov 01 00:00:01 gw charon[17]: ${message}`);
  const refused = shown('received packet: from 198.51.100.7[4500] to 192.0.2.1[45…', 'parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]', 'received AUTHENTICATION_FAILED notify error');
  const { connections } = buildReport(await analyzeLines(refused, { rules: [], now: CAPTURED }));
  expect(connections.map(({ local, peer }) => [local.address, peer.address])).toEqual([['192.0.2.1', '198.51.100.7']]);
  expect(await causes(...shown('parsed INFORMATIONAL reque…', 'parsed INFORMATIONAL request…', 'parsed INFORMATIONAL request 1…'))).toEqual([]);
});

test('lines that differ only in their numbers are of one length without having been cut off', async () => {
  const crash = (pid: number, base: string) => `Nov  1 00:00:01 gw kernel: [5202357.614750] pluto[${pid}]: segfault at 8 ip 0000${base}8a641 sp 00007ffd9a641d40 error 4 in pluto[${base}000+11a000]`;
  expect(await causes(crash(6149, '5605468'), crash(6570, '555e3ab'), crash(6992, '556bcde'), crash(9239, '55afc36'))).toEqual([[1, 'daemon/crashed']]);
});

test.each(['received NO_PROPOSAL_CHOSEN notify...', 'received INVALID_SYNTAX notify...', 'unable to load certificate...', 'peer certificate verification failed...'])('a sentence that only begins like others is not taken for one of them: %s', async (text) => {
  const { coverage, connections } = buildReport(await analyzeLines([`Nov  1 00:00:01 gw charon: 09[IKE] <net|1> ${text}`], { rules: [], now: CAPTURED }));
  expect([coverage.unknown.map((each) => each.text), connections]).toEqual([[text], []]);
});

test.each([
  ['received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built'],
  ['parsed INFORMATIONAL_V1 request 2345 [ HASH N(NO_PROP) ]', 'received NO_PROPOSAL_CHOSEN error notify'],
])('where the proposals for the Child SA are refused and no exchange is seen, the PFS group may be why: %s', async (...lines) => {
  const { connections } = buildReport(await analyzeLines(lines.map((text) => `Nov  1 00:00:01 gw charon: 09[IKE] ${text}`), { rules: [], now: CAPTURED }));
  expect(connections[0]?.attempts[0]?.findings.slice(0, 2).map(({ cause, confidence }) => `${confidence} ${cause}`)).toEqual(['likely proposal/esp-mismatch', 'possible proposal/pfs-mismatch']);
});

test('of a negotiation whose first line is its failure nothing is known of a NAT', async () => {
  const { connections } = buildReport(await analyzeLines(['STATE_MAIN_I3: 60 second timeout exceeded after 7 retransmits. Possible authentication failure: no acceptable response to our first encrypted message'], { rules: [], now: CAPTURED }));
  const findings = connections[0]?.attempts[0]?.findings ?? [];
  expect(findings.map(({ cause }) => cause)).toEqual(expect.arrayContaining(['auth/psk-mismatch', 'network/nat-t-blocked']));
  expect(findings.filter(({ confidence }) => confidence !== 'possible')).toEqual([]);
});

test.each([
  ['pluto[123]: "net" #1: ignoring informational payload, type INVALID_ID_INFORMATION msgid=00000000', ['auth/peer-id-mismatch', 'child/ts-mismatch']],
  ['pluto[123]: "net" #1: ignoring informational payload PAYLOAD_MALFORMED, msgid=00000000, length=12', ['auth/psk-mismatch']],
  ['pluto[123]: "net" #1: ISAKMP SA expired (--dontrekey)', ['lifecycle/expired-without-rekey']],
  ['pluto[123]: "net" #1: deleting incomplete state after 200 seconds', ['network/nat-t-blocked', 'network/reply-lost']],
  ['racoon: ERROR: phase1 negotiation failed due to time up. 1234567890abcdef:fedcba0987654321', ['auth/psk-mismatch', 'network/nat-t-blocked']],
  ['racoon: ERROR: 198.51.100.7 give up to get IPsec-SA due to time up to wait.', ['child/ts-mismatch', 'network/no-answer']],
])('a line that begins a log and cannot prove its cause names what is possible: %s', async (line, among) => {
  const { connections } = buildReport(await analyzeLines([`Nov  1 00:00:01 gw ${line}`], { rules: [], now: CAPTURED }));
  const findings = connections[0]?.attempts[0]?.findings ?? [];
  expect(findings.map(({ cause }) => cause)).toEqual(expect.arrayContaining(among));
  expect(findings.filter(({ confidence }) => confidence !== 'possible')).toEqual([]);
});

test('the lines of an appliance with racoon inside are known by the place in its source', async () => {
  const line = '2026-11-01 00:00:01 vpn-1 [PROTO_ERR]: ikev1.c:1433:isakmp_ph1resend(): phase1 negotiation failed due to time up. [{remote id:4}{ph1: 192.0.2.1[500] <=> 198.51.100.7[500], 192.0.2.1 <=> 198.51.100.7}]';
  expect(await causes(line)).toEqual([[1, 'network/no-answer']]);
});

test('a refusal of the peer on another thread is the answer to what has just been refused here', async () => {
  const kinds = async (...lines: string[]) =>
    buildReport(await analyzeLines(lines, { rules: [], now: CAPTURED })).connections.flatMap(({ attempts }) => attempts).map(({ firstFailure }) => firstFailure?.event);
  expect(await kinds('14[IKE] EAP_IDENTITY not supported, sending EAP_NAK', '15[IKE] received EAP_FAILURE, EAP authentication failed')).toEqual(['auth.eap_method_unavailable']);
});

test('where EAP was refused, no wordings about keys and certificates are looked for in the log of the peer', async () => {
  const { connections } = buildReport(await analyzeLines(['Nov  1 00:00:01 gw charon: 09[IKE] <net|1> initiating IKE_SA net[1] to 198.51.100.7', 'Nov  1 00:00:02 gw charon: 09[IKE] <net|1> received EAP_FAILURE, EAP authentication failed'], { rules: [], now: CAPTURED }));
  const asks = connections[0]?.attempts[0]?.findings.find(({ cause }) => cause === 'auth/rejected-by-peer')?.askPeer.map(({ grep }) => grep) ?? [];
  expect(asks).toContain('EAP-MS-CHAPv2 verification failed');
  expect(asks).not.toContain('but MAC mismatched');
  expect(asks).not.toContain('no issuer certificate found');
});

test('what swanctl ends with is about the negotiation also where it is printed first, as by 2>&1', async () => {
  const { connections } = buildReport(await analyzeLines(["initiate failed: establishing CHILD_SA 'net' failed", ...DIALOGUE.slice(0, -1).map((line) => `[IKE] ${line}`)], { rules: [], now: CAPTURED }));
  expect(connections.map(({ name, problem }) => [name, problem !== null])).toEqual([['net', true]]);
});

test.each([
  ['its Child SAs are not told', [], []],
  ['it has none', ['  AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048', '  established 158s ago, rekeying in 26817s'], ['observed.child_missing']],
  ['the peer requested it and got none', ['  AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048', '  established 158s ago, rekeying in 26817s'], ['observed.child_refused'], 'i', 'r*'],
])('where the list of SAs ends behind an IKE SA, %s', async (_, rest, shown, initiator = 'i*', responder = 'r') => {
  const head = [`net: #1, ESTABLISHED, IKEv2, 2d0754f555a7516b_${initiator} 940b49992d99ca82_${responder}`, "  local  'west.example.com' @ 192.0.2.10[4500]", "  remote 'east.example.com' @ 198.51.100.20[4500]"];
  const { connections } = buildReport(await analyzeLines([...head, ...rest], { rules: [], now: CAPTURED }));
  expect(connections.flatMap(({ observed }) => observed.map(({ event }) => event))).toEqual(shown);
});

/** Claims about the first failure of the only connection, best first, and the line that may say more. */
async function claims(...lines: readonly string[]): Promise<readonly [readonly string[], number | undefined]> {
  const { connections, hostFindings } = buildReport(await analyzeLines(lines, { rules: [], now: CAPTURED }));
  const attempt = connections.flatMap(({ attempts }) => attempts).find(({ firstFailure }) => firstFailure !== null);
  return [[...hostFindings, ...attempt?.findings ?? []].map(({ confidence, cause }) => `${confidence} ${cause}`), attempt?.firstFailure?.unread?.line];
}

test.each([
  ['a line of the attempt that is not understood may say what failed', 'possible cert/untrusted-issuer', 2, [
    'Nov  1 00:00:01 gw charon: 09[CFG] <net|1>   using certificate "CN=west.example.com"',
    'Nov  1 00:00:01 gw charon: 09[CFG] <net|1> some certificate inva...',
    "Nov  1 00:00:01 gw charon: 09[IKE] <net|1> no trusted RSA public key found for 'west.example.com'",
  ]],
  ['nor is a silence one of the network for sure', 'possible network/no-answer', 2, [
    'Nov  1 00:00:01 gw pluto[12]: "net" #1: initiating IKEv2 connection',
    'Nov  1 00:00:01 gw pluto[12]: "net" #1: something that no release has said',
    'Nov  1 00:00:02 gw pluto[12]: "net" #1: STATE_V2_PARENT_I1: retransmission; will wait 0.5 seconds for response',
    'Nov  1 00:00:03 gw pluto[12]: "net" #1: STATE_V2_PARENT_I1: retransmission; will wait 1 seconds for response',
  ]],
  ['what was not understood before the peer was heard has not kept it from answering', 'likely auth/public-key-missing', undefined, [
    'Nov  1 00:00:01 gw charon: 09[IKE] <net|1> something that no release has said',
    'Nov  1 00:00:01 gw charon: 10[ENC] <net|1> parsed IKE_AUTH request 1 [ IDi CERT AUTH SA TSi TSr ]',
    "Nov  1 00:00:01 gw charon: 10[IKE] <net|1> no trusted RSA public key found for 'west.example.com'",
  ]],
  ['a line that states the cause states it, whatever was not understood before', 'likely auth/psk-mismatch', 1, [
    'Nov  1 00:00:01 gw charon: 09[IKE] <net|1> something that no release has said',
    'Nov  1 00:00:01 gw charon: 09[IKE] <net|1> calculated HASH does not match HASH payload',
  ]],
  ['which error it was is cut off', 'possible network/no-socket', undefined, ['Nov  1 00:00:01 gw pluto[12]: FATAL ERROR: find IPv4 interfaces failed calling bind(0.0.0.0:500): Address already in >']],
  ['so it is where nobody marks it', 'possible network/unreachable', undefined, ['Nov  1 00:00:01 gw charon: 06[NET] <net|1> error writing to socket: Operation not permi']],
  ['where the rest stands in the next line, it is read', 'likely network/local-firewall', undefined, ['Nov  1 00:00:01 gw charon: 06[NET] <net|1> error writing to socket: Operation not permi', 'tted']],
] as const)('%s', async (_, best, unread, lines) => {
  const [told, line] = await claims(...lines);
  expect([told[0], line]).toEqual([best, unread]);
});

test('an error on the way out is overcome once a packet arrives, though the log ends before it is read', async () => {
  const sent = ['Nov  1 00:00:01 gw charon: 06[IKE] <net|1> initiating IKE_SA net[1] to 198.51.100.7', 'Nov  1 00:00:01 gw charon: 03[NET] <net|1> error writing to socket: Invalid argument', 'Nov  1 00:00:05 gw charon: 06[IKE] <net|1> retransmit 1 of request with message ID 0'];
  expect((await causes(...sent)).length).toBe(1);
  expect(await causes(...sent, 'Nov  1 00:00:05 gw charon: 12[NET] <net|1> received packet: from 198.51.100.7[500] to 192.0.2.1[500] (341 bytes)')).toEqual([]);
});

test('a line of the log that is repeated below it without its stamp is no second failure', async () => {
  const said = 'received AUTHENTICATION_FAILED notify error';
  expect(await causes(`Nov  1 00:00:01 gw charon: 09[IKE] <net|1> ${said}`, said)).toEqual([[1, 'auth/rejected-by-peer']]);
});

test('the number of an SA may have lost the blank behind it', async () => {
  expect(await causes('Nov  1 00:00:01 gw pluto[123]: "net" #580:no acceptable Oakley Transform')).toEqual([[1, 'proposal/ike-mismatch']]);
});

test('the logs of both ends are told apart even if only the headings between them say whose they are', async () => {
  const { connections } = buildReport(await analyzeLines([
    'Server A:', '08:00:00 "net" #1: initiating IKEv2 connection', '08:00:01 "net" #1: IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED', '',
    'Server B:', '08:00:00 "net" #1: processing decrypted IKE_AUTH request: SK{IDi,AUTH}', "08:00:00 \"net\" #1: authentication failed: computed hash does not match hash received from peer ID_FQDN '@a.example.com'",
  ], { rules: [], now: CAPTURED }));
  expect(connections.map(({ host, attempts }) => [host, attempts[0]?.firstFailure?.event])).toEqual([['Server A', 'auth.rejected_by_peer'], ['Server B', 'auth.mac_mismatched']]);
});

test('an indented line, and a sentence with its first word marked, are no headings', async () => {
  const { connections } = buildReport(await analyzeLines([
    " peer certificate 'CN=road.example.com'", "no trusted certificate found for 'road.example.com' to verify TLS peer", '', "**Fix:** Cleared the VPN's cached sign-in info:", "received EAP identity 'road'",
  ], { rules: [], now: CAPTURED }));
  expect(connections.map(({ host }) => host)).toEqual(['']);
});

test('a message with its prefix is no heading, although it is not understood and speaks of a peer', async () => {
  const { connections } = buildReport(await analyzeLines(['[IKE] initiating IKE_SA net[1] to 198.51.100.7', '[IKE] handing over IDs - peer=%any, my=%any', ...WEST.map((text) => `[IKE] ${text}`)], { rules: [], now: CAPTURED }));
  expect(connections).toMatchObject([{ name: 'net', host: '', state: 'failing' }]);
});

test('a log that begins with the answer to the first request is about the connection for which that is repeated', async () => {
  const { connections } = buildReport(await analyzeLines([
    'parsed IKE_SA_INIT response 0 [ N(INVAL_KE) ]', "peer didn't accept DH group CURVE_25519, it requested MODP_2048", 'initiating IKE_SA net[9] to 198.51.100.7', ...WEST,
  ], { rules: [], now: CAPTURED }));
  expect(connections).toMatchObject([{ name: 'net', state: 'failing' }]);
});

const WEST = ['sending packet: from 192.0.2.1[500] to 198.51.100.7[500] (464 bytes)', 'received packet: from 198.51.100.7[500] to 192.0.2.1[500] (36 bytes)', 'parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]', 'received NO_PROPOSAL_CHOSEN notify error'];
const EAST = ['received packet: from 192.0.2.1[500] to 198.51.100.7[500] (464 bytes)', '192.0.2.1 is initiating an IKE_SA', 'received proposals unacceptable', 'sending packet: from 198.51.100.7[500] to 192.0.2.1[500] (36 bytes)'];

test.each([
  ['one below the other', [...WEST, '', ...EAST]],
  ['with stamps and the same name for both hosts', [...WEST.map((text) => `Nov  1 00:00:02 gw charon: 09[IKE] ${text}`), ...EAST.map((text) => `Nov  1 00:00:01 gw charon: 09[IKE] ${text}`)]],
  ['with one heading', [...WEST, '', 'Responder side:', ...EAST]],
])('the logs of both ends are told apart by what is local to each: %s', async (_, lines) => {
  const { connections } = buildReport(await analyzeLines(lines, { rules: [], now: CAPTURED }));
  expect(new Set(connections.flatMap(({ attempts }) => attempts.map(({ firstFailure }) => firstFailure?.event)))).toEqual(new Set(['proposal.no_proposal_received', 'proposal.ike_no_match']));
  expect(new Set(connections.map(({ host }) => host)).size).toBe(2);
});

test('a request that arrives, in the words of strongSwan 6.0.6 and later, is not split where an initiator would begin', async () => {
  const { connections, coverage } = buildReport(await analyzeLines(['192.0.2.1 is initiating IKE_SA (unnamed)[1]', 'received proposals unacceptable'], { rules: [], now: CAPTURED }));
  expect(connections).toMatchObject([{ peer: { address: '192.0.2.1' }, attempts: [{ role: 'responder' }] }]);
  expect(coverage.understood).toBe(2);
});

test('a log is read although headings of both ends\' configurations follow it', async () => {
  const { connections } = buildReport(await analyzeLines([...WEST, '', '# Left side', 'conn net', '  left=192.0.2.1', '# Right side', 'conn net', '  left=198.51.100.7'], { rules: [], now: CAPTURED }));
  expect(connections.flatMap(({ attempts }) => attempts.map(({ firstFailure }) => firstFailure?.event))).toEqual(['proposal.no_proposal_received']);
});

test('a list of bare sentences with the newest first is read from its end', async () => {
  expect(await causes('$ gcloud logging read vpn_gateway', ...EAST.map((text, second) => `2026-03-02T10:11:0${second}.404021Z\t${text}`).reverse())).toEqual([[3, 'proposal/ike-mismatch']]);
});

test.each([['/var/log/charon.log:12:'], ['[pod/strongswan-0/charon] '], ['strongswan-1  | ']])('what a program puts before each line is no part of it: %s', async (label) => {
  expect(await causes(...EAST.map((text) => label + text))).toEqual([[3, 'proposal/ike-mismatch']]);
});

const LEASE = "13[IKE] <rw|3> assigning virtual IP 203.0.113.200 to peer 'carol'";

test.each([
  ['the second is not there', [LEASE, "13[IKE] <rw|3> no virtual IP found for 2001:db8::7 requested by 'carol'"], []],
  ['the first is not there', ["13[IKE] <rw|3> no virtual IP found for 2001:db8::7 requested by 'carol'", LEASE], []],
  ['neither is there', ["13[IKE] <rw|3> no virtual IP found for %any requested by 'carol'", "13[IKE] <rw|3> no virtual IP found for %any6 requested by 'carol'"], [[2, 'child/virtual-ip-unavailable']]],
  ['only one was requested', ["13[IKE] <rw|3> no virtual IP found for %any6 requested by 'carol'", '13[IKE] <rw|3> no virtual IP found, sending INTERNAL_ADDRESS_FAILURE'], [[2, 'child/virtual-ip-unavailable']]],
])('a client that requests two addresses is served if it gets one: %s', async (_, lines, expected) => {
  expect(await causes('13[IKE] <rw|3> IKE_SA rw[3] established between 192.0.2.1[gw.example.com]...198.51.100.7[carol]', ...lines)).toEqual(expected);
});

test('the message ID of a lone retransmission tells that the first request was answered', async () => {
  expect(await causes('retransmit 1 of request with message ID 0', 'retransmit 2 of request with message ID 0')).toEqual([[1, 'network/no-answer']]);
  expect(await causes('retransmit 1 of request with message ID 1', 'retransmit 2 of request with message ID 1')).toEqual([[1, 'network/fragments-lost']]);
});

test('a request that the log has from its beginning is no rekeying that began before', async () => {
  const { connections } = buildReport(await analyzeLines(['07[IKE] <net|3> sending DPD request', '07[ENC] <net|3> generating INFORMATIONAL request 1 [ ]', '08[IKE] <net|3> retransmit 1 of request with message ID 1', '09[IKE] <net|3> retransmit 2 of request with message ID 1'], { rules: [], now: CAPTURED }));
  const findings = connections.flatMap(({ attempts }) => attempts.flatMap((attempt) => attempt.findings.map(({ cause, confidence }) => [cause, confidence])));
  expect(findings).toContainEqual(['lifecycle/peer-dead', 'likely']);
  expect(findings.map(([cause]) => cause)).not.toContain('lifecycle/rekey-failed');
});

test('what an author wrote behind a line is no part of its last value', async () => {
  const { connections } = buildReport(await analyzeLines(['looking for peer configs matching 192.0.2.1[west]...198.51.100.7[east]   # left[leftid]...right[rightid]', 'no matching peer config found'], { rules: [], now: CAPTURED }));
  expect(connections[0]?.peer.id).toBe('east');
});

test('an excerpt may end between the proposals that do not match and the line that says so, but not where one may still be selected', async () => {
  const compared = [
    'Nov  1 00:00:01 gw charon: 09[NET] <1> received packet: from 198.51.100.7[500] to 192.0.2.1[500] (464 bytes)',
    'Nov  1 00:00:01 gw charon: 09[ENC] <1> parsed IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) ]',
    'Nov  1 00:00:01 gw charon: 09[IKE] <1> 198.51.100.7 is initiating an IKE_SA',
    'Nov  1 00:00:01 gw charon: 09[CFG] <1> received proposals: IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
    'Nov  1 00:00:01 gw charon: 09[CFG] <1> configured proposals: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
  ];
  const behindNat = 'Nov  1 00:00:01 gw charon: 09[IKE] <1> remote host is behind NAT';
  expect(await causes(...compared, behindNat)).toEqual([[5, 'proposal/ike-mismatch']]);
  expect(await causes(...compared, 'Nov  1 00:00:01 gw charon: 10[CFG] vici client 3 connected', behindNat)).toEqual([[5, 'proposal/ike-mismatch']]);
  expect(await causes(...compared)).toEqual([]);
  expect(await causes(...compared, 'Nov  1 00:00:01 gw charon: 09[CFG] <1> selected proposal: IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048', behindNat)).toEqual([]);
  expect(await causes(...compared, 'Nov  1 00:00:01 gw charon: 09[CFG] <1> no matching proposal found, trying alternative config', behindNat)).toEqual([]);
  expect(await causes(...compared, behindNat, 'Nov  1 00:00:01 gw charon: 09[IKE] <1> received proposals unacceptable')).toEqual([[7, 'proposal/ike-mismatch']]);
});

test('the stamp that a login printed says nothing about those of the log behind it', async () => {
  const { inferred } = await analyzeLines([
    'Last login: Thu Apr 23 12:48:49 on ttys014',
    '2026-04-24 09:25:52.584584+0900 0x20eeab4  Default     0x0                  15495  0    racoon: [com.apple.networkextension:] CHKPH1THERE: no established ph1 handler found',
  ], { rules: [], now: CAPTURED });
  expect(inferred).toEqual([]);
});
