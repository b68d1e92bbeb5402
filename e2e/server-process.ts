import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own, that can be killed and started again on the same data and port. */
export interface ServerProcess {
  readonly url: string;
  readonly apiUrl: string;
  readonly home: string;
  /** Starts the process and resolves when it answers. */
  start(): Promise<void>;
  /** Ends the process at once, as a loss of power would end it. */
  kill(): Promise<void>;
  /** Ends the process politely; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Stops the process and removes its data. */
  remove(): Promise<void>;
  request<Body = unknown>(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }>;
}

const main = fileURLToPath(new URL('../packages/server/src/main.ts', import.meta.url));

export interface ServerProcessOptions {
  readonly environment?: Readonly<Record<string, string>>;
}

/** Makes a server process with data of its own on a free port; it is not started yet. */
export async function aServerProcess({ environment = {} }: ServerProcessOptions = {}): Promise<ServerProcess> {
  const home = await mkdtemp(join(tmpdir(), 'prefect-e2e-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let output = '';

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }

  return {
    url,
    apiUrl: `${url}/api`,
    home,
    async start() {
      output = '';
      child = spawn(process.execPath, [main], {
        env: { ...process.env, PREFECT_HOME: home, PREFECT_SERVER_API_PORT: String(port), ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      await answering(child, (text) => {
        output += text;
        return output.includes('Listening on');
      });
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    async remove() {
      await end('SIGTERM');
      await rm(home, { recursive: true, force: true });
    },
    async request(method, path, body) {
      const response = await fetch(`${url}/api${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

/** Resolves when the output of a process says what is waited for; rejects with the output when it ends before. */
export function answering(child: ChildProcess, heard: (text: string) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const listen = (chunk: Buffer) => {
      output += chunk;
      if (heard(String(chunk))) resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => reject(new Error(`The process ended with ${code}:\n${output}`)));
    child.once('error', reject);
  });
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
