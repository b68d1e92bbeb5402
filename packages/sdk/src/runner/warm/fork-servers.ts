import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type ProcessSpec, type RunningProcess, runningProcess } from '../start-process.ts';

/** Python interpreters with prefect imported, each started when its first run was there. */
export interface PythonForkServers {
  /** A process that executes this run; undefined while its interpreter is not ready. */
  fork(spec: ProcessSpec): Promise<RunningProcess | undefined>;
  close(): void;
}

const PROGRAM = fileURLToPath(new URL('./fork_server.py', import.meta.url));

export function pythonForkServers(options: { env: ProcessSpec['env'] }): PythonForkServers {
  const servers = new Map<string, ForkServer>();
  // Not even Windows' own Python can fork.
  const canFork = process.platform !== 'win32';

  return {
    async fork(spec) {
      if (!canFork) return undefined;
      const server = servers.get(spec.command);
      // One that ended before it was ready would do so again: prefect is not there, or too old.
      if (server === undefined || (server.state === 'gone' && server.wasReady)) {
        servers.set(spec.command, new ForkServer(spec.command, options.env));
        return undefined;
      }
      return server.state === 'ready' ? server.fork(spec) : undefined;
    },
    close() {
      for (const server of servers.values()) server.close();
    },
  };
}

/** How often to look for a process whose end nobody can report. */
const LOOK_EVERY_MS = 500;

interface Run {
  readonly started: (pid: number | undefined) => void;
  readonly ended: (status: number) => void;
  pid?: number;
}

class ForkServer {
  state: 'starting' | 'ready' | 'gone' = 'starting';
  wasReady = false;
  readonly #channel: Socket | undefined;
  readonly #runs = new Map<number, Run>();
  #asked = 0;

  constructor(python: string, env: ProcessSpec['env']) {
    const child = spawn(python, [PROGRAM], { env, stdio: ['ignore', 'inherit', 'inherit', 'pipe'], detached: true });
    child.on('error', () => this.#onGone());
    child.once('exit', () => this.#onGone());
    child.unref();
    this.#channel = child.stdio[3] as Socket | undefined;
    if (!this.#channel) return;
    this.#channel.on('error', () => this.#onGone());
    this.#channel.unref();
    createInterface({ input: this.#channel }).on('line', (line) => this.#read(line));
  }

  async fork(spec: ProcessSpec): Promise<RunningProcess | undefined> {
    const id = ++this.#asked;
    const started = Promise.withResolvers<number | undefined>();
    const ended = Promise.withResolvers<number>();
    this.#runs.set(id, { started: started.resolve, ended: ended.resolve });
    const { cwd, env, showOutput } = spec;
    this.#channel?.ref();
    this.#channel?.write(`${JSON.stringify({ id, cwd, env, showOutput })}\n`);
    const pid = await started.promise;
    return pid === undefined ? undefined : runningProcess(pid, ended.promise);
  }

  close(): void {
    this.#channel?.destroy();
  }

  #read(line: string): void {
    const message = JSON.parse(line) as { ready?: true; id?: number; pid?: number; status?: number };
    if (message.ready) {
      this.state = 'ready';
      this.wasReady = true;
    }
    const run = this.#runs.get(message.id ?? 0);
    if (!run || message.id === undefined) return;
    if (message.pid !== undefined) {
      run.pid = message.pid;
      run.started(message.pid);
    }
    if (message.status !== undefined) {
      run.ended(message.status);
      this.#runs.delete(message.id);
      if (this.#runs.size === 0) this.#channel?.unref();
    }
  }

  /** Runs that were not begun start in another way; those that were are watched from afar. */
  #onGone(): void {
    if (this.state === 'gone') return;
    this.state = 'gone';
    for (const run of this.#runs.values()) {
      if (run.pid === undefined) run.started(undefined);
      else lookForEnd(run.pid, run.ended);
    }
    this.#runs.clear();
  }
}

/** Its exit status is lost with its parent; whether it reported its outcome, its supervisor knows. */
function lookForEnd(pid: number, ended: (status: number) => void): void {
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    ended(-1);
  }, LOOK_EVERY_MS);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
