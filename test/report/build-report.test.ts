import { describe, expect, it } from 'vitest';
import type { Attempt, TimelineEntry } from '../../src/model/attempt.js';
import { buildReport } from '../../src/report/build-report.js';
import { redact } from '../../src/report/redact.js';
import { reportSchema, reportShape } from '../../src/report/shape.js';
import { analysis, at, CHILD_REFUSED, connection, entry, FINDINGS, NO_ANSWER, UP } from './fixtures.js';

const BERLIN = connection('office-berlin', '198.51.100.7', [NO_ANSWER]);
const DEAD = entry('dpd.peer_dead', '10:02:11', 1040, 'DPD: No response from peer - declaring peer dead');
const GONE: Partial<Attempt> = { purpose: 'maintain', outcome: 'timed-out', reached: 'established', entries: [DEAD], firstFailure: DEAD };

describe('buildReport', () => {
  it('fits the published shape, nothing more and nothing less', async () => {
    const report = buildReport(
      analysis([BERLIN, connection('lab', '203.0.113.20', [UP, CHILD_REFUSED])], {
        hostEntries: [{ entry: entry('daemon.port_in_use', '10:00:01', 3, 'bind() failed'), findings: FINDINGS, repeats: 2 }],
        problems: [{ level: 'error', check: 'input', message: 'Missing file', where: { file: 'x.log', line: null }, help: 'Check the name.' }],
      }),
    );
    expect(reportShape.parse(report)).toEqual(report);
    await expect(`${JSON.stringify(reportSchema(), null, 2)}\n`).toMatchFileSnapshot('../../report.schema.json');
  });

  it('withholds digits as in the last line of a dump from lines, but not from names', () => {
    const [named] = buildReport(analysis([{ ...connection('1001', '198.51.100.7', [NO_ANSWER]), host: 'cafe' }])).connections;
    expect(named).toMatchObject({ name: '1001', host: 'cafe' });
    expect(redact('1001')).toBe('[withheld]');
  });

  it('says what fails now, since when and how often', () => {
    const [berlin] = buildReport(analysis([BERLIN])).connections;
    expect(berlin).toMatchObject({
      state: 'failing',
      since: '2026-11-20T10:02:11Z',
      problem: { attempt: 0, attempts: 14, retransmits: 112, since: '2026-11-20T10:02:11Z', last: '2026-11-20T12:31:44Z' },
    });
    expect(berlin?.attempts[0]?.firstFailure).toMatchObject({ event: 'retransmit.gave_up', source: 'auth.log', line: 1042 });
  });

  it.each([
    ['up', [NO_ANSWER, UP]],
    ['failing', [UP, NO_ANSWER]],
    ['failing', [UP, CHILD_REFUSED]],
    ['up', [UP, CHILD_REFUSED, { ...UP, subject: 'child' as const, fields: { 'child.name': 'lab-net' } }]],
    ['failing', [UP, CHILD_REFUSED, { ...UP, subject: 'child' as const, fields: { 'child.name': 'other-net' } }]],
    ['down', [{ ...UP, outcome: 'closed' as const }]],
    ['down', [UP, { ...UP, subject: 'child' as const, outcome: 'closed' as const, retired: true }]],
    ['up', [UP, { ...UP, subject: 'child' as const, retired: true }, { ...UP, subject: 'child' as const }]],
    ['up', [UP, { ...NO_ANSWER, outcome: 'superseded' as const }]],
    ['unknown', [{ outcome: 'log-ends' as const }]],
    ['unknown', []],
  ])('is %s after these attempts', (state, attempts) => {
    const [report] = buildReport(analysis([connection('gw', '198.51.100.7', attempts)])).connections;
    expect(report?.state).toBe(state);
    expect(report?.problem === null).toBe(state !== 'failing');
  });

  it.each([
    ['up before the log, and is not reached again', 'down', [GONE, NO_ANSWER]],
    ['begun in this log, and no Child SA came up under it', 'failing', [UP, GONE, NO_ANSWER]],
  ])('judges the loss of an IKE SA that was %s', (_, state, attempts) => {
    const [report] = buildReport(analysis([connection('gw', '198.51.100.7', attempts)])).connections;
    expect(report).toMatchObject({ state, problem: { attempt: attempts.indexOf(GONE) } });
  });

  it.each([
    ['the IKE SA of the Child SA, whose user has another name', 1, 0],
    ['the IKE SA of another client', 2, 1],
  ])('counts the clients that are up: %s', (_, saNumber, others) => {
    const [up, refused] = [{ ...UP, role: 'responder' as const, saNumber, fields: { 'peer.id': 'dora' } }, { ...CHILD_REFUSED, role: 'responder' as const, saNumber: 1, fields: { 'peer.id': 'client.example.com' } }];
    const [report] = buildReport(analysis([connection('gw', '198.51.100.7', [up, refused], { daemon: 'charon' })])).connections;
    expect(report?.problem?.othersUp).toBe(others);
  });

  it('counts since the last success only', () => {
    const [report] = buildReport(analysis([connection('gw', '198.51.100.7', [NO_ANSWER, UP, { ...NO_ANSWER, repeats: 2 }])])).connections;
    expect(report?.problem).toMatchObject({ attempt: 2, attempts: 2 });
  });

  it('shows the first of the attempts that fail alike, however far each came', () => {
    const attempts = [UP, CHILD_REFUSED, { ...CHILD_REFUSED, reached: 'authenticating' as const, repeats: 3 }];
    const [report] = buildReport(analysis([connection('gw', '198.51.100.7', attempts)])).connections;
    expect(report?.problem).toMatchObject({ attempt: 1, attempts: 4 });
  });

  it.each([
    ['at the same time', '10:00:30', 0],
    ['long after, when the other may have been mended', '10:05:00', 1],
  ])('shows what this end refuses rather than what the peer refuses: %s', (_when, time, shown) => {
    const failing = (role: 'initiator' | 'responder', failure: TimelineEntry): Partial<Attempt> => ({ role, outcome: 'failed', reached: 'authenticating', peerAddress: '198.51.100.7', entries: [failure], firstFailure: failure });
    const here = failing('responder', entry('auth.mac_mismatched', '10:00:00', 1, 'authentication failed: computed hash does not match'));
    const there = failing('initiator', entry('auth.rejected_by_peer', time, 2, 'IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED'));
    const [report] = buildReport(analysis([connection('gw', '198.51.100.7', [here, there])])).connections;
    expect(report?.problem).toMatchObject({ attempt: shown, attempts: 2, failedOtherwise: shown });
  });

  it.each([
    ['meanwhile', '10:00:40', 0],
    ['before, when it may have been mended since', '10:00:05', 1],
  ])('shows the request for a Child SA that this end refuses rather than the silence about another: refused %s', (_when, until, shown) => {
    const failing = (failure: TimelineEntry, started: string, ended: string): Partial<Attempt> => ({ subject: 'child', role: 'responder', outcome: 'failed', peerAddress: '198.51.100.7', started: at(started), ended: at(ended), entries: [failure], firstFailure: failure });
    const refused = failing(entry('child.ts_unacceptable', '10:00:00', 1, 'cannot respond to IPsec SA request'), '10:00:00', until);
    const silent = failing(entry('retransmit.sent', '10:00:13', 2, 'STATE_QUICK_R1: retransmission'), '10:00:10', '10:00:40');
    const [report] = buildReport(analysis([connection('gw', '198.51.100.7', [refused, silent])])).connections;
    expect(report?.problem).toMatchObject({ attempt: shown, attempts: 2, failedOtherwise: shown });
  });

  it('counts apart what failed otherwise before: it did not follow', () => {
    const unreachable = entry('network.icmp_port_unreachable', '09:58:00', 7, 'No route to host');
    const attempts = [{ ...NO_ANSWER, entries: [unreachable], firstFailure: unreachable, repeats: 2, retransmits: 5 }, NO_ANSWER];
    const [report] = buildReport(analysis([connection('gw', '198.51.100.7', attempts)])).connections;
    expect(report?.problem).toMatchObject({ attempt: 1, attempts: 16, failedOtherwise: 2, retransmits: 112 });
  });

  it.each([
    ['retransmit.gave_up', 'newer', 6],
    ['ike.deleted_by_peer', 'older', 4],
  ])('shows %s where the peer deleted an SA and a %s one fails', (event, _, saNumber) => {
    const failure = entry('retransmit.gave_up', '10:02:11', 12, 'max number of retransmissions (2) reached');
    const beside = { outcome: 'timed-out' as const, saNumber, entries: [failure], firstFailure: failure };
    const end = entry('ike.deleted_by_peer', '10:02:20', 20, 'received Delete SA payload');
    const gone = { purpose: 'maintain' as const, outcome: 'closed' as const, saNumber: 5, entries: [end], firstFailure: end };
    const [report] = buildReport(analysis([connection('gw', '198.51.100.7', [beside, gone])])).connections;
    expect(report?.attempts[report.problem?.attempt ?? -1]?.firstFailure?.event).toBe(event);
  });

  it('prints times in the offset that the log has, or in the inferred zone', () => {
    const inBerlin = buildReport(analysis([BERLIN], { inferred: ['zone: Europe/Berlin'] }));
    expect(inBerlin.first).toBe('2026-11-20T11:00:01+01:00');
    const stamped = buildReport(analysis([BERLIN], { inferred: [], firstLine: '2026-11-20T05:30:01.5-04:30 gw charon: x' }));
    expect(stamped.first).toBe('2026-11-20T05:30:01-04:30');
    const ofMac = buildReport(analysis([BERLIN], { inferred: [], firstLine: '2026-11-20 19:00:01.518140+0900 0x20ee Default 0x0 15495 0 racoon: x' }));
    expect(ofMac.first).toBe('2026-11-20T19:00:01+09:00');
  });

  it('passes every text of a log through redaction and sanitizing', () => {
    const bad = '\x1b[2Jsecret "Tr0ub4dor"';
    const failure = entry('auth.failed_local', '10:00:03', 14, bad);
    const finding = { ...FINDINGS[0]!, title: bad, explanation: bad, remedies: [{ side: 'here' as const, do: bad, command: bad }], askPeer: [{ for: 'any' as const, grep: bad, means: bad }] };
    const attempt = { outcome: 'failed' as const, entries: [failure], firstFailure: failure, candidates: [bad], subject: 'child' as const, fields: { 'child.name': bad } };
    const report = buildReport(
      analysis([connection(bad, bad, [attempt], { host: bad, local: { address: null, port: null, id: bad } })], {
        findingsOf: () => [finding],
        checklistOf: () => [{ item: 'x', stage: 'traffic', question: 'Does it pass?', verdict: 'wrong', says: bad, evidence: { line: { source: '\x1b[2J', number: 1, text: bad }, time: null, text: bad }, commands: [{ side: 'here', tells: bad, command: bad }] }],
        hostEntries: [{ entry: failure, findings: [finding], repeats: 1 }],
        coverage: { lines: 1, relevant: 1, understood: 0, unknown: [{ daemon: 'pluto', text: bad, source: '\x1b[2J', line: 1, count: 1 }], unknownOmitted: 0, gaps: [{ event: 'log.gap', source: '\x1b[2J', line: 1, time: null, text: bad }] },
        problems: [{ level: 'error', check: 'input', message: bad, where: { file: '\x1b[2J', line: 1 }, help: bad }],
        sources: ['\x1b[2J'],
      }),
    );
    const text = JSON.stringify(report);
    expect(text).not.toContain('\\u001b');
    expect(text).not.toContain('Tr0ub4dor');
  });
});
