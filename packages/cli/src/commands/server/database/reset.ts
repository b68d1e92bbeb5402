import { command } from '../../../command.ts';
import { CommandError } from '../../../errors.ts';
import { runningServerPid } from '../pid-file.ts';
import { confirmUnless, openDatabase, yes } from './open.ts';

export const reset = command({
  summary: 'Delete everything in the database',
  options: { yes },
  async run({ options, session }) {
    const { resetDatabase } = await import('@prefect-ts/server/database');
    const { settings, name } = await openDatabase(session);
    const pid = await runningServerPid(settings.home);
    if (pid !== undefined)
      throw new CommandError(`A server (PID ${pid}) runs on ${name}.`, 'Stop it with `prefect server stop`.');
    await confirmUnless(options.yes, session, `Delete everything in the database ${name}?`);
    await resetDatabase(settings);
    session.out.line(session.out.colors.green(`The database ${name} is empty.`));
  },
});
