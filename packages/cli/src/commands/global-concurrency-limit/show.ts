import { writeFile } from 'node:fs/promises';
import type { GlobalConcurrencyLimitResponse } from '@prefect-ts/protocol';
import { orMissing, readPages, seeList } from '../../answers.ts';
import { argument, command, output, text } from '../../command.ts';
import type { Session } from '../../session.ts';
import { describeDistance } from '../../terminal/time.ts';

export const limitName = argument('Name of the limit');

export const ls = command({
  summary: 'List global concurrency limits',
  options: { output: output() },
  async run({ options, session }) {
    const { out } = session;
    const client = await session.client();
    const limits = await readPages(Number.POSITIVE_INFINITY, (slice) =>
      client.call('POST /v2/concurrency_limits/filter', { body: slice }),
    );
    if (options.output) return out.json(limits);
    if (limits.length === 0) return out.line('No global concurrency limits found. Make one with `prefect gcl create`.');
    out.table(limits, [
      { title: 'Name', cell: ({ name }) => name, paint: (text) => out.colors.green(text) },
      { title: 'ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
      { title: 'Active', cell: ({ active }) => (active ? 'Yes' : 'No') },
      { title: 'Limit', cell: ({ limit }) => limit },
      { title: 'Active Slots', cell: ({ active_slots }) => active_slots },
      { title: 'Slot Decay Per Second', cell: ({ slot_decay_per_second }) => slot_decay_per_second },
      { title: 'Updated', cell: ({ updated }) => describeDistance(updated) },
    ]);
  },
});

export const inspect = command({
  summary: 'Show all that is known about a global concurrency limit',
  arguments: { name: limitName },
  options: { file: text('-f, --file <file>', 'Write it to this file, as JSON'), output: output() },
  async run({ args: { name }, options, session }) {
    const limit = await findLimit(session, name);
    if (options.file !== undefined) {
      await writeFile(options.file, `${JSON.stringify(limit, null, 2)}\n`);
      return session.out.line(`Wrote global concurrency limit '${name}' to ${options.file}.`);
    }
    if (options.output) return session.out.json(limit);
    await session.out.object(limit);
  },
});

/** Reads a limit. @throws CommandError when there is none of this name */
export async function findLimit(session: Session, name: string): Promise<GlobalConcurrencyLimitResponse> {
  const client = await session.client();
  return orMissing(
    client.call('GET /v2/concurrency_limits/{id_or_name}', { path: { id_or_name: name } }),
    `Global concurrency limit '${name}' not found.`,
    seeList('global-concurrency-limit'),
  );
}
