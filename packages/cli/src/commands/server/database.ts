import { command, flag, type Group, text } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { confirm } from '../../terminal/confirm.ts';
import { runningPid } from './pid-file.ts';

const yes = flag('-y, --yes', 'Do not ask');

const upgrade = command({
  summary: 'Bring the database to the newest version, as a server does when it starts',
  options: {
    yes,
    revision: text('-r, --revision <version>', 'Only `head`, the newest (default)'),
    dryRun: flag('--dry-run', 'Only say what would be done'),
  },
  async run({ options, session }) {
    if (![undefined, 'head'].includes(options.revision)) {
      throw new CommandError(
        `The database cannot be brought to '${options.revision}'.`,
        'Leave out --revision: it goes to the newest version.',
      );
    }
    const { upgradeDatabase } = await import('@prefect-ts/server');
    const { from, to } = await upgradeDatabase(await settingsOf(session), true);
    const { out } = session;
    if (from === to) return out.line(`The database is at version ${to}, the newest.`);
    if (options.dryRun) return out.line(`The database would go from version ${from} to ${to}.`);
    if (!options.yes) await confirm(session, `Bring the database from version ${from} to ${to}?`);
    await upgradeDatabase(await settingsOf(session));
    out.line(out.colors.green(`The database went from version ${from} to ${to}.`));
  },
});

const reset = command({
  summary: 'Delete everything that is in the database',
  options: { yes },
  async run({ options, session }) {
    await refuseWhileUsed(session);
    const { resetDatabase } = await import('@prefect-ts/server');
    const settings = await settingsOf(session);
    if (!options.yes) await confirm(session, `Delete everything in ${withoutPassword(settings.databaseUrl)}?`);
    await resetDatabase(settings);
    session.out.line(session.out.colors.green('The database is empty.'));
  },
});

const BACKUP = 'The schema only goes forward: restore a copy of the database that was made before.';
const OWN_STEPS = 'Changes of the schema are part of the server; see packages/server/src/storage/migrations.';

export const database: Group = {
  summary: 'Upgrade or empty the database',
  commands: { upgrade, reset },
  absent: { downgrade: BACKUP, revision: OWN_STEPS, stamp: OWN_STEPS },
};

/** Knows only of the processes of this machine and home folder. */
async function refuseWhileUsed(session: Session): Promise<void> {
  const { home } = await session.settings();
  const server = await runningPid(home, 'server');
  if (server !== undefined) {
    throw new CommandError(`A server uses the database (PID ${server}).`, 'Stop it first: prefect server stop');
  }
  const services = await runningPid(home, 'services');
  if (services !== undefined) {
    throw new CommandError(`Services use the database (PID ${services}).`, 'Stop them first: prefect server services stop');
  }
}

async function settingsOf(session: Session) {
  const { readServerSettings } = await import('@prefect-ts/server');
  return readServerSettings((await session.settings()).toEnvironment());
}

function withoutPassword(url: string): string {
  return url.replace(/:\/\/[^@/]*@/, '://***@');
}
