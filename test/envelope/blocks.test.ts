import { describe, expect, it } from 'vitest';

import { createEnvelopeReader } from '../../src/envelope/index.js';
import type { LogRecord } from '../../src/model/log-record.js';
import { passedBy } from './passed.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const HEADER = 'Fri 2026-11-20 10:00:01.000123 UTC [s=a;i=1;b=c;m=d;t=660b24eb20abb;x=e]';

/** The records of a source with these lines, as `program[pid]@host message`, with their line numbers. */
function recordsOf(texts: readonly string[]): [string, string | null, number][] {
  const reader = createEnvelopeReader({ now: NOW });
  const records = texts.map((text, index) => reader.read({ source: 'a', number: index + 1, text }));
  return [...records, ...reader.end('a')].filter((record): record is LogRecord => record !== null)
    .map((record) => [`${record.program}[${record.pid}]@${record.host} ${record.message}`, record.time === null ? null : new Date(record.time).toISOString(), record.line.number]);
}

/** How many of the lines the filter passes, if read as a file. */
const passed = (texts: readonly string[]): number => passedBy(createEnvelopeReader({ now: NOW }).filter, texts).length;

const EXPORT = ['__CURSOR=s=a;i=1', '__REALTIME_TIMESTAMP=1795168801000123', '_HOSTNAME=gw', 'SYSLOG_IDENTIFIER=charon', '_PID=812', 'MESSAGE=05[IKE] text', ''];
const VERBOSE = [HEADER, '    _HOSTNAME=gw', '    SYSLOG_IDENTIFIER=charon', '    MESSAGE=05[IKE] text', '    _PID=812'];
const PRETTY = ['{', '\t"__REALTIME_TIMESTAMP" : "1795168801000123",', '\t"_HOSTNAME" : "gw",', '\t"SYSLOG_IDENTIFIER" : "charon",', '\t"_PID" : "812",', '\t"MESSAGE" : "05[IKE] text"', '}'];
const CLOUD = ['[', '  {', '    "timestamp": 1795168801000,', '    "labels": {', '      "zone": "a"', '    },', '    "message": "Nov 20 10:00:01 gw charon[812]: 05[IKE] text"', '  },', '  {', '    "message": "x"', '  }', ']'];
const TEXT = 'charon[812]@gw 05[IKE] text';

describe('entries of many lines', () => {
  it.each([
    ['journalctl -o export', EXPORT, 6, '2026-11-20T10:00:01.000Z'],
    ['journalctl -o verbose', VERBOSE, 4, '2026-11-20T10:00:01.000Z'],
    ['journalctl -o json-pretty', PRETTY, 6, '2026-11-20T10:00:01.000Z'],
    ['what cloud tools print', CLOUD, 7, '2026-11-20T10:00:01.000Z'],
  ])('are read: %s', (_form, texts, line, time) => {
    expect(recordsOf(texts)).toEqual([[TEXT, time, line]]);
    expect(recordsOf([...texts, ...texts])).toEqual([[TEXT, time, line], [TEXT, time, line + texts.length]]);
    expect(passed(texts)).toBe(texts.length);
  });

  it('may have binary fields: AppArmor adds one to each entry that came through syslog', () => {
    const binary = (name: string, value: string): string[] => [name, ...`${String.fromCharCode(value.length)}${value}`.split('\n')];
    const [cursor = '', ...fields] = EXPORT.slice(0, -2);
    const context = binary('_SELINUX_CONTEXT', 'unconfined\n');
    const entries = [
      [cursor, ...context, ...fields, 'MESSAGE=05[IKE] one', ''],
      [cursor, ...fields, ...binary('MESSAGE', '05[IKE] two\u0007'), ...context, ''],
      [cursor, ...fields, ...context, ...binary('MESSAGE', '05[IKE] t\n'), 'PRIORITY=6', ''],
      [cursor, ...fields, 'MESSAGE=05[IKE] four', ...context, ''],
    ];
    expect(recordsOf(entries.flat()).map(([message]) => message.slice(15))).toEqual(['05[IKE] one', '05[IKE] two\u0007', '05[IKE] t', '05[IKE] four']);
  });

  it('end where another form begins', () => {
    const syslog = 'Nov 20 10:00:01 gw charon[812]: 05[IKE] text';
    const messages = recordsOf([...EXPORT, syslog, ...VERBOSE, syslog, ...PRETTY]).map(([message]) => message);
    expect(messages).toEqual([TEXT, TEXT, TEXT, TEXT, TEXT]);
  });

  it('are given up where they do not end', () => {
    const reader = createEnvelopeReader({ now: NOW });
    const start = process.cpuUsage();
    for (let number = 1; number < 20_000; number++) reader.read({ source: 'a', number, text: number % 3000 === 1 ? '{' : '  "a": {' });
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000);
    expect(reader.read({ source: 'a', number: 20_000, text: 'Nov 20 10:00:01 gw charon: 05[IKE] x' })?.message).toBe('05[IKE] x');
  });
});
