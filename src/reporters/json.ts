import type { ChangeReport, OpenReport } from '../model/report.js';

/**
 * The report as one JSON document (see report.schema.json), in pieces: it may exceed the maximum length of a string.
 */
export function* renderJson(report: OpenReport): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(report)) {
    yield `${before}${JSON.stringify(name)}:`;
    if (name === 'connections') yield* listed(report.connections);
    else yield JSON.stringify(value);
    before = ',';
  }
  yield '}\n';
}

function* listed(objects: Iterable<object>): Generator<string> {
  let before = '[';
  for (const object of objects) {
    yield before + JSON.stringify(object);
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

/** The report as one JSON object per line: host findings, connections, problems, and the coverage last. */
export function* renderNdjson(report: OpenReport): Generator<string> {
  const { version, sources, first, last, inferred, connections, hostFindings, problems, coverage } = report;
  for (const finding of hostFindings) yield line({ type: 'host-finding', ...finding });
  for (const connection of connections) yield line({ type: 'connection', ...connection });
  for (const problem of problems) yield line({ type: 'problem', ...problem });
  yield line({ type: 'coverage', version, sources, first, last, inferred, ...coverage });
}

/** A change of a live run, as one line. */
export function renderNdjsonChange({ type, ...rest }: ChangeReport): string {
  return line({ type: 'change', change: type, ...rest });
}

const line = (object: object): string => `${JSON.stringify(object)}\n`;
