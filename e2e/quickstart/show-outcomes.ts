import type { Outcome } from './outcomes.ts';

/** The runs as a table of text. */
export function showOutcomes(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => [
    `${'  '.repeat(outcome.depth)}${outcome.flow}`,
    outcome.language,
    outcome.run,
    outcome.state,
    `${outcome.seconds.toFixed(1)} s`,
    describeTasks(outcome),
  ]);
  return layOut([['flow', 'language', 'run', 'state', 'time', 'tasks'], ...rows]);
}

/** What the runs found out: the first sentence of each report. */
export function showFindings(outcomes: readonly Outcome[]): string[] {
  const reports = outcomes.flatMap(({ artifacts }) => artifacts.filter(({ type }) => type === 'markdown'));
  return reports.map(({ data }) => String(data).split('\n\n')[1] ?? '');
}

function describeTasks({ tasks, retried }: Outcome): string {
  const parts = Object.entries(tasks).map(([state, count]) => `${count} ${state}`);
  if (retried > 0) parts.push(`${retried} after retries`);
  return parts.join(', ');
}

function layOut(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()).join('\n');
}
