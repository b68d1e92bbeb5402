import { SECOND } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { activeSlots } from '../resources/concurrency-limits/decay.ts';
import { OCCUPYING_OR_CANCELLING } from '../resources/work-pools/occupancy.ts';
import type { Metric, Sample } from './exposition.ts';

/** What the server and its database are like right now. Each query is served by an index on what is open; nothing counts what is over. */
export async function measures(core: Core): Promise<Metric[]> {
  const groups = await Promise.all([runs(core), slots(core), workers(core), waiting(core)]);
  return [...groups.flat(), ...services(core), ...machine()];
}

const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({ name, help, type: 'gauge', samples });

/** Runs that are not over, by queue. */
async function runs(core: Core): Promise<Metric[]> {
  const now = core.clock();
  const db = core.storage.builder;
  const [open, due] = await Promise.all([
    core.scan.all(
      db
        .selectFrom('flow_run')
        .leftJoin('work_queue', 'work_queue.id', 'flow_run.work_queue_id')
        .leftJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
        .select(['work_pool.name as pool', 'work_queue.name as queue', 'flow_run.state_type'])
        .select(sql<number>`count(*)`.as('count'))
        .where(OCCUPYING_OR_CANCELLING)
        .groupBy(['work_pool.name', 'work_queue.name', 'flow_run.state_type']),
    ),
    core.scan.all(
      db
        .selectFrom('flow_run')
        .leftJoin('work_queue', 'work_queue.id', 'flow_run.work_queue_id')
        .leftJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
        .select(['work_pool.name as pool', 'work_queue.name as queue'])
        .select([sql<number>`count(*)`.as('count'), sql<number>`min(next_scheduled_start_time)`.as('oldest')])
        .where(sql<boolean>`flow_run.state_type = 'SCHEDULED'`)
        .where('flow_run.next_scheduled_start_time', '<=', now)
        .groupBy(['work_pool.name', 'work_queue.name']),
    ),
  ]);
  const inQueue = ({ pool, queue }: { pool: string | null; queue: string | null }) => ({
    work_pool: pool ?? '',
    work_queue: queue ?? '',
  });
  return [
    gauge(
      'prefect_flow_runs_active',
      'Flow runs that are pending, running or cancelling.',
      open.map((row) => ({
        labels: { ...inQueue(row), state_type: row.state_type ?? '' },
        value: Number(row.count),
      })),
    ),
    gauge(
      'prefect_flow_runs_due',
      'Flow runs whose time has come and that nobody has begun.',
      due.map((row) => ({ labels: inQueue(row), value: Number(row.count) })),
    ),
    gauge(
      'prefect_flow_runs_lateness_seconds',
      'How long the oldest of the flow runs that are due has waited.',
      due.map((row) => ({ labels: inQueue(row), value: (now - Number(row.oldest)) / SECOND })),
    ),
  ];
}

/** Concurrency limits and who holds their slots. */
async function slots(core: Core): Promise<Metric[]> {
  const now = core.clock();
  const limits = await core.scan.all(core.storage.builder.selectFrom('concurrency_limit').selectAll().where('active', '=', 1));
  return [
    gauge(
      'prefect_concurrency_limit_slots',
      'Slots of a concurrency limit.',
      limits.map(({ name, limit }) => ({ labels: { limit: name }, value: limit })),
    ),
    gauge(
      'prefect_concurrency_limit_slots_taken',
      'Slots of a concurrency limit that are taken.',
      limits.map((limit) => ({ labels: { limit: limit.name }, value: activeSlots(limit, now) })),
    ),
  ];
}

async function workers(core: Core): Promise<Metric[]> {
  const rows = await core.scan.all(
    core.storage.builder
      .selectFrom('worker')
      .innerJoin('work_pool', 'work_pool.id', 'worker.work_pool_id')
      .select(['work_pool.name as pool', 'worker.status'])
      .select(sql<number>`count(*)`.as('count'))
      .groupBy(['work_pool.name', 'worker.status']),
  );
  const samples = rows.map(({ pool, status, count }) => ({ labels: { work_pool: pool, status }, value: Number(count) }));
  return [gauge('prefect_workers', 'Workers of a work pool.', samples)];
}

const QUEUES = {
  automation_action: 'Actions of automations',
  automation_delivery: 'Webhooks and notifications',
  queued_task_run: 'Background tasks',
} as const;

/** What is decided and not done yet. */
async function waiting(core: Core): Promise<Metric[]> {
  const names = Object.keys(QUEUES) as (keyof typeof QUEUES)[];
  const counts = await Promise.all(
    names.map((name) =>
      core.scan.first(core.storage.builder.selectFrom(name).select(sql<number>`count(*)`.as('count'))).then((row) => ({
        labels: { queue: name },
        value: Number(row?.count ?? 0),
      })),
    ),
  );
  return [gauge('prefect_waiting', `${Object.values(QUEUES).join(', ')} that wait for their turn.`, counts)];
}

function services(core: Core): Metric[] {
  const signs = core.pulse.signs();
  return [
    gauge(
      'prefect_service_lag_seconds',
      'How far a service is behind the time of its next sign of life.',
      signs.map(({ name, lagSeconds }) => ({ labels: { service: name }, value: lagSeconds })),
    ),
    gauge(
      'prefect_service_round_duration_seconds',
      'How long the last round of a service took.',
      signs.map(({ name, roundSeconds }) => ({ labels: { service: name }, value: roundSeconds })),
    ),
    {
      name: 'prefect_service_failures_total',
      help: 'Rounds of a service that failed since the server started.',
      type: 'counter',
      samples: signs.map(({ name, failures }) => ({ labels: { service: name }, value: failures })),
    },
  ];
}

function machine(): Metric[] {
  const cpu = process.cpuUsage();
  return [
    gauge('process_resident_memory_bytes', 'Memory that the process has.', [{ value: process.memoryUsage.rss() }]),
    {
      name: 'process_cpu_seconds_total',
      help: 'Time that the process has computed.',
      type: 'counter',
      samples: [{ value: (cpu.user + cpu.system) / 1e6 }],
    },
    gauge('process_start_time_seconds', 'When the process began.', [{ value: performance.timeOrigin / 1000 }]),
  ];
}
