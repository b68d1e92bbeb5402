import { readPages } from '../../answers.ts';
import { command, flag, output } from '../../command.ts';
import { automationId, automationName, findAutomation } from './find.ts';

export const ls = command({
  summary: 'List automations',
  options: { output: output() },
  async run({ options, session }) {
    const { out } = session;
    const client = await session.client();
    const automations = await readPages(Number.POSITIVE_INFINITY, ({ limit, offset }) =>
      client.call('POST /automations/filter', { body: { limit, offset, sort: 'NAME_ASC' } }),
    );
    if (options.output) return out.json(automations);
    if (automations.length === 0) return out.line('No automations found.');
    out.table(automations, [
      { title: 'Automation', cell: ({ name }) => name },
      { title: 'Enabled', cell: ({ enabled }) => (enabled ? 'yes' : 'no') },
      { title: 'Trigger', cell: ({ trigger }) => trigger.type },
      { title: 'Actions', cell: ({ actions }) => actions.map(({ type }) => type).join(', ') },
      { title: 'ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
    ]);
  },
});

export const inspect = command({
  summary: 'Show an automation',
  arguments: { name: automationName },
  options: { id: automationId, yaml: flag('--yaml', 'Print YAML'), json: flag('--json', 'Print JSON'), output: output() },
  async run({ args, options, session }) {
    const automation = await findAutomation(session, args.name, options.id);
    if (options.json || options.output) session.out.json(automation);
    else await session.out.object(automation);
  },
});
