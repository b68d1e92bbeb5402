import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The flows that the suites run. */
export const flows = join(root, 'e2e/interop/flows');

/** Programs of the Python environment with the unmodified client; `PREFECT_PYTHON` names another one's interpreter. */
export const programs = process.env.PREFECT_PYTHON ? join(process.env.PREFECT_PYTHON, '..') : join(root, '.cache/python/bin');

export interface PythonClient {
  /** Runs a program to its end and gives what it printed; rejects with it when the program fails. */
  run(program: 'python' | 'prefect', ...args: string[]): Promise<string>;
  /** Starts a program that goes on. */
  start(program: 'python' | 'prefect', ...args: string[]): ChildProcess;
  /** The interpreter of its programs. */
  readonly interpreter: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A Python client with settings of its own, pointed at a server. */
export async function aPythonClient(apiUrl: string): Promise<PythonClient> {
  const home = await mkdtemp(join(tmpdir(), 'prefect-python-'));
  const environment = {
    PREFECT_HOME: home,
    PREFECT_API_URL: apiUrl,
    PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
    PREFECT_LOGGING_COLORS: 'false',
    NO_COLOR: '1',
    COLUMNS: '200',
    DO_NOT_TRACK: '1',
  };
  const start = (program: string, args: string[]) =>
    spawn(join(programs, program), args, {
      cwd: flows,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    interpreter: join(programs, 'python'),
    environment,
    start: (program, ...args) => start(program, args),
    run: (program, ...args) =>
      new Promise((resolve, reject) => {
        const child = start(program, args);
        let output = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
        child.on('error', reject);
        child.on('close', (code) =>
          code === 0 ? resolve(output) : reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output}`)),
        );
      }),
  };
}
