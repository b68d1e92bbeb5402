import { argument, command, wholeNotNegative } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { confirm } from '../../terminal/confirm.ts';
import { findTagLimit, limitTag } from './show.ts';

export const create = command({
  summary: 'Limit how many tasks with a tag run at once',
  arguments: { tag: limitTag, concurrencyLimit: argument('Number of task runs; 0 lets none run', wholeNotNegative) },
  async run({ args: { tag, concurrencyLimit }, session }) {
    if (tag.trim() === '') throw new CommandError('The tag of a concurrency limit must not be empty.');
    const client = await session.client();
    await client.call('POST /concurrency_limits/', { body: { tag, concurrency_limit: concurrencyLimit } });
    const { out } = session;
    out.line(out.colors.green(`Set the concurrency limit of tag '${tag}' to ${concurrencyLimit}.`));
    out.line(`\nSee who holds it:\n\n\tprefect concurrency-limit inspect '${tag}'`);
  },
});

export const reset = command({
  summary: 'Take a concurrency limit from all that hold it',
  arguments: { tag: limitTag },
  async run({ args: { tag }, session }) {
    await findTagLimit(session, tag);
    const client = await session.client();
    await client.call('POST /concurrency_limits/tag/{tag}/reset', { path: { tag }, body: {} });
    session.out.line(session.out.colors.green(`Reset concurrency limit set on the tag: ${tag}`));
  },
});

export const deleteLimit = command({
  summary: 'Let any number of tasks with a tag run at once',
  arguments: { tag: limitTag },
  async run({ args: { tag }, session }) {
    await findTagLimit(session, tag);
    await confirm(session, `Delete the concurrency limit of tag '${tag}'?`);
    const client = await session.client();
    await client.call('DELETE /concurrency_limits/tag/{tag}', { path: { tag } });
    session.out.line(session.out.colors.green(`Deleted concurrency limit set on the tag: ${tag}`));
  },
});
