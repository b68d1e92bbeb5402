import type { Automation } from '@prefect-ts/protocol';
import { command, flag, output } from '../../command.ts';
import { UsageError } from '../../errors.ts';
import { allAutomations, automationId, automationName, automationsOf } from './find.ts';

export const ls = command({
  summary: 'List automations',
  options: { output: output() },
  async run({ options, session }) {
    const { out } = session;
    const automations = await allAutomations(session);
    if (options.output) return out.json(automations);
    if (automations.length === 0) return out.line('No automations found. Make one with `prefect automation create`.');
    out.table(automations, [
      { title: 'Name', cell: ({ name }) => name, paint: (text) => out.colors.blue(text) },
      { title: 'ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
      {
        title: 'Enabled',
        cell: ({ enabled }) => (enabled ? 'Yes' : 'No'),
        paint: (text, { enabled }) => (enabled ? out.colors.green(text) : out.colors.red(text)),
      },
      { title: 'Trigger', cell: ({ trigger }) => describeTrigger(trigger) },
      { title: 'Actions', cell: ({ actions }) => actions.map(({ type }) => type).join(', ') },
    ]);
  },
});

export const inspect = command({
  summary: 'Show all that is known about an automation',
  arguments: { name: automationName },
  options: {
    id: automationId,
    yaml: flag('--yaml', 'Print YAML (default)'),
    json: flag('--json', 'Print JSON'),
    output: output(),
  },
  async run({ args: { name }, options, session }) {
    if (options.yaml && (options.json || options.output)) throw new UsageError('Choose one of --yaml and JSON.');
    const found = await automationsOf(session, name, options.id);
    // Names may be used twice, so a name gives a list, and an id the automation itself.
    const shown = options.id === undefined ? found : found[0];
    if (options.json || options.output) return session.out.json(shown);
    await session.out.object(shown);
  },
});

function describeTrigger(trigger: Automation['trigger']): string {
  if (trigger.type !== 'event') return `${trigger.type} of ${trigger.triggers.length}`;
  const events = trigger.expect.length > 0 ? trigger.expect.join(', ') : 'any event';
  return `${trigger.posture}: ${events}`;
}
