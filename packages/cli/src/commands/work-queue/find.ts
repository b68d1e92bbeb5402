import type { WorkQueueResponse } from '@prefect-ts/protocol';
import { orMissing } from '../../answers.ts';
import { argument, text } from '../../command.ts';
import type { Session } from '../../session.ts';

/** What most commands of queues take. */
export const queueName = argument('Name of the work queue');
export const inPool = text('-p, --pool <name>', 'Work pool of the queue');

/** Reads a queue of a pool; without a pool, of the pool that is there for queues without one. */
export async function findQueue(session: Session, name: string, pool: string | undefined): Promise<WorkQueueResponse> {
  const client = await session.client();
  const answer =
    pool === undefined
      ? client.call('GET /work_queues/name/{name}', { path: { name } })
      : client.call('GET /work_pools/{work_pool_name}/queues/{name}', { path: { work_pool_name: pool, name } });
  return orMissing(answer, missing(name, pool), pool === undefined ? 'Name its work pool with --pool.' : undefined);
}

function missing(name: string, pool: string | undefined): string {
  return pool === undefined ? `No work queue found: '${name}'` : `No work queue named '${name}' found in work pool '${pool}'.`;
}
