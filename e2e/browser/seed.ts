import { randomUUID } from 'node:crypto';
import type { StateType } from '@prefect-ts/protocol';
import type { ServerProcess } from '../server-process.ts';
import { call } from './api-call.ts';

/** What the pages of the tests show. */
export interface Seeded {
  flowId: string;
  completedRunId: string;
  failedRunId: string;
  runningRunId: string;
  parentRunId: string;
  taskRunId: string;
  deploymentId: string;
}

export const HOSTILE_MARKDOWN = [
  '# Summary',
  '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>',
  '[click](javascript:window.hacked=1) [site](https://site.example/)',
  '| a | b |\n|---|---|\n| 1 | 2 |',
].join('\n\n');

export const PARAMETER_SCHEMA = {
  type: 'object',
  title: 'Parameters',
  required: ['customer'],
  properties: {
    customer: { type: 'string', title: 'customer', position: 0, description: 'Whose orders' },
    pages: { type: 'integer', title: 'pages', position: 1, default: 3, minimum: 1 },
    ratio: { type: 'number', title: 'ratio', position: 2, default: 0.5 },
    dry_run: { type: 'boolean', title: 'dry_run', position: 3, default: false },
    region: { enum: ['eu', 'us', 'apac'], title: 'region', position: 4, default: 'eu' },
    labels: { type: 'array', items: { type: 'string' }, title: 'labels', position: 5, default: ['a'] },
    day: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }], title: 'day', position: 6, default: null },
    options: { type: 'object', title: 'options', position: 7, default: {} },
  },
};

/** Fills a server with runs in every state that the pages tell apart, as clients would. */
export async function seed(server: ServerProcess): Promise<Seeded> {
  const { id: flowId } = await call(server, 'POST /flows/', { name: 'etl-orders' });
  await call(server, 'POST /work_pools/', { name: 'local', type: 'process' });
  const deployment = await call(server, 'POST /deployments/', {
    name: 'prod',
    flow_id: flowId,
    work_pool_name: 'local',
    tags: ['prod', 'orders'],
    description: 'The **daily** run.',
    parameters: { pages: 4 },
    parameter_openapi_schema: PARAMETER_SCHEMA,
    enforce_parameter_schema: true,
    schedules: [{ schedule: { cron: '0 6 * * *', timezone: 'Europe/Berlin' }, active: true }],
  });
  const completedRunId = await aRun(server, flowId, 'calm-otter', ['RUNNING', 'COMPLETED'], ['prod']);
  const failedRunId = await aRun(server, flowId, 'loud-crow', ['RUNNING', 'FAILED']);
  const parentRunId = await aRun(server, flowId, 'busy-bee', ['RUNNING']);
  const runningRunId = await aRun(server, flowId, 'swift-fox', ['RUNNING']);
  const taskRunId = await aTaskRun(server, failedRunId, 'extract', 0, ['RUNNING', 'COMPLETED']);
  await aTaskRun(server, failedRunId, 'extract', 1, ['RUNNING', 'COMPLETED']);
  await aTaskRun(server, failedRunId, 'score', 0, ['RUNNING', 'FAILED']);
  await writeLogs(server, failedRunId, [
    [20, 'begins with https://site.example/orders'],
    [30, 'page 13 was slow'],
    [40, 'amount is negative'],
  ]);
  await call(server, 'POST /artifacts/', { key: 'summary', type: 'markdown', data: HOSTILE_MARKDOWN, flow_run_id: failedRunId });
  await call(server, 'POST /artifacts/', {
    key: 'rows',
    type: 'table',
    data: JSON.stringify([{ country: 'DE', amount: 3 }]),
    flow_run_id: failedRunId,
  });
  return { flowId, completedRunId, failedRunId, runningRunId, parentRunId, taskRunId, deploymentId: deployment.id };
}

/** A run that goes through some states. */
export async function aRun(
  server: ServerProcess,
  flow_id: string,
  name: string,
  states: StateType[],
  tags: string[] = [],
): Promise<string> {
  const run = await call(server, 'POST /flow_runs/', {
    flow_id,
    name,
    tags,
    parameters: { pages: 3 },
    state: { type: 'PENDING' },
  });
  for (const type of states) await setState(server, run.id, type);
  return run.id;
}

export async function setState(server: ServerProcess, id: string, type: StateType): Promise<void> {
  await call(
    server,
    'POST /flow_runs/{id}/set_state',
    { state: { type, message: type === 'FAILED' ? 'ValueError: amount is negative' : null }, force: true },
    { id },
  );
}

export async function aTaskRun(
  server: ServerProcess,
  flow_run_id: string,
  task: string,
  index: number,
  states: StateType[],
): Promise<string> {
  const run = await call(server, 'POST /task_runs/', {
    flow_run_id,
    task_key: `${task}-1a2b3c4d`,
    dynamic_key: String(index),
    name: `${task}-${index}`,
    state: { type: 'PENDING' },
  });
  for (const type of states)
    await call(server, 'POST /task_runs/{id}/set_state', { state: { type }, force: true }, { id: run.id });
  return run.id;
}

export async function writeLogs(
  server: ServerProcess,
  flow_run_id: string,
  lines: [level: number, message: string][],
): Promise<void> {
  const now = Date.now();
  await call(
    server,
    'POST /logs/',
    lines.map(([level, message], index) => ({
      name: 'prefect.flow_runs',
      level,
      message,
      timestamp: new Date(now + index).toISOString(),
      flow_run_id,
    })),
  );
}

export function unknownId(): string {
  return randomUUID();
}
