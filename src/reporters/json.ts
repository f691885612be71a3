import type { ChangeReport, Report } from '../model/report.js';

/** The report as one JSON document, as report.schema.json describes it. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report)}\n`;
}

/** The report as one JSON object a line: each connection, each finding about the host, problems, and the coverage last. */
export function renderNdjson(report: Report): string {
  const { version, sources, first, last, inferred, connections, hostFindings, problems, coverage } = report;
  const objects = [
    ...hostFindings.map((finding) => ({ type: 'host-finding', ...finding })),
    ...connections.map((connection) => ({ type: 'connection', ...connection })),
    ...problems.map((problem) => ({ type: 'problem', ...problem })),
    { type: 'coverage', version, sources, first, last, inferred, ...coverage },
  ];
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}

/** A change of a live run as one line. */
export function renderNdjsonChange({ type, ...rest }: ChangeReport): string {
  return `${JSON.stringify({ type: 'change', change: type, ...rest })}\n`;
}
