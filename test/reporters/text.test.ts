import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../src/model/analysis.js';
import { buildReport, findsFailures } from '../../src/report/build-report.js';
import { layoutFor } from '../../src/reporters/layout.js';
import { renderText } from '../../src/reporters/text.js';
import { analysis, CHILD_REFUSED, connection, entry, FINDINGS, NO_ANSWER, UP } from '../report/fixtures.js';

function text(input: Analysis, options: { timeline?: boolean; checklist?: boolean; unknown?: boolean; color?: boolean; columns?: number } = {}): string {
  const { timeline = false, checklist = false, unknown = false, color = false, columns = 80 } = options;
  return [...renderText(buildReport(input, null, 'all', 'all'), { layout: layoutFor(columns, color), timeline, checklist, unknown })].join('');
}

const PARIS = connection('office-paris', '203.0.113.9', [UP], { rekeys: 2 });
const BERLIN = connection('office-berlin', '198.51.100.7', [NO_ANSWER]);

describe('renderText', () => {
  it('shows the first screen: what fails with its cause and what to check, then what works', () => {
    expect(text(analysis([PARIS, BERLIN]))).toBe(`\
auth.log · 48,211 lines, 1,904 of them IPsec · 2 connections
Nov 20 10:00:01 to 12:31:44 (no zone in the log, read as UTC)

✗ office-berlin  192.0.2.1 → 198.51.100.7  IKEv1 Main Mode, we initiate
    failing since 10:02:11, 14 attempts
  First failure  10:02:11  the last retransmission was not answered
                 auth.log:1042  "office-berlin" #1: max number of
                 retransmissions (8) reached STATE_MAIN_I1.  No response (or no
                 acceptable response) to our first IKEv1 message
  Cause          likely    UDP port 500 does not get through between 192.0.2.1
                           and 198.51.100.7  network/no-answer
                           Not one packet of 198.51.100.7 arrived: a firewall
                           drops UDP port 500, the address is wrong, or no
                           daemon runs there.
                 possible  the peer speaks only IKEv2 and stays silent
                           version/ike-version-mismatch
  Check next     here      tcpdump -ni any 'host 198.51.100.7 and udp port 500'
                           Watch whether anything comes back while the tunnel is
                           initiated.
                 between   Allow UDP 500 and 4500 in both directions on every
                           firewall on the way.
                 at peer   grep for: "but no connection has been authorized"
                           our packets arrive, and the peer has no connection
                           for them
  Not the cause  13 more attempts and 112 retransmissions followed from it

✓ office-paris   192.0.2.1 ↔ 203.0.113.9   IKEv2  up since 10:00:03, rekeyed 2×
`);
  });

  it('shows one of many tunnels that fail alike and names the others below it', () => {
    const branches = Array.from({ length: 45 }, (_, index) => connection(`branch-${index + 1}`, `198.51.100.${index + 10}`, [NO_ANSWER]));
    const report = text(analysis([...branches, connection('lab', '203.0.113.20', [UP, CHILD_REFUSED]), PARIS]));
    expect(report.split('\n').filter((line) => /^[✗✓]/.test(line)).map((line) => line.split(/ +/)[1])).toEqual(['branch-1', 'lab', 'office-paris']);
    expect(report).toContain('47 connections, 46 of them failing');
    expect(report).toContain('  Likewise       44 more connections (--connection NAME shows one):\n                 branch-2, branch-3,');
    expect(report).toContain('branch-41 and 4 more\n');
    expect(text(analysis(branches.slice(0, 3)))).not.toContain('Likewise');
    expect(text(analysis(branches), { checklist: true })).not.toContain('Likewise');
  });

  it('gives the same advice once', () => {
    const failures = [3, 4].map((line) => ({ entry: entry('config.bad_value', '10:00:01', line, 'bad value'), findings: FINDINGS, repeats: 1 }));
    const report = text(analysis([], { hostEntries: failures }));
    expect(report.match(/tcpdump/g)).toHaveLength(1);
    expect(report).toContain('  Check next     as above\n');
  });

  it('says once what both the log and a status output show', () => {
    const observed = (findings: Analysis['hostEntries'][number]['findings']) => ({ entry: entry('observed.ike_not_taken', '10:00:02', 9, '198.51.100.7.500 > 192.0.2.1.500: isakmp'), findings, repeats: 1 });
    expect(text(analysis([BERLIN], { observedOf: () => [observed(FINDINGS)] }))).toMatch(/ {2}Status shows[^]*9 {2}198[^]*\n {2}Cause {10}as above\n/);
    expect(text(analysis([BERLIN], { observedOf: () => [observed([{ ...FINDINGS[0]!, confidence: 'certain' }])] }))).toMatch(/ {2}Status shows[^]*\n {2}Cause {10}certain /);
  });

  it('puts the host first, then tunnels, then Child SAs under an IKE SA that is up', () => {
    const report = text(
      analysis([connection('lab', '203.0.113.20', [UP, CHILD_REFUSED]), BERLIN], {
        hostEntries: [{ entry: entry('daemon.port_in_use', '10:00:01', 3, 'bind() failed'), findings: [], repeats: 2 }],
      }),
    );
    expect(report.split('\n').filter((line) => line.startsWith('✗'))).toEqual([
      '✗ whole host gw   2 times, first at 10:00:01',
      '✗ office-berlin  192.0.2.1 → 198.51.100.7  IKEv1 Main Mode, we initiate',
      '✗ lab            192.0.2.1 → 203.0.113.20  IKEv2, we initiate',
    ]);
    expect(report).toContain('UDP port 500 or 4500 is in use by another program\n                           unexplained');
    expect(report).toContain('Child SA lab-net failing since 10:00:03, the IKE SA is up');
  });

  it('puts below what fails, and marks as open, a failure of the host of which perhaps nothing comes', () => {
    const possible = { ...FINDINGS[1]!, confidence: 'possible' as const };
    const hostEntries = [{ entry: entry('observed.kernel_counter', '10:00:01', 3, 'XfrmInNoStates 7'), findings: [possible], repeats: 1 }];
    const heads = (report: string): string[] => report.split('\n').filter((line) => /^[✗?✓]/.test(line)).map((line) => line.split(/ {2,}/)[0]!);
    expect(heads(text(analysis([PARIS, BERLIN], { hostEntries })))).toEqual(['✗ office-berlin', '✓ office-paris', '? whole host gw']);
    expect(heads(text(analysis([PARIS], { hostEntries })))).toEqual(['? whole host gw', '✓ office-paris']);
    expect(findsFailures(analysis([PARIS], { hostEntries }))).toBe(false);
    expect(findsFailures(analysis([PARIS], { hostEntries: [{ ...hostEntries[0]!, findings: [{ ...possible, confidence: 'likely' }] }] }))).toBe(true);
    expect(findsFailures(analysis([PARIS], { hostEntries: [{ ...hostEntries[0]!, entry: entry('daemon.start_failed', '10:00:01', 3, 'gave up') }] }))).toBe(true);
  });

  it('keeps to 80 columns, except for words and commands that must stay whole', () => {
    const long = { ...FINDINGS[0]!, remedies: [{ side: 'here' as const, do: 'Look.', command: `tcpdump ${'x-'.repeat(45)}` }] };
    const report = text(analysis([PARIS, BERLIN], { findingsOf: () => [long] }), { timeline: true });
    expect(report.split('\n').filter((line) => line.length > 80)).toEqual([`  Check next     here      ${long.remedies[0]!.command}`]);
  });

  it('tells the whole story with the first failure marked and retransmissions folded', () => {
    const story = text(analysis([BERLIN]), { timeline: true }).split('office-berlin   192.0.2.1 ↔')[1];
    expect(story?.split('\n').slice(2)).toEqual([
      '  IKE SA · IKEv1 Main Mode, we initiate · timed out · the first of 14 identical',
      '  attempts · lines from auth.log',
      '    1021  10:01:07  "office-berlin" #1: initiating IKEv1 Main Mode connection',
      '    1022  10:01:08  "office-berlin" #1: STATE_MAIN_I1: retransmission; will wait',
      '                    0.5 seconds for response  (3 retransmissions up to line',
      '                    1025, 10:01:11)',
      '  ✗ 1042  10:02:11  "office-berlin" #1: max number of retransmissions (8)',
      '                    reached STATE_MAIN_I1.  No response (or no acceptable',
      '                    response) to our first IKEv1 message',
      '                    ↑ first failure: the last retransmission was not answered',
      '',
    ]);
  });

  it('begins with the attempt that began first', () => {
    const refused = { ...CHILD_REFUSED, entries: [entry('child.ts_rejected_by_peer', '10:00:03', 14, 'received TS_UNACCEPTABLE notify, no CHILD_SA built')] };
    expect(text(analysis([connection('lab', '203.0.113.20', [refused, UP])]), { timeline: true })).toMatch(/\n {2}IKE SA[^]*\n {2}Child SA/);
  });

  it('says honestly what it could not see', () => {
    const attempt = { ...NO_ANSWER, visibleStartOnly: true, candidates: ['office-rome'] };
    const coverage = { lines: 9, relevant: 9, understood: 6, unknown: [{ daemon: 'pluto', text: 'odd', source: 'auth.log', line: 7, count: 2 }], unknownOmitted: 1, gaps: [] };
    const input = analysis([connection('gw', '198.51.100.7', [attempt])], { coverage, findingsOf: () => [] });
    const report = text(input, { unknown: true });
    expect(report).toContain('First visible');
    expect(report).toContain('it may also belong to office-rome');
    expect(report).toContain('unknown: no rule explains this event yet');
    expect(report).toContain('3 IPsec lines not understood\n       2×  pluto  odd  auth.log:7\n  and 1 line of rarer kinds\n');
    expect(text(input)).toContain('3 IPsec lines not understood (--unknown lists them)\n');
  });

  it('says what to pass when nothing is about IPsec', () => {
    const coverage = { lines: 120, relevant: 0, understood: 0, unknown: [], unknownOmitted: 0, gaps: [] };
    expect(text(analysis([], { coverage }))).toMatch(/^no line from charon, pluto or racoon found in 120 lines of auth\.log\n {2}Pass the log/);
  });

  it('answers the checklist below its connection when asked: a line is quoted once, what a command tells is said once', () => {
    const line = entry('ike.established', '10:00:03', 12, 'IKE SA is up').event.message.record.line;
    const evidence = { line, time: null, text: 'IKE SA is up' };
    const command = { side: 'here' as const, tells: 'Shows whether ESP leaves.', command: "tcpdump -ni any 'host 198.51.100.7 and esp'" };
    const input = analysis([PARIS], {
      checklistOf: () => [
        { item: 'a', stage: 'phase-1', question: 'Is the IKE SA up?', verdict: 'good', says: 'it came up', evidence, commands: [] },
        { item: 'b', stage: 'phase-1', question: 'Is the secret right?', verdict: 'wrong', says: 'it is not', evidence, commands: [command] },
        { item: 'c', stage: 'traffic', question: 'Does ESP pass?', verdict: 'unknown', says: 'nothing tells', evidence: null, commands: [command, { side: 'between', tells: 'Look there.', command: null }] },
      ],
    });
    expect(text(input)).not.toContain('Phase 1');
    expect(text(input, { checklist: true })).toContain(`
  Phase 1: the IKE SA
  ✓ Is the IKE SA up?
      it came up  auth.log:12
      IKE SA is up
  ✗ Is the secret right?
      it is not  auth.log:12
      here     tcpdump -ni any 'host 198.51.100.7 and esp'
               Shows whether ESP leaves.

  Traffic through the tunnel (nothing tells)
  ? Does ESP pass?
      here     tcpdump -ni any 'host 198.51.100.7 and esp'
      between  Look there.
`);
  });

  it('colours only when asked', () => {
    expect(text(analysis([BERLIN]))).not.toContain('\x1b');
    expect(text(analysis([BERLIN]), { color: true })).toContain('\x1b[31m');
  });
});
