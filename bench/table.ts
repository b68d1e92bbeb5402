import type { LoadRow } from './rounds.ts';
import { median, percentile } from './statistics.ts';
import type { TrialRow } from './trials/trial.ts';

/** One cell: text stands left, numbers right. */
export type Cell = string | number;

/** Lays out rows under their headings; columns are as wide as their widest cell. */
export function formatTable(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? formatNumber(cell) : cell)));
  const widths = headings.map((heading, column) => Math.max(heading.length, ...texts.map((row) => row[column]?.length ?? 0)));
  const isNumeric = headings.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (isNumeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...texts.map(line)].join('\n');
}

/** A number with three digits that say something; a dash for what was not measured. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) >= 100) return String(Math.round(value));
  if (Math.abs(value) >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

const LOAD_HEADINGS = [
  'measure',
  'clients',
  'server',
  'units/s',
  'requests/s',
  'p50 ms',
  'p99 ms',
  'CPU ms/unit',
  'ref/CPU',
  'CPU/limit',
  'errors',
];

/** The table of load: a row each server, with how its CPU per unit compares with the reference's and the limit's. */
export function formatLoadTable(rows: readonly LoadRow[]): string {
  const cells = rows.map((row) => [
    row.measure,
    row.clients,
    row.server,
    row.unitsPerSecond,
    row.requestsPerSecond,
    row.p50,
    row.p99,
    row.cpuMillis,
    cpuOf('reference', row, rows) / row.cpuMillis,
    row.cpuMillis / cpuOf('limit', row, rows),
    formatErrors(row.errors),
  ]);
  return formatTable(LOAD_HEADINGS, cells);
}

function cpuOf(server: string, row: LoadRow, rows: readonly LoadRow[]): number {
  const other = rows.find((known) => known.server === server && known.measure === row.measure && known.clients === row.clients);
  return other?.cpuMillis ?? Number.NaN;
}

/** Failed steps by kind, as in `503: 12, ECONNRESET: 1`; `none` where all went well. */
export function formatErrors(errors: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(errors).map(([kind, count]) => `${kind}: ${count}`);
  return kinds.length === 0 ? 'none' : kinds.join(', ');
}

const TRIAL_HEADINGS = ['trial', 'what', 'server', 'median', 'p99', 'least', 'most', 'unit', 'times', 'ref/it'];

/** The table of trials: a row each number, with how it compares with the reference's. */
export function formatTrialTable(rows: readonly TrialRow[]): string {
  const cells = rows.map((row) => {
    const middle = median(row.samples);
    const reference = rows.find((known) => known.server === 'reference' && known.what === row.what && known.trial === row.trial);
    const ratio = reference === undefined ? Number.NaN : median(reference.samples) / middle;
    const [least, most] = [Math.min(...row.samples), Math.max(...row.samples)];
    return [
      row.trial,
      row.what,
      row.server,
      middle,
      percentile(row.samples, 99),
      least,
      most,
      row.unit,
      String(row.samples.length),
      ratio,
    ];
  });
  return formatTable(TRIAL_HEADINGS, cells);
}
