import { accessSync, constants } from 'node:fs';
import { delimiter, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The language that a flow is written in, which decides the program that executes it. */
export type EngineLanguage = 'typescript' | 'python';

const ENGINE_PROGRAM = fileURLToPath(new URL('../engine/main.ts', import.meta.url));

/**
 * Tells the language of a deployment's entrypoint: `flows/etl.ts:etl` and `package/subpath:flow` are TypeScript (or JavaScript),
 * `flow.py:hello` and a dotted module path without a colon are Python.
 */
export function entrypointLanguage(entrypoint: string): EngineLanguage {
  const colon = entrypoint.lastIndexOf(':');
  if (colon < 0) return 'python';
  return extname(entrypoint.slice(0, colon)) === '.py' ? 'python' : 'typescript';
}

/** Splits `path:name` at the colon that is not a Windows drive's. */
export function splitEntrypoint(entrypoint: string): { path: string; name: string } {
  const colon = entrypoint.lastIndexOf(':');
  return colon <= 1 ? { path: entrypoint, name: '' } : { path: entrypoint.slice(0, colon), name: entrypoint.slice(colon + 1) };
}

/** The command that executes one run; which run, it finds in its environment. */
export function engineCommand(
  language: EngineLanguage,
  env: Readonly<Record<string, string | undefined>> = process.env,
): { command: string; args: string[]; engine: EngineLanguage } {
  if (language === 'typescript') return { command: process.execPath, args: [ENGINE_PROGRAM], engine: language };
  return { command: findPython(env), args: ['-m', 'prefect.engine'], engine: language };
}

/** The Python to use: `PREFECT_PYTHON`, or the first `python3` or `python` on the `PATH`. */
export function findPython(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env.PREFECT_PYTHON) return env.PREFECT_PYTHON;
  const names = process.platform === 'win32' ? ['python.exe', 'python3.exe'] : ['python3', 'python'];
  for (const name of names) {
    for (const folder of (env.PATH ?? '').split(delimiter)) {
      if (folder !== '' && isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  throw new PythonNotFoundError();
}

/** No Python interpreter was found for a Python flow. */
export class PythonNotFoundError extends Error {
  override readonly name = 'PythonNotFoundError';
  constructor() {
    super('No Python was found to run a Python flow: put `python3` on the PATH or name one with PREFECT_PYTHON.');
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
