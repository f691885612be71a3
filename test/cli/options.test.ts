import { describe, expect, it } from 'vitest';
import { readOptions } from '../../src/cli/options.js';
import type { RawOptions } from '../../src/cli/options.js';
import { UsageError } from '../../src/model/problem.js';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const read = (raw: Partial<RawOptions>): ReturnType<typeof readOptions> => readOptions({ format: 'text', rules: [], color: true, ...raw }, NOW);

describe('readOptions', () => {
  it.each([
    ['2026-11-20T10:00', '2026-11-20T09:00:00Z'],
    ['2026-11-20 10:00:05', '2026-11-20T09:00:05Z'],
    ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00Z'],
    ['10:00', '2026-11-20T09:00:00Z'],
    ['2h', '2026-11-20T10:00:00Z'],
  ])('reads --since %s in the zone of the log', async (since, expected) => {
    expect((await read({ since, zone: 'Europe/Berlin' })).since).toBe(Date.parse(expected));
  });

  it('reads offsets and years', async () => {
    expect(await read({ utcOffset: '-0530', year: '2019' })).toMatchObject({ zone: 'UTC-05:30', year: 2019 });
  });

  it('reads units of the journal', async () => {
    expect((await read({})).journal).toBe(undefined);
    expect((await read({ journal: true })).journal).toEqual([]);
    expect((await read({ journal: ['ipsec', 'racoon'] })).journal).toEqual(['ipsec', 'racoon']);
  });

  it.each<[Partial<RawOptions>, string]>([
    [{ format: 'xml' }, 'Expected --format text, json, ndjson, got xml'],
    [{ peer: 'gw.example.com' }, 'Expected --peer with an IPv4 or IPv6 address, got gw.example.com'],
    [{ since: 'yesterday' }, 'Expected --since such as 2026-11-20T10:00, 10:00 (today) or 2h (before now), got yesterday'],
    [{ since: '1h', until: '2h' }, 'Expected --since to be before --until, got 1h and 2h'],
    [{ utcOffset: '1' }, 'Expected --utc-offset such as +01:00 or -0530, got 1'],
    [{ zone: 'Berlin' }, 'Unknown --zone Berlin: expected a name such as Europe/Berlin or UTC'],
    [{ zone: 'UTC', utcOffset: '+01:00' }, 'Expected one of --zone and --utc-offset, got both'],
    [{ journal: ['/var/log/syslog'] }, 'Expected units after --journal, got /var/log/syslog: put files before --journal'],
    [{ year: '26' }, 'Expected --year with four digits from 1970 on, got 26'],
  ])('refuses %j', async (raw, message) => {
    await expect(read(raw)).rejects.toThrow(new UsageError(message));
  });
});
