import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '@prefect-ts/server/make-folder';

/** What may run in the background: a whole server, or its services alone. The word is in its command line. */
export type Part = 'server' | 'services';

/** Where a process of a home folder leaves its id. */
function pathIn(home: string, part: Part): string {
  return join(home, `${part}.pid`);
}

/** The process id of the server of a home folder, or of its services, when it runs. */
export async function runningPid(home: string, part: Part): Promise<number | undefined> {
  const text = await readFile(pathIn(home, part), 'utf8').catch(() => '');
  const pid = Number(text.trim());
  return Number.isInteger(pid) && pid > 1 && (await isPart(pid, part)) ? pid : undefined;
}

/** Leaves the id of this process, unless another one of the home folder runs; gives what takes it away again. */
export async function claimPidFile(home: string, part: Part): Promise<() => Promise<void>> {
  if ((await runningPid(home, part)) !== undefined) return async () => {};
  makeFolder(home);
  await writeFile(pathIn(home, part), String(process.pid));
  return async () => {
    const text = await readFile(pathIn(home, part), 'utf8').catch(() => '');
    if (Number(text) === process.pid) await removePidFile(home, part);
  };
}

export async function removePidFile(home: string, part: Part): Promise<void> {
  await rm(pathIn(home, part), { force: true });
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
async function isPart(pid: number, part: Part): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return commandLine === undefined || commandLine.split('\0').includes(part);
}
