import type { Run } from './measure.js';

/** Median, minimum and maximum of at least one number. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** A contender's runs over all rounds, or a text that says why there are none. */
export interface Row {
  readonly name: string;
  readonly runs: readonly Run[] | string;
}

export function spread(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return { median: ((low ?? NaN) + (high ?? NaN)) / 2, least: sorted[0] ?? NaN, most: sorted.at(-1) ?? NaN };
}

/**
 * A table of contenders over one file; the first row is ours. Ratios are computed per round, since a machine's speed
 * drifts.
 */
export function table(rows: readonly Row[], { bytes, lines }: { bytes: number; lines: number }): string {
  const ours = rows[0]?.runs;
  const cells = rows.map(({ name, runs }, index) => {
    if (typeof runs === 'string') return [name, runs];
    const { median, least, most } = spread(runs.map(({ seconds }) => seconds));
    const ratio = index === 0 || typeof ours !== 'object' ? '' : ratios(ours, runs);
    const peak = spread(runs.flatMap((run) => run.peak ?? []));
    return [name, `${median.toFixed(3)} s`, `${least.toFixed(3)}–${most.toFixed(3)}`, (bytes / 1e6 / median).toFixed(0), grouped(lines / median), megabytes(peak.most), ratio];
  });
  return align([['', 'median', 'min–max', 'MB/s', 'lines/s', 'peak RSS', 'we take (median, min–max)'], ...cells]);
}

export const megabytes = (bytes: number): string => (Number.isNaN(bytes) ? 'not known' : `${(bytes / 1e6).toFixed(0)} MB`);
export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

function ratios(ours: readonly Run[], theirs: readonly Run[]): string {
  const { median, least, most } = spread(theirs.flatMap(({ seconds }, round) => (ours[round]?.seconds ?? NaN) / seconds));
  return `${median.toFixed(2)} × its time (${least.toFixed(2)}–${most.toFixed(2)})`;
}

/** Aligns columns: the first and last to the left, figures to the right. */
function align(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const width = (column: number): number => Math.max(...rows.filter((row) => row.length === columns).map((row) => row[column]?.length ?? 0), ...(column === 0 ? rows.map((row) => row[0]?.length ?? 0) : []));
  const cell = (text: string, column: number): string => (column === 0 || column === columns - 1 ? text.padEnd(width(column)) : text.padStart(width(column)));
  return rows.map((row) => (row.length < columns ? `${cell(row[0] ?? '', 0)}  ${row[1] ?? ''}` : row.map(cell).join('  ').trimEnd())).join('\n');
}
