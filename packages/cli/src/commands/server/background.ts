import { spawn } from 'node:child_process';
import { openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '@prefect-ts/server/make-folder';
import type { Settings } from 'prefect-ts/settings';
import { CommandError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { runningServerPid } from './pid-file.ts';

const PROGRAM = fileURLToPath(new URL('../../../bin/prefect.js', import.meta.url));

/** Starts a server that lives on without this process, and returns when it answers. */
export async function startInBackground(session: Session, settings: Settings, noServices: boolean): Promise<void> {
  const running = await runningServerPid(settings.home);
  if (running !== undefined) {
    throw new CommandError(
      `A server is already running in the background (PID ${running}).`,
      'Stop it with `prefect server stop`.',
    );
  }
  const logPath = join(settings.home, 'server.log');
  const log = openLog(settings.home, logPath);
  const logStart = statSync(logPath).size;
  const child = spawn(process.execPath, [PROGRAM, 'server', 'start', ...(noServices ? ['--no-services'] : [])], {
    detached: true,
    env: { ...process.env, ...settings.toEnvironment(), NO_COLOR: '1' },
    stdio: ['ignore', log, log, 'ipc'],
  });
  const apiUrl = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(apiUrlIn(message)));
    child.once('error', reject);
    child.once('exit', () => {
      const said = readFileSync(logPath, 'utf8').slice(logStart).trim().split('\n');
      reject(new CommandError(said[0] ?? 'The server ended at once.', said.slice(1).join('\n') || `See ${logPath}.`));
    });
  });
  child.disconnect();
  child.unref();
  session.out.line(`The server runs in the background (PID ${child.pid}) at ${session.out.colors.cyan(apiUrl)}`);
  session.out.line(`It logs to ${logPath}. Stop it with \`prefect server stop\`.`);
}

function openLog(home: string, path: string): number {
  try {
    makeFolder(home);
    return openSync(path, 'a', 0o600);
  } catch (error) {
    throw new CommandError(
      `The folder ${home} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      'Set PREFECT_HOME to a folder of yours.',
    );
  }
}

function apiUrlIn(message: unknown): string {
  return typeof message === 'object' && message !== null && 'apiUrl' in message ? String(message.apiUrl) : '';
}
