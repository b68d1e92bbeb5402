import { hasStatus, orMissing } from '../../answers.ts';
import { argument, command, positive, text, value } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { queueLimit } from './change.ts';

export const create = command({
  summary: 'Make a work queue',
  arguments: { name: argument('Name of the work queue') },
  options: {
    limit: value('-l, --limit <n>', 'Number of runs that run at once', queueLimit),
    pool: text('-p, --pool <name>', 'Work pool that the queue is made in'),
    priority: value('-q, --priority <n>', 'Which queue goes first: 1 before 2', positive),
  },
  async run({ args: { name }, options: { limit, pool, priority }, session }) {
    const client = await session.client();
    const body = { name, concurrency_limit: limit ?? null, ...(priority === undefined ? {} : { priority }) };
    const answer =
      pool === undefined
        ? client.call('POST /work_queues/', { body })
        : client.call('POST /work_pools/{work_pool_name}/queues', { path: { work_pool_name: pool }, body });
    const queue = await orMissing(answer, `Work pool with name: '${pool}' not found.`).catch((error: unknown) => {
      throw hasStatus(error, 409) ? new CommandError(`Work queue with name: '${name}' already exists.`) : error;
    });
    const poolName = pool ?? queue.work_pool_name ?? 'default-agent-pool';
    const { out } = session;
    out.line('Created work queue with properties:');
    out.line(`    name - '${name}'`);
    out.line(`    work pool - '${poolName}'`);
    out.line(`    id - ${queue.id}`);
    out.line(`    concurrency limit - ${queue.concurrency_limit ?? 'None'}`);
    out.line('Start a worker to pick up flow runs from the work queue:');
    out.line(`    ${out.colors.cyan(`prefect worker start -q '${name}' -p '${poolName}'`)}`);
    out.line('\nInspect the work queue:');
    out.line(`    ${out.colors.cyan(`prefect work-queue inspect '${name}' -p '${poolName}'`)}`);
  },
});
