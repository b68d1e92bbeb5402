import { type Micros, SECOND } from '@prefect-ts/protocol';
import type { Core } from '../../core.ts';
import { locked } from '../../storage/row-locks.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { markDeploymentsReady } from '../deployments/deployment-status.ts';
import { setQueueStatus } from './queues.ts';
import type { PolledQueue } from './scheduled-runs.ts';

/** How exact the time of a queue's last poll is kept: workers ask every few seconds, and each write costs a commit. */
const RECORDED_EVERY: Micros = 5 * SECOND;

/** A deployment is ready while its queue is polled, whatever its own time says, so that is kept less exactly. */
const DEPLOYMENTS_RECORDED_EVERY: Micros = 30 * SECOND;
const DEPLOYMENTS_AT_ONCE = 500;

const recording = new WeakMap<Core, Set<string>>();

/** Writes down that queues were polled, behind the back of whoever polled; mostly there is nothing to write. */
export function notePolls(core: Core, queues: readonly PolledQueue[]): void {
  const underway = recording.get(core) ?? new Set();
  recording.set(core, underway);
  const now = core.clock();
  const ids = queues.filter((queue) => needsRecord(queue, now) && !underway.has(queue.id)).map(({ id }) => id);
  if (ids.length === 0) return;
  for (const id of ids) underway.add(id);
  core
    .write((unit) => recordPolls(unit, ids))
    .catch((error) => core.log.warn({ err: error, queues: ids }, 'polls of work queues were not recorded'))
    .finally(() => {
      for (const id of ids) underway.delete(id);
    });
}

/** Records polls of queues now: those that were not ready are, and so are the deployments whose runs they hold. */
async function recordPolls(unit: WorkUnit, queueIds: readonly string[]): Promise<void> {
  const queues = await unit.all(
    locked(
      unit.db,
      unit.db
        .selectFrom('work_queue')
        .innerJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
        .select([
          'work_queue.id',
          'work_queue.name',
          'work_queue.status',
          'work_queue.last_polled',
          'work_pool.id as pool_id',
          'work_pool.name as pool_name',
          'work_pool.type as pool_type',
        ])
        .where('work_queue.id', 'in', queueIds)
        .orderBy('work_queue.id'),
      'work_queue',
    ),
  );
  const stale = queues.filter((queue) => needsRecord(queue, unit.now)).map(({ id }) => id);
  if (stale.length === 0) return;
  await unit.run(unit.db.updateTable('work_queue').set({ last_polled: unit.now }).where('id', 'in', stale));
  for (const queue of queues)
    if (queue.status === 'NOT_READY')
      await setQueueStatus(unit, { id: queue.pool_id, name: queue.pool_name, type: queue.pool_type }, queue, 'READY');
  await recordPollsOfDeployments(unit, stale);
}

async function recordPollsOfDeployments(unit: WorkUnit, queueIds: readonly string[]): Promise<void> {
  const deployments = await unit.all(
    unit.db
      .selectFrom('deployment')
      .select('id')
      .where('work_queue_id', 'in', queueIds)
      .where((where) =>
        where.or([
          where('status', '=', 'NOT_READY'),
          where('last_polled', 'is', null),
          where('last_polled', '<', unit.now - DEPLOYMENTS_RECORDED_EVERY),
        ]),
      ),
  );
  for (let start = 0; start < deployments.length; start += DEPLOYMENTS_AT_ONCE)
    await markDeploymentsReady(
      unit,
      deployments.slice(start, start + DEPLOYMENTS_AT_ONCE).map(({ id }) => id),
    );
}

function needsRecord({ status, last_polled }: PolledQueue, now: Micros): boolean {
  return status === 'NOT_READY' || last_polled === null || now - last_polled >= RECORDED_EVERY;
}
