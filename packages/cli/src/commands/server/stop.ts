import { setTimeout as sleep } from 'node:timers/promises';
import { command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { isAlive, removePidFile, runningServerPid } from './pid-file.ts';

const PATIENCE_SECONDS = 30;

export const stop = command({
  summary: 'Stop the server of this machine',
  async run({ session }) {
    const { home } = await session.settings();
    const pid = await runningServerPid(home);
    if (pid === undefined) {
      await removePidFile(home);
      return session.out.line('No server running in the background.');
    }
    process.kill(pid, 'SIGTERM');
    const deadline = Date.now() + PATIENCE_SECONDS * 1000;
    while (isAlive(pid)) {
      if (Date.now() > deadline) {
        throw new CommandError(
          `The server (PID ${pid}) did not stop within ${PATIENCE_SECONDS} seconds.`,
          `End it with: kill -9 ${pid}`,
        );
      }
      await sleep(20);
    }
    session.out.line('Server stopped!');
  },
});
