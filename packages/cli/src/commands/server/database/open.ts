import type { ServerSettings } from '@prefect-ts/server';
import { flag } from '../../../command.ts';
import type { Session } from '../../../session.ts';
import { confirm } from '../../../terminal/confirm.ts';

/** What most commands of the database take. */
export const yes = flag('-y, --yes', 'Do not ask');

/** Where the database of the settings is, and how it may be named to people. */
export async function openDatabase(session: Session): Promise<{ settings: ServerSettings; name: string }> {
  const { readServerSettings } = await import('@prefect-ts/server/settings');
  const settings = readServerSettings((await session.settings()).toEnvironment());
  return { settings, name: settings.databaseUrl.replace(/:\/\/[^@/]*@/, '://') };
}

/** Asks unless the command was told not to. */
export async function confirmUnless(isSure: boolean, session: Session, question: string): Promise<void> {
  if (!isSure) await confirm(session, question);
}
