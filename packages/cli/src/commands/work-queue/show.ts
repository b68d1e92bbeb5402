import type { WorkQueueResponse } from '@prefect-ts/protocol';
import { orMissing, readPages } from '../../answers.ts';
import { command, flag, output, text } from '../../command.ts';
import type { Session } from '../../session.ts';
import { describeDistance } from '../../terminal/time.ts';
import { findQueue, inPool, queueName } from './find.ts';

export const ls = command({
  summary: 'List work queues',
  options: {
    verbose: flag('-v, --verbose', 'Show more about each queue'),
    match: text('-m, --match <prefix>', 'Only queues whose name begins so'),
    pool: text('-p, --pool <name>', 'Only queues of this work pool'),
    output: output(),
  },
  async run({ options, session }) {
    const { out } = session;
    const queues = (await readQueues(session, options.pool)).filter(({ name }) => name.startsWith(options.match ?? ''));
    queues.sort((left, right) => left.priority - right.priority);
    if (options.output) return out.json(queues);
    if (queues.length === 0) return out.line('No work queues found.');
    type Row = WorkQueueResponse;
    out.table(queues, [
      {
        title: 'Name',
        cell: ({ name, is_paused }) => `${name}${is_paused ? ' (**)' : ''}`,
        paint: (text, { is_paused }) => (is_paused ? out.colors.red(text) : out.colors.green(text)),
      },
      ...(options.pool === undefined ? [{ title: 'Pool', cell: ({ work_pool_name }: Row) => work_pool_name }] : []),
      { title: 'Priority', cell: ({ priority }) => priority },
      { title: 'Concurrency Limit', cell: ({ concurrency_limit }) => concurrency_limit ?? 'None' },
      ...(options.verbose
        ? [
            { title: 'ID', cell: ({ id }: Row) => id },
            { title: 'Last Polled', cell: ({ last_polled }: Row) => describeDistance(last_polled) },
            { title: 'Description', cell: ({ description }: Row) => description },
          ]
        : []),
    ]);
    if (queues.some(({ is_paused }) => is_paused)) out.line(out.colors.dim('(**) denotes a paused queue'));
  },
});

export const inspect = command({
  summary: 'Show all that is known about a work queue',
  arguments: { name: queueName },
  options: { pool: inPool, output: output() },
  async run({ args, options, session }) {
    const queue = await findQueue(session, args.name, options.pool);
    if (options.output) return session.out.json(queue);
    await session.out.object(queue);
  },
});

async function readQueues(session: Session, pool: string | undefined): Promise<WorkQueueResponse[]> {
  const client = await session.client();
  const all = Number.POSITIVE_INFINITY;
  if (pool === undefined) return readPages(all, (slice) => client.call('POST /work_queues/filter', { body: slice }));
  const path = { work_pool_name: pool };
  return orMissing(
    readPages(all, (slice) => client.call('POST /work_pools/{work_pool_name}/queues/filter', { path, body: slice })),
    `No work pool found: '${pool}'`,
  );
}
