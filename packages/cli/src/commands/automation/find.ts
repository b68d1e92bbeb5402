import type { Automation } from '@prefect-ts/protocol';
import { orMissing, seeList } from '../../answers.ts';
import { optionalArgument, uuid, value } from '../../command.ts';
import { CommandError, UsageError } from '../../errors.ts';
import type { Session } from '../../session.ts';

/** How commands name an automation. */
export const automationName = optionalArgument('Name of the automation');
export const automationId = value('--id <uuid>', 'Id of the automation, where its name is not unique', uuid);

/** Reads the automation of a name or an id. */
export async function findAutomation(session: Session, name: string | undefined, id: string | undefined): Promise<Automation> {
  const client = await session.client();
  if (id !== undefined)
    return orMissing(
      client.call('GET /automations/{id}', { path: { id } }),
      `Automation with id '${id}' not found.`,
      seeList('automation'),
    );
  if (name === undefined) throw new UsageError('Name an automation, or give its --id.');
  const found = await client.call('POST /automations/filter', { body: { automations: { name: { any_: [name] } } } });
  const [first, ...others] = found;
  if (!first) throw new CommandError(`Automation '${name}' not found.`, seeList('automation'));
  if (others.length > 0)
    throw new CommandError(
      `${found.length} automations have the name '${name}'.`,
      `Give --id with one of ${found.map((each) => each.id).join(', ')}.`,
    );
  return first;
}
