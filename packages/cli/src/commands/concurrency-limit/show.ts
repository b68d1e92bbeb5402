import type { ConcurrencyLimit } from '@prefect-ts/protocol';
import { orMissing, readPages, seeList } from '../../answers.ts';
import { argument, command, output, positive, value, wholeNotNegative, withDefault } from '../../command.ts';
import type { Session } from '../../session.ts';
import { describeDistance } from '../../terminal/time.ts';

export const limitTag = argument('Tag of the tasks that it limits');

export const ls = command({
  summary: 'List concurrency limits of tags',
  options: {
    limit: withDefault(value('--limit <n>', 'How many to list', positive), 15),
    offset: withDefault(value('--offset <n>', 'How many to pass over first', wholeNotNegative), 0),
    output: output(),
  },
  async run({ options, session }) {
    const { out } = session;
    const client = await session.client();
    const limits = await readPages(options.limit, ({ limit, offset }) =>
      client.call('POST /concurrency_limits/filter', { body: { limit, offset: offset + options.offset } }),
    );
    if (options.output) return out.json(limits);
    if (limits.length === 0) return out.line('No concurrency limits found. Make one with `prefect concurrency-limit create`.');
    out.table(limits, [
      { title: 'Tag', cell: ({ tag }) => tag, paint: (text) => out.colors.green(text) },
      { title: 'ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
      { title: 'Concurrency Limit', cell: ({ concurrency_limit }) => concurrency_limit },
      { title: 'Active Task Runs', cell: ({ active_slots }) => active_slots.length },
      { title: 'Updated', cell: ({ updated }) => describeDistance(updated) },
    ]);
  },
});

export const inspect = command({
  summary: 'Show a concurrency limit and the task runs that hold it',
  arguments: { tag: limitTag },
  options: { output: output() },
  async run({ args, options, session }) {
    const limit = await findTagLimit(session, args.tag);
    if (options.output) return session.out.json(limit);
    await session.out.object(limit);
  },
});

/** Reads the limit of a tag. @throws CommandError when the tag has none */
export async function findTagLimit(session: Session, tag: string): Promise<ConcurrencyLimit> {
  const client = await session.client();
  return orMissing(
    client.call('GET /concurrency_limits/tag/{tag}', { path: { tag } }),
    `No concurrency limit found for the tag: ${tag}`,
    seeList('concurrency-limit'),
  );
}
