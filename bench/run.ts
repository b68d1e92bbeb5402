import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { MEASURES } from './measures/index.ts';
import type { Measure } from './measures/measure.ts';
import { type BenchOptions, parseOptions, type ServerName, USAGE } from './options.ts';
import { type LoadRow, runRounds } from './rounds.ts';
import { startLimit } from './servers/limit.ts';
import { startOurs } from './servers/ours.ts';
import { freshDatabase } from './servers/postgres.ts';
import { findReferenceVenv, startReference } from './servers/reference.ts';
import type { ServerProcess } from './servers/server-process.ts';
import { formatLoadTable, formatTrialTable } from './table.ts';
import { TRIALS } from './trials/index.ts';
import type { Trial, TrialRow } from './trials/trial.ts';

const options = parseOptions(process.argv.slice(2));
if (options === 'help') console.log(USAGE);
else await bench(options);

/** Measures what was asked for; each table is printed as soon as it is complete, the JSON lines at the end. */
async function bench(options: BenchOptions): Promise<void> {
  refuseUnknownNames(options.only);
  const isAsked = ({ name }: { name: string }) => options.only.length === 0 || options.only.includes(name);
  const servers = openServers(options);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void servers.stop().finally(() => process.exit(1)));
  const rows: (LoadRow | TrialRow)[] = [];
  console.log(`${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${options.database}`);
  try {
    const measures = MEASURES.filter(isAsked);
    const running = measures.length > 0 ? await servers.startAll() : new Map<string, ServerProcess>();
    for (const measure of measures)
      await attempt(measure.name, async () => rows.push(...(await runMeasure(measure, options, running))));
    await servers.stop();
    for (const trial of TRIALS.filter(isAsked)) {
      await attempt(trial.name, async () => rows.push(...(await runTrial(trial, options, servers))));
      await servers.stop();
    }
  } finally {
    await servers.stop();
  }
  const lines = rows.map((row) => JSON.stringify(row)).join('\n');
  console.log(`\n${lines}`);
  if (options.json !== undefined) writeFileSync(options.json, `${lines}\n`);
}

/** What cannot be measured is told, and fails the run at its end; the rest is measured all the same. */
async function attempt(name: string, measure: () => Promise<unknown>): Promise<void> {
  try {
    await measure();
  } catch (error) {
    console.error(`\n${name} could not be measured: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

async function runMeasure(
  measure: Measure,
  options: BenchOptions,
  running: ReadonlyMap<string, ServerProcess>,
): Promise<LoadRow[]> {
  const rows: LoadRow[] = [];
  for (const clients of options.clients) rows.push(...(await runRounds(measure, clients, running, options)));
  console.log(`\n${measure.unit}\n${formatLoadTable(rows)}`);
  return rows;
}

async function runTrial(trial: Trial, options: BenchOptions, { referenceVenv, start }: Servers): Promise<TrialRow[]> {
  const rows = await trial.run({ options, referenceVenv, start });
  if (rows.length > 0) console.log(`\n${formatTrialTable(rows)}`);
  return rows;
}

type Servers = ReturnType<typeof openServers>;

/** Starts servers by name and remembers them, so that none is left behind. */
function openServers({ servers, database, referenceVenv: named }: BenchOptions) {
  const referenceVenv = servers.includes('reference') ? findReferenceVenv(named) : undefined;
  const running = new Set<ServerProcess>();
  const starters: Record<ServerName, () => Promise<ServerProcess>> = {
    ours: async () => startOurs([], await freshDatabase(database, 'ours')),
    reference: async () => startReference(referenceVenv ?? '', await freshDatabase(database, 'reference')),
    limit: () => startLimit(),
  };
  const start = async (name: ServerName) => {
    const server = await starters[name]();
    running.add(server);
    return server;
  };
  return {
    referenceVenv,
    start,
    async startAll(): Promise<Map<string, ServerProcess>> {
      const all = new Map<string, ServerProcess>();
      for (const name of servers) all.set(name, await start(name));
      return all;
    },
    async stop(): Promise<void> {
      await Promise.all([...running].map((server) => server.stop()));
      running.clear();
    },
  };
}

function refuseUnknownNames(names: readonly string[]): void {
  const known = [...MEASURES, ...TRIALS].map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`--only: there is no ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
}
