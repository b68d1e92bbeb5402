import type { Automation } from '@prefect-ts/protocol';
import { orMissing, readPages, seeList } from '../../answers.ts';
import { optionalArgument, text, uuid, value } from '../../command.ts';
import { CommandError, UsageError } from '../../errors.ts';
import type { Session } from '../../session.ts';

/** How commands are told which automation they are for. */
export const automationName = optionalArgument('Name of the automation');
export const automationId = value('--id <id>', 'Id of the automation, in place of its name', uuid);
export const nameOption = text('--name <name>', 'Name of the automation, in place of the argument');

/** Reads the automations of a name, or the one of an id. @throws CommandError when there is none */
export async function automationsOf(session: Session, name: string | undefined, id: string | undefined): Promise<Automation[]> {
  if (id !== undefined && name === undefined) return [await readAutomation(session, id)];
  if (name === undefined || id !== undefined) throw new UsageError('Give the name of an automation, or --id.');
  const client = await session.client();
  const found = await readPages(Number.POSITIVE_INFINITY, (slice) =>
    client.call('POST /automations/filter', { body: { ...slice, automations: { name: { any_: [name] } } } }),
  );
  if (found.length === 0) throw new CommandError(`Automation '${name}' not found.`, seeList('automation'));
  return found;
}

/** Reads the one automation of a name or an id. @throws CommandError when there is none, or more than one */
export async function oneAutomation(session: Session, name: string | undefined, id: string | undefined): Promise<Automation> {
  const [found, ...more] = await automationsOf(session, name, id);
  if (found && more.length === 0) return found;
  const ids = [found, ...more].map((each) => each?.id).join(', ');
  throw new CommandError(`Several automations are named '${name}'.`, `Choose one by --id: ${ids}`);
}

export async function readAutomation(session: Session, id: string): Promise<Automation> {
  const client = await session.client();
  return orMissing(
    client.call('GET /automations/{id}', { path: { id } }),
    `Automation with id '${id}' not found.`,
    seeList('automation'),
  );
}

export async function allAutomations(session: Session): Promise<Automation[]> {
  const client = await session.client();
  return readPages(Number.POSITIVE_INFINITY, (slice) => client.call('POST /automations/filter', { body: slice }));
}
