import { spawn } from 'node:child_process';
import { openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '@prefect-ts/server/make-folder';
import type { Settings } from 'prefect-ts/settings';
import { CommandError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { type Part, runningPid } from './pid-file.ts';

const PROGRAM = fileURLToPath(new URL('../../../bin/prefect.js', import.meta.url));

/** Starts a server that lives on without this process, and returns when it answers. */
export async function startInBackground(session: Session, settings: Settings, noServices: boolean): Promise<void> {
  const running = await runningPid(settings.home, 'server');
  if (running !== undefined) {
    throw new CommandError(
      `A server is already running in the background (PID ${running}).`,
      'Stop it with `prefect server stop`.',
    );
  }
  const { pid, said, logPath } = await spawnPart(settings, 'server', ['start', ...(noServices ? ['--no-services'] : [])]);
  session.out.line(`The server runs in the background (PID ${pid}) at ${session.out.colors.cyan(apiUrlIn(said))}`);
  session.out.line(`It logs to ${logPath}. Stop it with \`prefect server stop\`.`);
}

/** Starts the services alone, to live on without this process. */
export async function startServicesInBackground(session: Session, settings: Settings): Promise<void> {
  const running = await runningPid(settings.home, 'services');
  if (running !== undefined) {
    throw new CommandError(
      `Services are already running in the background (PID ${running}).`,
      'Stop them with `prefect server services stop`.',
    );
  }
  const { pid, logPath } = await spawnPart(settings, 'services', ['services', 'start']);
  session.out.line(`Services run in the background (PID ${pid}).`);
  session.out.line(`They log to ${logPath}. Stop them with \`prefect server services stop\`.`);
}

interface SpawnedPart {
  readonly pid: number | undefined;
  /** What it said when it was ready. */
  readonly said: unknown;
  readonly logPath: string;
}

/** Starts `prefect server …` as a process of its own, and waits until it says that it is ready. */
async function spawnPart(settings: Settings, part: Part, words: readonly string[]): Promise<SpawnedPart> {
  const logPath = join(settings.home, `${part}.log`);
  const log = openLog(settings.home, logPath);
  const logStart = statSync(logPath).size;
  const child = spawn(process.execPath, [PROGRAM, 'server', ...words], {
    detached: true,
    env: { ...process.env, ...settings.toEnvironment(), NO_COLOR: '1' },
    stdio: ['ignore', log, log, 'ipc'],
  });
  const said = await new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', () => {
      const logged = readFileSync(logPath, 'utf8').slice(logStart).trim().split('\n');
      reject(new CommandError(logged[0] || 'It ended at once.', logged.slice(1).join('\n') || `See ${logPath}.`));
    });
  });
  child.disconnect();
  child.unref();
  return { pid: child.pid, said, logPath };
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
