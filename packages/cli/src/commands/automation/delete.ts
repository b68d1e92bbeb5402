import { command } from '../../command.ts';
import { confirm } from '../../terminal/confirm.ts';
import { automationId, automationName, findAutomation } from './find.ts';

export const deleteAutomation = command({
  summary: 'Delete an automation',
  arguments: { name: automationName },
  options: { id: automationId },
  async run({ args, options, session }) {
    const { id, name } = await findAutomation(session, args.name, options.id);
    await confirm(session, `Delete automation '${name}'?`);
    const client = await session.client();
    await client.call('DELETE /automations/{id}', { path: { id } });
    session.out.line(`Deleted automation '${name}'`);
  },
});
