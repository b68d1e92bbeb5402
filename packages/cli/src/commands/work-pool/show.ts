import type { WorkPoolResponse } from '@prefect-ts/protocol';
import { orMissing, readPages, seeList } from '../../answers.ts';
import { argument, command, flag, output } from '../../command.ts';

export const ls = command({
  summary: 'List work pools',
  options: { verbose: flag('-v, --verbose', 'Show descriptions too'), output: output() },
  async run({ options, session: { out, client } }) {
    const api = await client();
    const pools = await readPages(Number.POSITIVE_INFINITY, (slice) => api.call('POST /work_pools/filter', { body: slice }));
    pools.sort((left, right) => (right.created ?? '').localeCompare(left.created ?? ''));
    if (options.output) return out.json(pools);
    if (pools.length === 0) return out.line('No work pools found. Make one with `prefect work-pool create`.');
    out.table<WorkPoolResponse>(pools, [
      {
        title: 'Name',
        cell: ({ name, is_paused }) => `${name}${is_paused ? ' (**)' : ''}`,
        paint: (text, { is_paused }) => (is_paused ? out.colors.red(text) : out.colors.green(text)),
      },
      { title: 'Type', cell: ({ type }) => type },
      { title: 'ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
      { title: 'Concurrency Limit', cell: ({ concurrency_limit }) => concurrency_limit ?? 'None' },
      ...(options.verbose ? [{ title: 'Description', cell: ({ description }: WorkPoolResponse) => description }] : []),
    ]);
    if (pools.some(({ is_paused }) => is_paused)) out.line(out.colors.dim('(**) denotes a paused pool'));
  },
});

export const inspect = command({
  summary: 'Show all that is known about a work pool',
  arguments: { name: argument('Name of the work pool') },
  options: { output: output() },
  async run({ args: { name }, options, session: { out, client } }) {
    const api = await client();
    const pool = await orMissing(
      api.call('GET /work_pools/{name}', { path: { name } }),
      `Work pool '${name}' not found!`,
      seeList('work-pool'),
    );
    if (options.output) return out.json(pool);
    await out.object(pool);
  },
});
