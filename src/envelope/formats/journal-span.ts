/**
 * Up to systemd 246 `-- Logs begin at Sat 2026-11-21 10:00:00 CET, end at ... --`, later `-- Journal begins at ...,
 * ends at ... --`.
 */
const SPAN = /^-- (?:Logs begin|Journal begins) at [^,]{10,60}, ends? at \S{1,10} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) /;

/**
 * End of the journal in epoch milliseconds, from the header that journalctl prints: its lines have no year, so this
 * supplies it. Null for any other line. The zone abbreviation is ambiguous and ignored.
 */
export function journalEnd(line: string): number | null {
  const [, date, time] = (line.startsWith('-- ') ? SPAN.exec(line) : null) ?? [];
  const end = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(end) ? null : end;
}
