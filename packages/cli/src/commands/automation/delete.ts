import { command, flag } from '../../command.ts';
import { UsageError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { confirm } from '../../terminal/confirm.ts';
import { allAutomations, automationId, automationName, oneAutomation } from './find.ts';

export const deleteAutomation = command({
  summary: 'Delete an automation',
  arguments: { name: automationName },
  options: { id: automationId, all: flag('--all', 'Delete every automation') },
  async run({ args: { name }, options: { id, all }, session }) {
    if ([name !== undefined, id !== undefined, all].filter(Boolean).length !== 1) {
      throw new UsageError('Give one of: a name, --id, --all.');
    }
    if (all) return deleteAll(session);
    const found = await oneAutomation(session, name, id);
    await confirm(session, `Delete automation '${found.name}'?`);
    const client = await session.client();
    await client.call('DELETE /automations/{id}', { path: { id: found.id } });
    session.out.line(session.out.colors.green(`Deleted automation '${found.name}' (${found.id}).`));
  },
});

async function deleteAll(session: Session): Promise<void> {
  const automations = await allAutomations(session);
  if (automations.length === 0) return session.out.line('No automations found.');
  const count = `${automations.length} automation${automations.length === 1 ? '' : 's'}`;
  await confirm(session, `Delete all of ${count}?`);
  const client = await session.client();
  for (const { id } of automations) await client.call('DELETE /automations/{id}', { path: { id } });
  session.out.line(session.out.colors.green(`Deleted ${count}.`));
}
