import type { WorkQueueUpdate } from '@prefect-ts/protocol';
import { argument, command, integer } from '../../command.ts';
import { UsageError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { findQueue, inPool, queueName } from './find.ts';

export const pause = command({
  summary: 'Start no more runs from a work queue',
  arguments: { name: queueName },
  options: { pool: inPool },
  run: ({ args, options, session }) =>
    change(session, args.name, options.pool, { is_paused: true }, `Work queue ${place(args.name, options.pool)} paused`),
});

export const resume = command({
  summary: 'Start runs from a paused work queue again',
  arguments: { name: queueName },
  options: { pool: inPool },
  run: ({ args, options, session }) =>
    change(session, args.name, options.pool, { is_paused: false }, `Work queue ${place(args.name, options.pool)} resumed`),
});

export const setConcurrencyLimit = command({
  summary: 'Set how many runs of a work queue run at once',
  arguments: { name: queueName, limit: argument('Number of runs', queueLimit) },
  options: { pool: inPool },
  run: ({ args: { name, limit }, options: { pool }, session }) =>
    change(
      session,
      name,
      pool,
      { concurrency_limit: limit },
      `Concurrency limit of ${limit} set on work queue ${place(name, pool)}`,
    ),
});

export const clearConcurrencyLimit = command({
  summary: 'Let any number of runs of a work queue run at once',
  arguments: { name: queueName },
  options: { pool: inPool },
  run: ({ args: { name }, options: { pool }, session }) =>
    change(session, name, pool, { concurrency_limit: null }, `Concurrency limits removed on work queue ${place(name, pool)}`),
});

async function change(
  session: Session,
  name: string,
  pool: string | undefined,
  body: WorkQueueUpdate,
  done: string,
): Promise<void> {
  const queue = await findQueue(session, name, pool);
  const client = await session.client();
  await client.call('PATCH /work_queues/{id}', { path: { id: queue.id }, body });
  session.out.line(session.out.colors.green(done));
}

function place(name: string, pool: string | undefined): string {
  return pool === undefined ? `'${name}'` : `'${name}' in work pool '${pool}'`;
}

export function queueLimit(text: string): number {
  const number = integer(text);
  if (number < 0) throw new UsageError('A concurrency limit must not be negative.');
  return number;
}
