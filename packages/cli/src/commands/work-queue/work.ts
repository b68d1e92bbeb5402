import { command, decimal, output, value } from '../../command.ts';
import type { Session } from '../../session.ts';
import { tellSlots, tellUpcoming } from '../upcoming.ts';
import { findQueue, inPool, queueName } from './find.ts';

export const preview = command({
  summary: 'List the runs that a work queue will start next',
  arguments: { name: queueName },
  options: { hours: value('-h, --hours <n>', 'How far to look ahead (default: 1)', decimal), pool: inPool, output: output() },
  async run({ args, options, session }) {
    const until = new Date(Date.now() + (options.hours ?? 1) * 3_600_000);
    tellUpcoming(session.out, await upcoming(session, args.name, options.pool, until), options.output);
  },
});

export const readRuns = command({
  summary: 'List the runs of a work queue that are due',
  arguments: { name: queueName },
  options: { pool: inPool },
  async run({ args: { name }, options: { pool }, session }) {
    const runs = await upcoming(session, name, pool, new Date());
    session.out.line(`Read ${runs.length} runs for work queue '${name}'${pool ? ` in work pool '${pool}'` : ''}`);
    for (const { id, name } of runs) session.out.line(`${id}  ${name}`);
  },
});

export const slots = command({
  summary: 'Show which runs take the slots of a work queue',
  arguments: { name: queueName },
  options: { pool: inPool, output: output() },
  async run({ args, options, session }) {
    const queue = await findQueue(session, args.name, options.pool);
    const client = await session.client();
    const status = await client.call('POST /work_queues/{id}/concurrency_status', { path: { id: queue.id }, body: {} });
    if (options.output) return session.out.json(status);
    session.out.line(`Work Queue: ${args.name}`);
    tellSlots(session.out, status);
  },
});

async function upcoming(session: Session, name: string, pool: string | undefined, until: Date) {
  const queue = await findQueue(session, name, pool);
  const client = await session.client();
  const work_pool_name = pool ?? queue.work_pool_name;
  const scheduled_before = until.toISOString();
  if (work_pool_name === null) {
    return client.call('POST /work_queues/{id}/get_runs', { path: { id: queue.id }, body: { scheduled_before } });
  }
  const answers = await client.call('POST /work_pools/{name}/get_scheduled_flow_runs', {
    path: { name: work_pool_name },
    body: { scheduled_before, work_queue_names: [name] },
  });
  return answers.map(({ flow_run }) => flow_run);
}
