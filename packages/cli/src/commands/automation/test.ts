import { command, decimal, output, value, withDefault } from '../../command.ts';
import { automationId, automationName, oneAutomation } from './find.ts';

export const test = command({
  summary: 'Tell what an automation would have fired on the events of the last day; nothing is done',
  arguments: { name: automationName },
  options: {
    id: automationId,
    hours: withDefault(value('--hours <n>', 'How far back', decimal), 24),
    output: output(),
  },
  async run({ args, options, session }) {
    const { out } = session;
    const { id, name } = await oneAutomation(session, args.name, options.id);
    const client = await session.client();
    const since = new Date(Date.now() - options.hours * 3_600_000).toISOString();
    const result = await client.call('POST /automations/test-firing', { body: { automation_id: id, since } });
    if (options.output) return out.json(result);
    const times = `${result.count} ${result.count === 1 ? 'time' : 'times'}`;
    out.line(`Automation '${name}' would have fired ${times} in the last ${options.hours} hours, by ${result.events} events.`);
    if (!result.complete) out.warn('There were too many to look at all of them.');
    if (result.firings.length === 0) return;
    out.table(result.firings, [
      { title: 'Time', cell: ({ triggered }) => triggered },
      { title: 'Event', cell: ({ triggering_event: event }) => event?.event },
      { title: 'Resource', cell: ({ triggering_event: event }) => event?.resource['prefect.resource.id'] },
      { title: 'Labels', cell: ({ triggering_labels: labels }) => Object.values(labels).join(', ') },
    ]);
  },
});
