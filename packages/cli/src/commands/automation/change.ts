import { type Command, command, text } from '../../command.ts';
import { automationId, automationName, findAutomation } from './find.ts';

export const enable = change(true, 'Let an automation act again', 'Resumed');
export const disable = change(false, 'Keep an automation from acting', 'Paused');

function change(enabled: boolean, summary: string, done: string): Command {
  return command({
    summary,
    arguments: { name: automationName },
    options: { name: text('--name <name>', 'The same as the argument'), id: automationId },
    async run({ args, options, session }) {
      const { id, name } = await findAutomation(session, args.name ?? options.name, options.id);
      const client = await session.client();
      await client.call('PATCH /automations/{id}', { path: { id }, body: { enabled } });
      session.out.line(`${done} automation '${name}'`);
    },
  });
}
