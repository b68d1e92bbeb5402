import { command } from '../../command.ts';
import { UsageError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { automationId, automationName, automationsOf, nameOption } from './find.ts';

export const enable = switchTo(true, 'Let an automation act');
export const resume = switchTo(true, 'The same as enable');
export const disable = switchTo(false, 'Keep an automation from acting');
export const pause = switchTo(false, 'The same as disable');

function switchTo(enabled: boolean, summary: string) {
  return command({
    summary,
    arguments: { name: automationName },
    options: { name: nameOption, id: automationId },
    async run({ args, options, session }) {
      if (args.name !== undefined && options.name !== undefined) throw new UsageError('Give the name once.');
      await change(session, args.name ?? options.name, options.id, enabled);
    },
  });
}

async function change(session: Session, name: string | undefined, id: string | undefined, enabled: boolean): Promise<void> {
  const client = await session.client();
  for (const found of await automationsOf(session, name, id)) {
    await client.call('PATCH /automations/{id}', { path: { id: found.id }, body: { enabled } });
    session.out.line(session.out.colors.green(`${enabled ? 'Enabled' : 'Disabled'} automation '${found.name}' (${found.id}).`));
  }
}
