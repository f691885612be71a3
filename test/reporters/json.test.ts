import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { buildReport, findsFailures, openReport } from '../../src/report/build-report.js';
import { renderJson } from '../../src/reporters/json.js';
import { analyze } from '../../src/pipeline.js';
import { CAPTURED, SAMPLES } from '../samples.js';
import { analysis, connection, NO_ANSWER, UP } from '../report/fixtures.js';

describe('renderJson', () => {
  it.each(['five-tunnels-one-fails-ss598-ss598', 'psk-mismatch-ikev2-ss598-ls410'])('prints the connections of %s one by one, and the same document as at once', async (sample) => {
    const found = await analyze([join(SAMPLES, sample, 'west.syslog.log')], { rules: [], now: CAPTURED, live: false });
    const printed = [...renderJson(openReport(found, null, 'all', 'failing'))];
    const whole = buildReport(found);
    expect(printed.length).toBeGreaterThan(whole.connections.length + Object.keys(whole).length);
    expect(printed.join('')).toBe(`${JSON.stringify(whole)}\n`);
  });

  it('prints a report without connections', () => {
    const report = openReport(analysis([]), null, 'none', 'none');
    expect(JSON.parse([...renderJson(report)].join(''))).toEqual(buildReport(analysis([])));
  });
});

describe('a report whose connections are made when asked for', () => {
  const [up, failing] = [connection('paris', '203.0.113.9', [UP]), connection('berlin', '198.51.100.7', [NO_ANSWER])];

  it('has each at its place', () => {
    const report = openReport(analysis([up, failing]), null, 'all', 'failing');
    expect([report.connections.at(0), report.connections.at(1), report.connections.at(2)].map((each) => each?.name)).toEqual(['paris', 'berlin', undefined]);
    expect([...report.connections]).toEqual([...report.connections]);
  });

  it('need not be made to know whether something fails', () => {
    expect(findsFailures(analysis([up]))).toBe(false);
    expect(findsFailures(analysis([up, failing]))).toBe(true);
  });
});
