import { MONTHS } from '../model/months.js';

/** Formats an ISO 8601 time for people; empty for null. */
export type FormatTime = (time: string | null) => string;

/** Omits the date if the whole log and this time are on one day, and the year if the log has only one. */
export function clockFor(first: string | null, last: string | null): FormatTime {
  const oneDay = first !== null && last !== null && first.slice(0, 10) === last.slice(0, 10);
  const oneYear = first?.slice(0, 4) === last?.slice(0, 4);
  return (time) => (time === null ? '' : oneDay && time.startsWith(first.slice(0, 10)) ? timeOfDay(time) : `${date(time, !oneYear)} ${timeOfDay(time)}`);
}

/** `Nov 20 10:00:01 to 12:31:44`; empty in a log without time stamps. */
export function period(first: string | null, last: string | null): string {
  if (first === null || last === null) {
    return '';
  }
  const start = `${date(first, first.slice(0, 4) !== last.slice(0, 4))} ${timeOfDay(first)}`;
  return first.slice(0, 19) === last.slice(0, 19) ? start : `${start} to ${clockFor(first, last)(last)}`;
}

/** `10:00:01` */
export function timeOfDay(time: string): string {
  return time.slice(11, 19);
}

function date(time: string, withYear: boolean): string {
  const month = MONTHS[Number(time.slice(5, 7)) - 1] ?? time.slice(5, 7);
  const day = Number(time.slice(8, 10));
  return withYear ? `${time.slice(0, 4)} ${month} ${day}` : `${month} ${day}`;
}
