import { describe, expect, it } from 'vitest';

import { isHinted } from '../../src/envelope/formats/programs.js';
import { createEnvelopeReader, readZone } from '../../src/envelope/index.js';
import type { EnvelopeReader } from '../../src/envelope/index.js';
import { UsageError } from '../../src/model/problem.js';
import { DAEMON_PROGRAMS } from '../../src/model/programs.js';
import type { SourceLine } from '../../src/model/source-line.js';
import { passedBy } from './passed.js';
import { SAMPLES } from './samples.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');

function linesOf(texts: readonly string[], source = 'a.log'): SourceLine[] {
  return texts.map((text, index) => ({ source, number: index + 1, text }));
}

function timesOf(texts: readonly string[], options: Parameters<typeof createEnvelopeReader>[0]): (string | null)[] {
  const reader = createEnvelopeReader(options);
  return linesOf(texts).map((line) => new Date(reader.read(line)?.time ?? Number.NaN).toISOString());
}

describe('formats', () => {
  it.each(Object.values(DAEMON_PROGRAMS).flat())('a line of the program %s is found in an archive', (program) => {
    const text = `Nov 20 10:00:01 gw ${program}[812]: any words`;
    expect(isHinted(text)).toBe(true);
    expect(createEnvelopeReader({ now: NOW }).read({ source: 'a.log', number: 1, text })).toMatchObject({ program, pid: 812, message: 'any words' });
  });

  it.each(SAMPLES)('$form', ({ line: text, expect: expected }) => {
    const [line] = linesOf([text]);
    const record = createEnvelopeReader({ now: NOW }).read(line as SourceLine);
    if (expected === null) return expect(record).toBeNull();
    const time = record?.time == null ? null : new Date(record.time).toISOString();
    expect({ ...record, time }).toMatchObject(expected);
    expect(record?.line).toBe(line);
    return expect(record?.repeats).toBe(expected.repeats ?? 1);
  });

  it('does not depend on the format of the line before', () => {
    const reader = createEnvelopeReader({ now: NOW });
    for (const [index, sample] of [...SAMPLES, ...SAMPLES.toReversed()].entries()) {
      const record = reader.read({ source: 'a.log', number: index + 1, text: sample.line });
      const { form } = sample;
      if (sample.expect === null) expect(record?.time ?? null, form).toBeNull();
      else expect(record, form).toMatchObject({ message: sample.expect.message ?? record?.message, repeats: sample.expect.repeats ?? 1 });
    }
  });

  it('keeps text without stamp only in the daemons\' own files', () => {
    const own = createEnvelopeReader({ now: NOW });
    expect(linesOf(['00[DMN] Starting', '   0: 00 01 02 03', '']).map((line) => own.read(line)?.message)).toEqual(['00[DMN] Starting', '   0: 00 01 02 03', undefined]);
    const syslog = createEnvelopeReader({ now: NOW });
    expect(linesOf(['Nov 20 10:00:01 gw charon: 00[DMN] Starting', '   0: 00 01']).map((line) => syslog.read(line)?.message)).toEqual(['00[DMN] Starting', undefined]);
  });

  it.each([
    ['Graylog', ['"timestamp","source","message"', '"2026-11-20T10:00:01Z","gw1","pluto[9]: ""gw"" #1: text"', '"2026-11-20T10:00:02Z","gw2","charon: 05[IKE] text"']],
    ['Kibana', ['@timestamp;host.name;message', '2026-11-20T10:00:01Z;gw1;pluto[9]: text', '2026-11-20T10:00:02Z;gw2;charon: 05[IKE] text']],
  ])('takes the host from the column that the heading names: %s', (_form, texts) => {
    const [streamed, file] = [createEnvelopeReader({ now: NOW }), createEnvelopeReader({ now: NOW })];
    expect(linesOf(texts).map((line) => streamed.read(line)?.host)).toEqual([undefined, 'gw1', 'gw2']);
    passedBy(file.filter, texts);
    expect(linesOf(texts).slice(1).map((line) => file.read(line)?.host)).toEqual(['gw1', 'gw2']);
  });

  it('joins the pieces of a line in a container, those of each stream', () => {
    const reader = createEnvelopeReader({ now: NOW });
    const texts = ['stdout P 05[IKE] <gw|1> initiating ', 'stderr F 06[CFG] other', 'stdout P IKE_SA gw[1] ', 'stdout F to 192.0.2.1', 'stderr P 07[CFG] cut'];
    const records = linesOf(texts.map((text) => `2026-11-20T10:00:01Z ${text}`)).map((line) => reader.read(line)?.message);
    expect([...records, ...reader.end('a.log').map(({ message }) => message)]).toEqual([undefined, '06[CFG] other', undefined, '05[IKE] <gw|1> initiating IKE_SA gw[1] to 192.0.2.1', undefined, '07[CFG] cut']);
  });

  it('attributes "last message repeated" only to the line right before', () => {
    const reader = createEnvelopeReader({ now: NOW });
    const texts = ['Nov 20 10:00:01 gw pluto[9]: text', 'Nov 20 10:00:31 gw last message repeated 2 times', 'Nov 20 10:00:32 gw CRON[7]: x', 'Nov 20 10:01:02 gw last message repeated 5 times'];
    const records = linesOf(texts).map((line) => reader.read(line));
    expect(records.map((record) => record && [record.message, record.repeats])).toEqual([['text', 1], ['text', 2], null, null]);
    expect(records[1]?.time).toBe(Date.parse('2026-11-20T10:00:31Z'));
  });
});

describe('filter', () => {
  const noise = Array.from({ length: 40 }, (_, index) => `Nov 20 09:00:01 gw sshd[${index}]: session opened`);

  it.each(SAMPLES.filter((sample) => sample.expect !== null))('never drops what is read: $form', ({ line }) => {
    for (const texts of [[line, ...noise], [...noise, line], [line, line]]) {
      const { filter, read } = createEnvelopeReader({ now: NOW });
      const passed = passedBy(filter, texts);
      const wanted = linesOf(texts).filter((candidate) => read(candidate) !== null).map(({ number }) => number);
      expect(passed).toEqual(expect.arrayContaining(wanted));
      expect(wanted).toContain(texts.indexOf(line) + 1);
    }
  });
});

describe('time', () => {
  const at = (stamp: string): string => `${stamp} gw pluto[9]: text`;

  it('takes the year given', () => {
    expect(timesOf([at('Dec 31 23:59:59'), at('Jan  1 00:00:01')], { year: 2019, now: NOW })).toEqual(['2019-12-31T23:59:59.000Z', '2020-01-01T00:00:01.000Z']);
  });

  it('infers the year so that nothing lies ahead, and goes on over New Year', () => {
    expect(timesOf([at('Dec 30 10:00:00'), at('Jan  2 10:00:00'), at('Dec 31 23:00:00'), at('Jan  3 10:00:00')], { now: NOW })).toEqual([
      '2025-12-30T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2025-12-31T23:00:00.000Z', '2026-01-03T10:00:00.000Z',
    ]);
  });

  it('takes the year from another line that has one, also from one below', () => {
    const texts = [at('Dec 31 23:59:59'), at('Jan  1 00:00:01'), '2024-01-01T00:00:05Z gw dhclient[3]: bound', at('Jan  2 00:00:00')];
    const reader = createEnvelopeReader({ now: NOW });
    const lines = linesOf(texts);
    reader.isNewestFirst(lines[0]?.source ?? '', lines);
    expect(lines.map((line) => reader.read(line)).flatMap((record) => (record?.time == null ? [] : [new Date(record.time).getUTCFullYear()]))).toEqual([2023, 2024, 2024]);
  });

  it('finds the leap year of February 29', () => {
    expect(timesOf([at('Feb 29 10:00:00')], { now: NOW })).toEqual(['2024-02-29T10:00:00.000Z']);
  });

  it('reads local time in the zone given, with daylight saving', async () => {
    const zone = await readZone('Europe/Berlin');
    expect(timesOf([at('Mar 29 01:59:59'), at('Mar 29 03:00:00'), at('Oct 26 12:00:00')], { zone, now: NOW })).toEqual([
      '2026-03-29T00:59:59.000Z', '2026-03-29T01:00:00.000Z', '2026-10-26T11:00:00.000Z',
    ]);
    expect(timesOf(['2026-07-01T10:00:00+05:30 gw pluto[9]: text'], { zone, now: NOW })).toEqual(['2026-07-01T04:30:00.000Z']);
    expect(timesOf([at('Nov 20 10:00:00')], { zone: await readZone('-03:30'), now: NOW })).toEqual(['2026-11-20T13:30:00.000Z']);
  });

  it('reads the hour that comes twice in autumn twice', async () => {
    const zone = await readZone('Europe/Berlin');
    const stamps = ['Oct 25 01:59:00', 'Oct 25 02:10:00', 'Oct 25 02:50:00', 'Oct 25 02:49:59', 'Oct 25 02:20:00', 'Oct 25 02:55:00', 'Oct 25 03:00:00'];
    const expected = ['23:59:00', '00:10:00', '00:50:00', '00:49:59', '01:20:00', '01:55:00', '02:00:00'].map((time, index) => `2026-10-${index === 0 ? 24 : 25}T${time}.000Z`);
    expect(timesOf(stamps.map(at), { zone, now: NOW })).toEqual(expected);
    expect(timesOf(stamps.map((stamp) => `2026-10-${stamp.slice(4)} gw pluto[9]: text`), { zone, now: NOW })).toEqual(expected);
  });

  it('goes on over New Year while it reads, and knows when a file was last written', () => {
    let present = Date.parse('2026-12-31T23:00:00Z');
    const reader = createEnvelopeReader({ now: present, present: () => present, lastWritten: (source) => ({ 'old.log': Date.parse('2019-06-01T00:00:00Z'), 'unset.log': 0 })[source] });
    const read = (source: string, stamp: string): string => new Date(reader.read({ source, number: 1, text: at(stamp) })?.time ?? 0).toISOString().slice(0, 10);
    expect(read('-', 'Dec 31 23:00:00')).toBe('2026-12-31');
    present += 86_400_000 * 3;
    expect(read('-', 'Jan  3 22:00:00')).toBe('2027-01-03');
    expect(read('old.log', 'Nov 20 10:00:00')).toBe('2018-11-20');
    expect(read('old.log', 'May 20 10:00:00')).toBe('2019-05-20');
    expect(read('unset.log', 'Nov 20 10:00:00')).toBe('2026-11-20');
  });

  it.each(['-- Logs begin at Mon 2018-12-03 09:12:44 CET, end at Tue 2019-03-05 11:47:02 CET. --', '-- Journal begins at Mon 2018-12-03 09:12:44 CET, ends at Tue 2019-03-05 11:47:02 CET. --'])('takes the year from %s', (span) => {
    const texts = [span, at('Dec 20 10:00:00'), at('Mar 05 10:00:00')];
    const [streamed, file] = [createEnvelopeReader({ now: NOW }), createEnvelopeReader({ now: NOW })];
    const yearsOf = (reader: EnvelopeReader, from: number): (number | null)[] => linesOf(texts).slice(from).map((line) => reader.read(line)).map((record) => record && new Date(record.time ?? 0).getUTCFullYear());
    expect(yearsOf(streamed, 0)).toEqual([null, 2018, 2019]);
    passedBy(file.filter, texts);
    expect(yearsOf(file, 1)).toEqual([2018, 2019]);
  });

  it('says what it inferred', async () => {
    const inferred = (text: string, options: Parameters<typeof createEnvelopeReader>[0]): string[] => {
      const reader = createEnvelopeReader(options);
      linesOf([text]).forEach((line) => reader.read(line));
      return reader.inferred();
    };
    expect(inferred(at('Nov 20 10:00:00'), { now: NOW })).toEqual(['year: 2026', 'zone: UTC']);
    expect(inferred(at('Nov 20 10:00:00'), { now: NOW, year: 2020, zone: await readZone('UTC') })).toEqual([]);
    expect(inferred(at('2026-11-20T10:00:00Z'), { now: NOW })).toEqual([]);
  });

  it.each([
    '<p>Nov 20 10:00:01 gw charon: 05<span class="error">&#91;IKE&#93;</span> &lt;gw|3&gt; text<br/>',
    '[FONT=Verdana][COLOR=#000000]Nov 20 10:00:01 gw charon: 05[IKE] <gw|3> [/COLOR][COLOR=#ff0000]text[/COLOR][/FONT]',
  ])('takes off what trackers and forums put around the words: %s', (text) => {
    const reader = createEnvelopeReader({ now: NOW });
    const record = reader.read({ source: 'a.log', number: 1, text });
    expect(record === null ? null : (reader.repair(record) ?? record).message).toBe('05[IKE] <gw|3> text');
  });

  it('refuses an unknown zone', async () => {
    await expect(readZone('Mars/Olympus')).rejects.toThrow(UsageError);
  });
});

describe('hostile lines', () => {
  const long = 16_000;
  it.each([
    ['digits', '0'.repeat(long)], ['quotes', '"'.repeat(long)], ['brackets', `<30>1 2026-11-20T10:00:01Z gw charon 1 - ${'['.repeat(long)}`],
    ['deep JSON', `{"__REALTIME_TIMESTAMP":${'['.repeat(long)}`], ['blanks', `Nov 20 10:00:01 ${' '.repeat(long)}`], ['repeats', `Nov 20 10:00:01 gw charon: ${'message repeated '.repeat(900)}`],
    ['entities', '&lt;'.repeat(long / 4)], ['elements', '<p '.repeat(long / 3)], ['forum codes', '[color='.repeat(long / 7)], ['tabs', '\t'.repeat(long)], ['commas', 'a,'.repeat(long / 2)], ['quoted cells', '"a","'.repeat(long / 5)], ['colons', ': '.repeat(long / 2)],
    ['nested JSON', '{"message":"'.repeat(long / 12)], ['keys', ' msg="'.repeat(long / 6)], ['escapes', '\u001b['.repeat(long / 2)],
    ['wrong stamps', 'Nov 99 99:99:99 gw charon: x'], ['half a stamp', 'Nov 20 10:'], ['wrong month', '2026-13-45T10:00:01Z gw charon: x'],
  ])('%s neither stop nor slow it', (_name, text) => {
    const reader = createEnvelopeReader({ now: NOW });
    const start = process.cpuUsage();
    for (let number = 1; number <= 50; number++) reader.read({ source: '-', number, text });
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(500);
    expect(reader.read({ source: '-', number: 51, text: 'Nov 20 10:00:01 gw charon: 05[IKE] x' })?.message).toBe('05[IKE] x');
  });
});
