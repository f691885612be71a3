import type { Zone } from 'luxon';

import { UsageError } from '../../model/problem.js';

/**
 * Epoch milliseconds of the start of a local hour in a zone. `isSecond`: its second occurrence, when clocks go back in
 * autumn.
 */
export type LocalTime = (year: number, month: number, day: number, hour: number, isSecond: boolean) => number;

const HOUR = 3_600_000;

/**
 * Local time for an IANA zone name, `UTC` or an offset such as `+02:00`. luxon is loaded only by runs that ask for a
 * zone.
 *
 * @throws UsageError if the zone does not exist.
 */
export async function readZone(name: string): Promise<LocalTime> {
  const luxon = await import('luxon');
  const zone = zoneOf(name, luxon);
  return (year, month, day, hour, isSecond) => {
    const time = luxon.DateTime.fromObject({ year, month, day, hour }, { zone, locale: 'en' });
    if (!time.isValid) return Date.UTC(year, month - 1, day, hour);
    const first = time.minus(HOUR).hour === hour ? time.minus(HOUR) : time;
    return (isSecond && first.plus(HOUR).hour === hour ? first.plus(HOUR) : first).toMillis();
  };
}

function zoneOf(name: string, { FixedOffsetZone, IANAZone }: typeof import('luxon')): Zone {
  const offset = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/i.exec(name);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    return FixedOffsetZone.instance(offset[1] === '-' ? -minutes : minutes);
  }
  if (/^(?:UTC|GMT|Z)$/i.test(name)) return FixedOffsetZone.utcInstance;
  if (IANAZone.isValidZone(name)) return IANAZone.create(name);
  throw new UsageError(`Unknown time zone '${name}', expected a name like Europe/Berlin or an offset like +02:00`);
}
