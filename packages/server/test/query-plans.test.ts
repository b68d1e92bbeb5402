import { nowMicros, type OperationName } from '@prefect-ts/protocol';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findHandler } from '../src/api/index.ts';
import type { ApiRequest, Handler } from '../src/api/route.ts';
import { type Core, makeCore } from '../src/core.ts';
import { encryptionKey, lazyCipher } from '../src/encryption/index.ts';
import { inProcessBus } from '../src/events/bus.ts';
import { SERVICES } from '../src/services/index.ts';
import { openStorage } from '../src/storage/index.ts';
import type { Compilable, Reader, Storage } from '../src/storage/storage.ts';
import { startTestServer, type TestServer } from './server.ts';

/** Tables that grow without an end; nothing may read one of them from its beginning to its end. */
const LARGE = 'flow_run|flow_run_state|task_run|task_run_state|log|event';

let server: TestServer;
let storage: Storage;
let core: Core;
let asked: { sql: string; parameters: readonly unknown[] }[] = [];

beforeAll(async () => {
  server = await startTestServer();
  const { settings } = server;
  storage = await openStorage({ url: settings.databaseUrl, poolSize: 2 });
  const recording: Storage = { ...storage, scanner: recorded(storage.scanner), reader: recorded(storage.reader) };
  core = makeCore({
    settings,
    storage: recording,
    bus: inProcessBus(() => undefined),
    clock: nowMicros,
    log: pino({ level: 'silent' }),
    serverId: 'plans',
    cipher: lazyCipher(() => encryptionKey(settings)),
  });
});
afterAll(async () => {
  await storage.close();
  await server.stop();
});

function recorded(reader: Reader): Reader {
  const record = (query: Compilable<unknown>) => {
    const { sql, parameters } = query.compile();
    // The newest row, by the order in which rows lie.
    if (!/^select "position" from "event" order by "position" desc limit \S+$/.test(sql)) asked.push({ sql, parameters });
  };
  return {
    all: (query) => {
      record(query);
      return reader.all(query);
    },
    first: (query) => {
      record(query);
      return reader.first(query);
    },
  };
}

/** How the database goes about everything that was asked during `work`; on PostgreSQL, where rows are few, as if they were many. */
async function plansOf(work: () => unknown): Promise<string[]> {
  asked = [];
  await work();
  const plans: string[] = [];
  for (const { sql, parameters } of asked)
    plans.push(...(await (storage.dialect.name === 'sqlite' ? sqlitePlan(sql, parameters) : postgresPlan(sql, parameters))));
  return plans;
}

async function sqlitePlan(sql: string, parameters: readonly unknown[]): Promise<string[]> {
  const rows = await storage.reader.all<{ detail: string }>(raw(`EXPLAIN QUERY PLAN ${sql}`, parameters));
  return rows.map(({ detail }) => detail);
}

function postgresPlan(sql: string, parameters: readonly unknown[]): Promise<string[]> {
  return storage.write(async (unit) => {
    await unit.run(raw('SET LOCAL enable_seqscan = off', []));
    const rows = await unit.all<Record<string, string>>(raw(`EXPLAIN (COSTS OFF) ${sql}`, parameters));
    return rows.flatMap((row) => Object.values(row));
  });
}

function raw<Row>(sql: string, parameters: readonly unknown[]): Compilable<Row> {
  const query = { kind: 'RawNode', sqlFragments: [sql], parameters: [] } as const;
  return { compile: () => ({ sql, parameters, query, queryId: { queryId: sql } }) };
}

function fullScans(plans: readonly string[]): string[] {
  const scan = storage.dialect.name === 'sqlite' ? `^SCAN (${LARGE})( (?!.*USING )|$)` : `Seq Scan on (${LARGE})( |$)`;
  return plans.filter((line) => new RegExp(scan).test(line));
}

/** Rounds come every few seconds: not even an index may be read as a whole, unless it is of the few that are open. */
function indexWalks(plans: readonly string[]): string[] {
  const walk = new RegExp(`^SCAN (${LARGE}) USING (?!.*(open_child|PRIMARY KEY))`);
  return storage.dialect.name === 'sqlite' ? plans.filter((line) => walk.test(line)) : [];
}

async function ask(name: OperationName, body: object, path: object = {}): Promise<string[]> {
  const handler = (await findHandler(name)) as Handler<OperationName>;
  return plansOf(() => handler({ body, path, query: {}, sent: () => false } as unknown as ApiRequest<OperationName>, core));
}

const id = '00000000-0000-4000-8000-000000000000';
const states = (...any_: string[]) => ({ state: { type: { any_ } } });
const window = { history_start: '2026-01-01T00:00:00Z', history_end: '2026-01-08T00:00:00Z', history_interval_seconds: 3600 };
const since = { start_time: { after_: '2026-01-01T00:00:00Z' } };

/** What is asked, and the index that SQLite, which knows nothing of the rows, has to choose. */
const QUERIES: readonly (readonly [what: string, name: OperationName, body: object, index: string])[] = [
  ['the newest runs', 'POST /flow_runs/filter', { sort: 'START_TIME_DESC' }, 'flow_run_start'],
  ['the newest runs by id', 'POST /flow_runs/filter', { sort: 'ID_DESC' }, 'sqlite_autoindex_flow_run_1'],
  ['runs by when they are expected', 'POST /flow_runs/filter', { sort: 'EXPECTED_START_TIME_DESC' }, 'flow_run_expected'],
  ['runs by name', 'POST /flow_runs/filter', { sort: 'NAME_ASC' }, 'flow_run_name'],
  ['runs by their end', 'POST /flow_runs/filter', { sort: 'END_TIME_DESC' }, 'flow_run_end'],
  ['runs with a tag, by id', 'POST /flow_runs/filter', { flow_runs: { tags: { all_: ['a'] } } }, 'sqlite_autoindex_flow_run_1'],
  ['failed runs', 'POST /flow_runs/filter', { flow_runs: states('FAILED'), sort: 'START_TIME_DESC' }, 'flow_run_unfinished'],
  ['runs of a flow', 'POST /flow_runs/filter', { flows: { id: { any_: [id] } }, sort: 'START_TIME_DESC' }, 'flow_run_flow'],
  ['runs of flows by name', 'POST /flow_runs/filter', { flows: { name: { like_: 'a' } } }, 'flow_run_flow'],
  ['runs of a deployment', 'POST /flow_runs/filter', { deployments: { id: { any_: [id] } } }, 'flow_run_deployment'],
  [
    'runs of a deployment by id',
    'POST /flow_runs/filter',
    { flow_runs: { deployment_id: { any_: [id] } } },
    'COVERING INDEX flow_run_deployment',
  ],
  ['runs of a work pool', 'POST /flow_runs/filter', { work_pools: { name: { any_: ['a'] } } }, 'flow_run_work_queue'],
  ['runs of a parent', 'POST /flow_runs/filter', { flow_runs: { parent_flow_run_id: { any_: [id] } } }, 'flow_run_parent'],
  ['how many runs failed', 'POST /flow_runs/count', { flow_runs: states('FAILED', 'CRASHED') }, 'flow_run_unfinished'],
  ['how many runs are completed', 'POST /flow_runs/count', { flow_runs: states('COMPLETED') }, 'flow_run_unfinished'],
  ['how many runs began lately', 'POST /flow_runs/count', { flow_runs: since }, 'flow_run_start'],
  ['the history of runs', 'POST /flow_runs/history', window, 'COVERING INDEX flow_run_expected'],
  ['how late runs are', 'POST /flow_runs/lateness', {}, 'flow_run_expected'],
  ['a page of runs', 'POST /ui/flow_runs/page', { window: { relative: '-24h' } }, 'COVERING INDEX flow_run_start'],
  ['the overview', 'POST /ui/overview', {}, 'COVERING INDEX flow_run_start'],
  ['the next run of each flow', 'POST /ui/flows/next-runs', { flow_ids: [id] }, 'flow_run_due_of_flow'],
  ['the newest task runs', 'POST /task_runs/filter', { sort: 'EXPECTED_START_TIME_DESC' }, 'task_run_expected'],
  ['task runs of a run', 'POST /task_runs/filter', { flow_runs: { id: { any_: [id] } } }, 'task_run_2'],
  ['task runs that run', 'POST /task_runs/filter', { task_runs: states('RUNNING') }, 'task_run_unfinished'],
  ['how many task runs failed', 'POST /task_runs/count', { task_runs: states('FAILED') }, 'task_run_unfinished'],
  ['the history of task runs', 'POST /task_runs/history', window, 'COVERING INDEX task_run_expected'],
  ['task runs by state', 'POST /ui/task_runs/count', { task_runs: since }, 'COVERING INDEX task_run_start_time'],
  ['lines of a run', 'POST /logs/filter', { logs: { flow_run_id: { any_: [id] } } }, 'log_flow_run'],
  ['the newest lines', 'POST /logs/filter', { sort: 'TIMESTAMP_DESC' }, 'log_timestamp'],
  ['the newest events', 'POST /events/filter', { filter: {}, limit: 50 }, 'event_feed'],
];

describe('no table that grows is read as a whole for', () => {
  it.each(QUERIES)('%s', async (_what, name, body, index) => {
    const plans = await ask(name, body);
    expect(fullScans(plans)).toEqual([]);
    if (storage.dialect.name === 'sqlite') expect(plans.filter((line) => line.includes(index))).not.toEqual([]);
  });

  it('the overview, which looks for what is open among that alone', async () => {
    const plans = await ask('POST /ui/overview', {});
    expect(plans.filter((line) => /^SCAN flow_run .*flow_run_expected/.test(line))).toEqual([]);
  });

  it.each(SERVICES.map((service) => [service.name, service] as const))('a round of the service %s', async (_name, service) => {
    const plans = await plansOf(() => service.run(core, AbortSignal.abort()));
    expect([...fullScans(plans), ...indexWalks(plans)]).toEqual([]);
  });
});
