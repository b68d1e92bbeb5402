import { setTimeout as sleep } from 'node:timers/promises';
import { command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { isAlive, type Part, removePidFile, runningPid } from './pid-file.ts';

const PATIENCE_SECONDS = 30;

export const stop = command({
  summary: 'Stop the server of this machine',
  async run({ session }) {
    const stopped = await stopPart(session, 'server');
    session.out.line(stopped ? 'Server stopped!' : 'No server running in the background.');
  },
});

export const stopServices = command({
  summary: 'Stop the services that run in the background',
  async run({ session }) {
    const stopped = await stopPart(session, 'services');
    session.out.line(stopped ? 'Services stopped!' : 'No services running in the background.');
  },
});

/** Ends a process of the home folder, and waits until it is gone. @returns whether there was one */
async function stopPart(session: Session, part: Part): Promise<boolean> {
  const { home } = await session.settings();
  const pid = await runningPid(home, part);
  if (pid === undefined) {
    await removePidFile(home, part);
    return false;
  }
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      throw new CommandError(
        `Process ${pid} (${part}) did not stop within ${PATIENCE_SECONDS} seconds.`,
        `End it with: kill -9 ${pid}`,
      );
    }
    await sleep(20);
  }
  return true;
}
