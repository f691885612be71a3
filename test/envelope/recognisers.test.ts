import { describe, expect, it } from 'vitest';

import { createEnvelopeReader } from '../../src/envelope/index.js';
import type { LogRecord } from '../../src/model/log-record.js';
import { RECOGNISERS } from './recognisers.js';
import { passedBy } from './passed.js';

function readAll(lines: readonly string[]): LogRecord[] {
  const reader = createEnvelopeReader({ now: Date.parse('2026-11-21T12:00:00Z') });
  const records: LogRecord[] = [];
  lines.forEach((text, index) => reader.readEach({ source: 'a.log', number: index + 1, text }, (record) => records.push(record)));
  return [...records, ...reader.end('a.log')];
}

describe('the catalogue of envelopes', () => {
  it.each(Object.entries(RECOGNISERS))('%s', (_form, entry) => {
    const read = readAll(entry.lines).map(({ program, message }) => `${program}: ${message}`);
    expect(read).toEqual('records' in entry ? entry.records : []);
  });

  it.each(Object.entries(RECOGNISERS))('%s: the filter passes what is read', (_form, { lines }) => {
    const noise = Array.from({ length: 20 }, (_, index) => `Nov 20 09:00:01 gw sshd[${index}]: session opened`);
    const texts = [...lines, ...noise];
    const { filter } = createEnvelopeReader({ now: Date.parse('2026-11-21T12:00:00Z') });
    const wanted = readAll(texts).map(({ line }) => line.number);
    expect(passedBy(filter, texts)).toEqual(expect.arrayContaining(wanted));
  });
});
