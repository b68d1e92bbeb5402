import { command, flag, text, withDefault } from '../../../command.ts';
import { CommandError } from '../../../errors.ts';
import { confirmUnless, openDatabase, yes } from './open.ts';

export const upgrade = command({
  summary: 'Bring the schema of the database up to date',
  options: {
    yes,
    revision: withDefault(text('-r, --revision <step>', 'Up to which step; there is only head, the newest'), 'head'),
    dryRun: flag('--dry-run', 'Only say what would be done'),
  },
  async run({ options, session }) {
    if (options.revision !== 'head')
      throw new CommandError(`Only the newest schema serves this server: '${options.revision}' cannot be asked for.`);
    const { databaseState, upgradeDatabase } = await import('@prefect-ts/server/database');
    const { settings, name } = await openDatabase(session);
    const { out } = session;
    const { version, pending } = await databaseState(settings);
    if (pending.length === 0) return out.line(`The database ${name} is up to date, at step ${version}.`);
    for (const step of pending) out.line(`  ${step.version}  ${step.name}`);
    if (options.dryRun) return out.line(`The database ${name} lacks these steps.`);
    await confirmUnless(options.yes, session, `Bring the database ${name} up to date?`);
    await upgradeDatabase(settings);
    out.line(out.colors.green(`The database ${name} is up to date, at step ${pending.at(-1)?.version}.`));
  },
});
