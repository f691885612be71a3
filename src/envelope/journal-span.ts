/** Up to systemd 246 `-- Logs begin at Sat 2026-11-21 10:00:00 CET, end at ... --`, then `-- Journal begins at ..., ends at ... --`. */
const SPAN = /^-- (?:Logs begin|Journal begins) at [^,]{10,60}, ends? at \S{1,10} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) /;

/**
 * The line that journalctl prints above its lines, which have no year: when the journal ends, in epoch milliseconds; null for
 * any other line. The zone behind it may be anybody's abbreviation, and is left out.
 */
export function journalEnd(line: string): number | null {
  const [, date, time] = (line.startsWith('-- ') ? SPAN.exec(line) : null) ?? [];
  const end = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(end) ? null : end;
}
