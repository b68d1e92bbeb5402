import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepError } from '../../tools/steps.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PREFECT = join(ROOT, 'packages', 'cli', 'bin', 'prefect.js');
const USUAL_PORT = 4200;
const LONGEST_STOP_MS = 15_000;

/** Folder of the examples and of their `prefect.yaml`. */
export const EXAMPLES = join(ROOT, 'examples');

/** A server and a worker, as a person would start them in two terminals, on a folder of their own. */
export class System {
  readonly #home: string;
  readonly #python: string;
  readonly #signal: AbortSignal | undefined;
  readonly #programs: { readonly child: ChildProcess; readonly exited: Promise<void> }[] = [];
  #apiUrl: string | undefined;

  /**
   * @param home folder for the database, results and logs
   * @param python the interpreter of Python flows
   * @param signal ends commands that are under way
   */
  constructor(home: string, python: string, signal?: AbortSignal) {
    this.#home = home;
    this.#python = python;
    this.#signal = signal;
  }

  /** Where the worker and the flows that it starts print to. */
  get workerLog(): string {
    return join(this.#home, 'worker.log');
  }

  /** Starts the server; on the usual port if that is free. */
  async startServer(): Promise<{ url: string; apiUrl: string }> {
    const port = (await isFree(USUAL_PORT)) ? USUAL_PORT : 0;
    const log = join(this.#home, 'server.log');
    const child = this.#start(['server', 'start', '--port', String(port)], log, true);
    const address = await new Promise<unknown>((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new StepError('The server did not start', `Its log is ${log}.`)));
    }).catch(async (error: unknown) => {
      throw await withLog(error, log);
    });
    const { url, apiUrl } = address as { url: string; apiUrl: string };
    this.#apiUrl = apiUrl;
    return { url, apiUrl };
  }

  /** Starts a worker for a pool and waits until it takes runs. */
  async startWorker(pool: string): Promise<void> {
    const child = this.#start(['worker', 'start', '--pool', pool], this.workerLog, false);
    const log = this.workerLog;
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', (chunk) => String(chunk).includes('started!') && resolve());
      child.once('exit', () => reject(new StepError('The worker did not start', `Its log is ${log}.`)));
    }).catch(async (error: unknown) => {
      throw await withLog(error, log);
    });
  }

  /** Runs a command of the CLI to its end and gives what it printed. */
  async prefect(args: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, [PREFECT, ...args], {
      cwd: EXAMPLES,
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: this.#signal,
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (code === 0) return printed;
    throw new StepError(`prefect ${args.join(' ')} ended with code ${code}`, 'This is what it printed:', printed.trim());
  }

  /** Stops what was started, the last first, each in order. */
  async stop(): Promise<void> {
    for (const { child, exited } of this.#programs.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      const tooLong = setTimeout(() => child.kill('SIGKILL'), LONGEST_STOP_MS);
      await exited;
      clearTimeout(tooLong);
    }
    this.#programs.length = 0;
  }

  /** A group of its own keeps Ctrl-C from the program: it is stopped in order instead. */
  #start(args: readonly string[], log: string, talks: boolean): ChildProcess {
    const output = createWriteStream(log, { flags: 'a' });
    const child = spawn(process.execPath, [PREFECT, ...args], {
      cwd: EXAMPLES,
      env: this.#environment(),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(talks ? ['ipc' as const] : [])],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.pipe(output, { end: false });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#programs.push({ child, exited });
    return child;
  }

  /** The person's own settings do not reach into it. */
  #environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PREFECT_'));
    return {
      ...Object.fromEntries(inherited),
      PREFECT_HOME: this.#home,
      PREFECT_PYTHON: this.#python,
      ...(this.#apiUrl === undefined ? {} : { PREFECT_API_URL: this.#apiUrl }),
    };
  }
}

async function withLog(error: unknown, log: string): Promise<unknown> {
  if (!(error instanceof StepError)) return error;
  const lines = (await readFile(log, 'utf8')).trim().split('\n');
  return new StepError(error.message, error.hint, lines.slice(-15).join('\n'));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
