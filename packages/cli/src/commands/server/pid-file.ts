import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '@prefect-ts/server/make-folder';

/** Where a server of a home folder leaves its process id. */
function pathIn(home: string): string {
  return join(home, 'server.pid');
}

/** The process id of the server of a home folder, when it runs. */
export async function runningServerPid(home: string): Promise<number | undefined> {
  const text = await readFile(pathIn(home), 'utf8').catch(() => '');
  const pid = Number(text.trim());
  return Number.isInteger(pid) && pid > 1 && (await isServer(pid)) ? pid : undefined;
}

/** Leaves the id of this process, unless another server of the home folder runs; gives what takes it away again. */
export async function claimPidFile(home: string): Promise<() => Promise<void>> {
  if ((await runningServerPid(home)) !== undefined) return async () => {};
  makeFolder(home);
  await writeFile(pathIn(home), String(process.pid));
  return async () => {
    const text = await readFile(pathIn(home), 'utf8').catch(() => '');
    if (Number(text) === process.pid) await removePidFile(home);
  };
}

export async function removePidFile(home: string): Promise<void> {
  await rm(pathIn(home), { force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A process id may have gone to another program since; where the system tells, its command is looked at. */
async function isServer(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return commandLine === undefined || commandLine.split('\0').includes('server');
}
