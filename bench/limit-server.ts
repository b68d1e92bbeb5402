import { join } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import websocket from '@fastify/websocket';
import { uuid4 } from '@prefect-ts/protocol';
import fastify from 'fastify';
import { type Json, limitRows } from './limit-rows.ts';
import { openLimitDatabase } from './limit-tables.ts';

// The least that a server of this API can do on this machine: parse JSON, write the rows of the product in one durable transaction,
// answer. No checks, no rules, no services. Run as `node bench/limit-server.ts <folder> <port>`.

const [home = '.', port = '0'] = process.argv.slice(2);
const database = openLimitDatabase(join(home, 'limit.db'));
const rows = limitRows(database);
const server = fastify({ bodyLimit: 64 * 2 ** 20, forceCloseConnections: true });
await server.register(websocket);

/** Runs a change in one transaction, on the disk when it returns. */
function commit<T>(change: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = change();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

const addFlow = database.prepare(
  'INSERT INTO flow VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET name = name RETURNING id, name',
);
const addPool = database.prepare('INSERT INTO work_pool VALUES (?, ?, ?, ?, ?) RETURNING id, name');
const findPool = database.prepare('SELECT id, name, queue_id FROM work_pool WHERE name = ?');
const addDeployment = database.prepare('INSERT INTO deployment VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id, name');
const findDeployment = database.prepare('SELECT * FROM deployment WHERE id = ?');
const RUNS_WITH_STATES = `SELECT r.*, s.id AS s_id, s.type AS s_type, s.name AS s_name, s.timestamp AS s_timestamp,
  s.state_details AS s_details FROM flow_run r LEFT JOIN flow_run_state s ON s.id = r.state_id`;
const newestRuns = database.prepare(`${RUNS_WITH_STATES} ORDER BY r.expected_start_time DESC LIMIT ?`);
const dueRuns = database.prepare(
  `${RUNS_WITH_STATES} WHERE r.queue_id = ? AND r.state_type = 'SCHEDULED' ORDER BY r.next_scheduled_start_time LIMIT ?`,
);
const polled = database.prepare('UPDATE work_pool SET last_polled = ? WHERE id = ?');
const findTaskRun = database.prepare('SELECT id, state_type FROM task_run WHERE id = ?');
const countTaskRuns = database.prepare('SELECT count(*) AS count FROM task_run WHERE flow_run_id = ? AND state_type = ?');
const findEvent = database.prepare('SELECT id FROM event WHERE id = ?');

server.get('/api/health', () => true);

server.post<{ Body: Json }>('/api/flows/', (request, reply) => {
  reply.code(201);
  return commit(() => addFlow.get(uuid4(), String(request.body.name), Date.now() * 1000, '[]', '{}'));
});

server.post<{ Body: Json }>('/api/work_pools/', (request, reply) => {
  reply.code(201);
  return commit(() => addPool.get(uuid4(), String(request.body.name), Date.now() * 1000, uuid4(), null));
});

server.post<{ Body: Json }>('/api/deployments/', (request, reply) => {
  const { name, flow_id, work_pool_name, parameters } = request.body;
  const pool = findPool.get(String(work_pool_name));
  reply.code(201);
  return commit(() => {
    const [queue, now] = [String(pool?.queue_id), Date.now() * 1000];
    return addDeployment.get(
      uuid4(),
      String(name),
      String(flow_id),
      queue,
      String(work_pool_name),
      now,
      JSON.stringify(parameters ?? {}),
    );
  });
});

server.post<{ Body: Json; Params: { id: string } }>('/api/deployments/:id/create_flow_run', (request, reply) => {
  reply.code(201);
  return commit(() => {
    const deployment = findDeployment.get(request.params.id);
    return rows.addFlowRun({
      ...request.body,
      flow_id: deployment?.flow_id,
      deployment_id: deployment?.id,
      queue_id: deployment?.queue_id,
      state: { type: 'SCHEDULED', state_details: { scheduled_time: new Date().toISOString() } },
    });
  });
});

server.post<{ Body: Json }>('/api/flow_runs/', (request, reply) => {
  reply.code(201);
  return commit(() => rows.addFlowRun(request.body));
});

server.post<{ Body: Json }>('/api/task_runs/', (request, reply) => {
  reply.code(201);
  return commit(() => rows.addTaskRun(request.body));
});

for (const table of ['flow_run', 'task_run'] as const) {
  server.post<{ Body: Json; Params: { id: string } }>(`/api/${table}s/:id/set_state`, (request, reply) => {
    reply.code(201);
    const state = commit(() => rows.addState(table, request.params.id, request.body.state as Json));
    return { state, status: 'ACCEPT', details: { type: 'accept_details' } };
  });
}

server.post<{ Body: Json[] }>('/api/logs/', (request, reply) => {
  reply.code(201);
  return commit(() => {
    for (const log of request.body) rows.addLog(log);
    return null;
  });
});

server.post<{ Body: Json[] }>('/api/events', (request, reply) => {
  commit(() => {
    for (const event of request.body) rows.addEvent(event);
  });
  reply.code(204).send();
});

server.post<{ Body: { filter: { id: { id: string[] } } } }>('/api/events/filter', (request) => {
  const events = request.body.filter.id.id.map((id) => findEvent.get(id)).filter((event) => event !== undefined);
  return { events, total: events.length, next_page: null };
});

server.post<{ Body: { limit?: number } }>('/api/flow_runs/filter', (request) => readRuns(newestRuns, request.body.limit ?? 200));

server.post<{ Body: { limit?: number }; Params: { name: string } }>(
  '/api/work_pools/:name/get_scheduled_flow_runs',
  (request) => {
    const pool = findPool.get(request.params.name);
    commit(() => polled.run(Date.now() * 1000, String(pool?.id)));
    const runs = readRuns(dueRuns, String(pool?.queue_id), request.body.limit ?? 100);
    return runs.map((run) => ({ work_pool_id: pool?.id, work_queue_id: pool?.queue_id, flow_run: run }));
  },
);

server.get<{ Params: { id: string } }>('/api/task_runs/:id', (request, reply) => {
  const run = findTaskRun.get(request.params.id);
  return run ?? reply.code(404).send({ detail: 'Task run not found' });
});

server.post<{ Body: { flow_runs: { id: { any_: string[] } } } }>('/api/task_runs/count', (request) => {
  const counts = request.body.flow_runs.id.any_.map((id) => Number(countTaskRuns.get(id, 'COMPLETED')?.count));
  return counts.reduce((sum, count) => sum + count, 0);
});

// All frames that one turn of the event loop reads are written in one transaction.
let waiting: Json[] = [];
server.get('/api/events/in', { websocket: true }, (socket) => {
  socket.on('message', (frame) => {
    const message = JSON.parse(String(frame)) as Json;
    if (message.type === 'auth') socket.send('{"type":"auth_success"}');
    else if (waiting.push(message) === 1) setImmediate(recordWaiting);
  });
});

function recordWaiting(): void {
  const events = waiting;
  waiting = [];
  commit(() => {
    for (const event of events) rows.recordTaskEvent(event);
  });
}

function readRuns(statement: StatementSync, ...parameters: (string | number)[]): Json[] {
  return statement.all(...parameters).map(({ s_id, s_type, s_name, s_timestamp, s_details, ...run }) => ({
    ...run,
    tags: JSON.parse(String(run.tags)),
    parameters: JSON.parse(String(run.parameters)),
    state: { id: s_id, type: s_type, name: s_name, timestamp: s_timestamp, state_details: JSON.parse(String(s_details)) },
  }));
}

process.once('SIGTERM', () => server.close().then(() => database.close()));
await server.listen({ host: '127.0.0.1', port: Number(port) });
