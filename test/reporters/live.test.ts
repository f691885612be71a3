import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/model/attempt.js';
import type { Change } from '../../src/model/change.js';
import { buildChange } from '../../src/report/build-report.js';
import { renderNdjson, renderNdjsonChange } from '../../src/reporters/json.js';
import { layoutFor } from '../../src/reporters/layout.js';
import { LivePrinter } from '../../src/reporters/live.js';
import { buildReport } from '../../src/report/build-report.js';
import { analysis, at, connection, FINDINGS, NO_ANSWER, UP } from '../report/fixtures.js';

function attempt(extra: Partial<Attempt>): Attempt {
  return connection('office-berlin', '198.51.100.7', [{ ...NO_ANSWER, ...extra }]).attempts[0]!;
}

function printed(changes: readonly Change[], terminal: boolean): string {
  let output = '';
  const printer = new LivePrinter({ layout: layoutFor(120, false), terminal, write: (text) => (output += text) });
  changes.forEach((change) => printer.print(buildChange(change, null)));
  printer.finish();
  return output;
}

const repeated = (count: number): Change => ({ type: 'repeated', attempt: attempt({ repeats: count }), findings: FINDINGS, product: null });
const stalled: Change = { type: 'stalled', attempt: attempt({ outcome: 'stalled', retransmits: 3 }), findings: FINDINGS, product: null };
const failed: Change = { type: 'failed', attempt: attempt({}), findings: FINDINGS, product: null };
const recovered: Change = { type: 'recovered', attempt: attempt(UP) };

describe('LivePrinter', () => {
  it('reports a stall with its cause, then in one line that the daemon gave up, then the recovery', () => {
    const output = printed([stalled, failed, recovered], false);
    expect(output).toContain('stalled: no answer since Nov 20 10:02:11, 3 retransmissions so far, still trying');
    expect(output.match(/network\/no-answer/g)).toHaveLength(1);
    const ends = output.trimEnd().split('\n').filter((line) => /^[✗✓]/.test(line));
    expect(ends[0]).toBe('✗ office-berlin   192.0.2.1 → 198.51.100.7   timed out at Nov 20 10:02:11');
    expect(ends[1]).toMatch(/^✓ office-berlin/);
    expect(output).toContain('recovered: IKE SA is up at Nov 20 10:00:03');
  });

  it('tells of a silence when it was given up, not when it began', () => {
    expect(printed([{ ...failed, attempt: attempt({ ended: at('10:02:40') }) }], false)).toContain('timed out at Nov 20 10:02:40');
  });

  it('counts repetitions at powers of two in a file', () => {
    const output = printed([2, 3, 4, 5, 6, 7, 8, 9].map(repeated), false);
    expect(output.match(/\d+(?= attempts so far)/g)).toEqual(['2', '4', '8']);
  });

  it('rewrites the count in place on a terminal and leaves it before anything else', () => {
    const output = printed([repeated(2), repeated(3), recovered], true);
    const lines = output.split('\n');
    expect(lines[0]).toMatch(/2 attempts so far.*\r\x1b\[2K.*3 attempts so far/);
    expect(lines[1]).toMatch(/^✓ office-berlin/);
  });
});

describe('ndjson', () => {
  it('is one object a line, each with its type', () => {
    const report = buildReport(analysis([connection('gw', '198.51.100.7', [NO_ANSWER])]));
    const lines = [...renderNdjson(report), renderNdjsonChange(buildChange(failed, null))].join('').trimEnd().split('\n').map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(['connection', 'coverage', 'change']);
    expect(lines[2]).toMatchObject({ change: 'failed', connection: { name: 'office-berlin' }, attempt: { firstFailure: { line: 1042 } } });
  });
});
