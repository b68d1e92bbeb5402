import { readPages } from '../../answers.ts';
import { command, output, positive, value, withDefault } from '../../command.ts';
import { describeDistance } from '../../terminal/time.ts';

export const ls = command({
  summary: 'List flows, newest first',
  options: { limit: withDefault(value('--limit <n>', 'How many to list', positive), 15), output: output() },
  async run({ options, session }) {
    const { out } = session;
    const client = await session.client();
    const flows = await readPages(options.limit, (slice) =>
      client.call('POST /flows/filter', { body: { ...slice, sort: 'CREATED_DESC' } }),
    );
    if (options.output) return out.json(flows);
    if (flows.length === 0) return out.line('No flows found.');
    out.table(flows, [
      { title: 'ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
      { title: 'Name', cell: ({ name }) => name },
      { title: 'Created', cell: ({ created }) => describeDistance(created) },
    ]);
  },
});
