import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { databaseEnvironment, type ServerProcess, startServerProcess } from './server-process.ts';

/** The release that is measured, with the versions of what it is built on, so that every machine measures the same. */
const PACKAGES = ['prefect==3.8.8', 'fastapi==0.141.1', 'starlette==1.3.1', 'sqlalchemy==2.0.45'];
const CACHED_VENV = fileURLToPath(new URL('../../.cache/bench/reference-venv', import.meta.url));

/** Starts the reference server out of a Python environment. Without a database URL it keeps everything in its folder. */
export function startReference(venv: string, databaseUrl?: string): Promise<ServerProcess> {
  return startServerProcess((port) => ({
    command: referenceCommand(venv),
    args: ['server', 'start', '--port', String(port)],
    env: { PREFECT_SERVER_ANALYTICS_ENABLED: 'false', ...databaseEnvironment(databaseUrl) },
  }));
}

/** The `prefect` command of a Python environment. */
export function referenceCommand(venv: string): string {
  return join(resolve(venv), 'bin', 'prefect');
}

/** Finds the Python environment that holds the reference; makes it once, in the cache folder, where none is named. */
export function findReferenceVenv(named: string | undefined): string {
  const venv = named ?? process.env.PREFECT_REFERENCE_VENV ?? CACHED_VENV;
  if (existsSync(referenceCommand(venv))) return venv;
  if (venv !== CACHED_VENV) throw new Error(`There is no reference in ${venv}: ${referenceCommand(venv)} does not exist.`);
  console.error(`Installing ${PACKAGES[0]} into ${venv}, once …`);
  try {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
    execFileSync(join(venv, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES], {
      stdio: 'inherit',
    });
  } catch (error) {
    rmSync(venv, { recursive: true, force: true });
    throw error;
  }
  return venv;
}
