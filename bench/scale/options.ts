import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Scale } from './rows.ts';

export interface ScaleOptions extends Scale {
  readonly database: 'sqlite' | 'postgres';
  /** Where the data lies; a database that is there already is used as it is. */
  readonly data: string;
  readonly keep: boolean;
  readonly turns: number;
  readonly rate: number;
  /** Words of which the name of a query must hold one; empty for all. */
  readonly only: readonly string[];
}

export const SCALE_USAGE = `node bench/scale.ts [options]
  --database NAME    sqlite or postgres (default: sqlite); for postgres run it by tools/with-postgres.ts --durable
  --flow-runs N      flow runs (default: 1000000)
  --task-runs N      task runs (default: five times the flow runs)
  --events N         events (default: ten times the flow runs)
  --logs N           lines of log (default: twenty times the flow runs)
  --data DIR         folder of the SQLite database; used as it is when it is there (default: a temporary one)
  --keep             leave the SQLite database behind
  --turns N          how often each query is asked (default: 20)
  --rate N           set_states a second beside them (default: 200)
  --only LIST        only queries whose names hold one of these texts`;

/** Reads the command line; a value that cannot be meant is an error that names it. */
export function parseScaleOptions(args: readonly string[]): ScaleOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      database: { type: 'string', default: 'sqlite' },
      'flow-runs': { type: 'string', default: '1000000' },
      'task-runs': { type: 'string' },
      events: { type: 'string' },
      logs: { type: 'string' },
      data: { type: 'string', default: join(tmpdir(), 'prefect-bench-scale') },
      keep: { type: 'boolean', default: false },
      turns: { type: 'string', default: '20' },
      rate: { type: 'string', default: '200' },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { database } = values;
  if (database !== 'sqlite' && database !== 'postgres') throw new Error(`--database: there is no "${database}".`);
  const flowRuns = count('--flow-runs', values['flow-runs']);
  return {
    database,
    flowRuns,
    taskRuns: count('--task-runs', values['task-runs'] ?? String(5 * flowRuns)),
    events: count('--events', values.events ?? String(10 * flowRuns)),
    logs: count('--logs', values.logs ?? String(20 * flowRuns)),
    data: values.data,
    keep: values.keep,
    turns: count('--turns', values.turns),
    rate: count('--rate', values.rate),
    only: values.only.split(',').filter((text) => text !== ''),
  };
}

function count(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${option} must be a whole number above 0, not "${text}".`);
  return number;
}
