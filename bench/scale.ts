import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openApi } from './api.ts';
import { fillDatabase, migrateDatabase } from './scale/fill.ts';
import { measureQuery, type QueryRow } from './scale/measure.ts';
import { parseScaleOptions, SCALE_USAGE, type ScaleOptions } from './scale/options.ts';
import { feedQueries, queries } from './scale/queries.ts';
import { idsOf, type World } from './scale/rows.ts';
import { startStateLoad } from './scale/state-load.ts';
import { startOurs } from './servers/ours.ts';
import { freshDatabase } from './servers/postgres.ts';
import { percentile } from './statistics.ts';
import { formatNumber, formatTable } from './table.ts';

const options = parseScaleOptions(process.argv.slice(2));
if (options === 'help') console.log(SCALE_USAGE);
else await measureAtScale(options);

/** Fills a database, starts our server on it, and asks it everything while runs change their states beside. */
async function measureAtScale(options: ScaleOptions): Promise<void> {
  const { url, world, remove } = options.database === 'sqlite' ? await sqliteData(options) : await postgresData(options);
  try {
    const server = await startOurs([], url);
    try {
      console.log(
        `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${options.database}`,
      );
      const api = openApi(server.apiUrl);
      const load = startStateLoad(server.apiUrl, idsOf(world).flow(0), options.rate);
      const asked = [...queries(world), ...feedQueries(world)].filter(
        ({ name }) => options.only.length === 0 || options.only.some((text) => name.includes(text)),
      );
      const rows: QueryRow[] = [];
      for (const query of asked) {
        const row = await measureQuery(api, query, options.turns, server, load);
        rows.push(row);
        process.stderr.write(`${row.name}: ${formatNumber(row.p95)} ms, CPU ${formatNumber(row.cpuMillis)} ms, ${row.answer}\n`);
      }
      await load.stop();
      api.close();
      console.log(
        formatTable(
          ['query', 'p50 ms', 'p95 ms', 'CPU ms', 'answer', 'set_state p99 ms'],
          rows.map((row) => [row.name, row.p50, row.p95, row.cpuMillis, row.answer, row.stateP99]),
        ),
      );
      const all = rows.flatMap(({ stateSamples }) => stateSamples);
      console.log(
        `set_state at ${options.rate}/s: ${all.length}, p50 ${formatNumber(percentile(all, 50))} ms, p99 ${formatNumber(percentile(all, 99))} ms, failed ${load.failures}`,
      );
    } finally {
      await server.stop();
    }
  } finally {
    await remove();
  }
}

interface Data {
  readonly url: string;
  readonly world: World;
  remove(): Promise<void>;
}

async function sqliteData(options: ScaleOptions): Promise<Data> {
  const [file, description] = [join(options.data, 'prefect.db'), join(options.data, 'world.json')];
  mkdirSync(options.data, { recursive: true });
  if (!existsSync(description)) {
    const world = worldOf(options);
    const unfinished = join(options.data, 'filling.db');
    rmSync(unfinished, { force: true });
    await fillDatabase(unfinished, world, progress());
    renameSync(unfinished, file);
    writeFileSync(description, JSON.stringify(world));
  }
  await migrateDatabase(file);
  console.log(`${file}: ${formatNumber(statSync(file).size / 2 ** 30)} GiB`);
  return {
    url: file,
    world: JSON.parse(readFileSync(description, 'utf8')) as World,
    remove: async () => {
      if (!options.keep) rmSync(options.data, { recursive: true, force: true });
    },
  };
}

async function postgresData(options: ScaleOptions): Promise<Data> {
  const world = worldOf(options);
  const url = (await freshDatabase('postgres', 'scale')) ?? '';
  await fillDatabase(url, world, progress());
  // What autovacuum does to a database that lives.
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('VACUUM (ANALYZE)');
  await client.query('CHECKPOINT');
  await client.end();
  return { url, world, remove: async () => undefined };
}

function worldOf({ database, flowRuns, taskRuns, events, logs }: ScaleOptions): World {
  return { dialect: database, now: Math.floor(Date.now() / 1000) * 1_000_000, flowRuns, taskRuns, events, logs };
}

function progress(): (text: string) => void {
  const start = performance.now();
  return (text) => void process.stderr.write(`${Math.round((performance.now() - start) / 1000)} s  ${text}\n`);
}
