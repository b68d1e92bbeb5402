import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { OperationName, Operations } from '@prefect-ts/protocol';

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));

/** A server in a process of its own, on a database of its own. */
export class ServerProcess {
  readonly home: string;
  url = '';
  #process: ChildProcess | undefined;
  #port = '0';

  private constructor(home: string) {
    this.home = home;
  }

  static async start(environment: Record<string, string> = {}): Promise<ServerProcess> {
    const server = new ServerProcess(await mkdtemp(join(tmpdir(), 'prefect-ts-browser-')));
    await server.begin(environment);
    return server;
  }

  /** Starts the process, on the same port if it ran before. */
  async begin(environment: Record<string, string> = {}): Promise<void> {
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, PREFECT_HOME: this.home, PREFECT_SERVER_API_PORT: this.#port, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process = child;
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /Listening on (\S+?),/.exec(line)?.[1];
      if (!url) continue;
      this.url = url;
      this.#port = new URL(url).port;
      return;
    }
    throw new Error('The server ended before it listened.');
  }

  /** Ends the process and keeps the database. */
  async end(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  async stop(): Promise<void> {
    await this.end();
    await rm(this.home, { recursive: true, force: true });
  }

  /** Calls an operation of the API, with `{name}` in its path filled in. */
  async call<K extends OperationName>(
    operation: K,
    body?: Operations[K]['body'],
    path: Record<string, string> = {},
  ): Promise<Operations[K]['answer']> {
    const [method = '', template = ''] = operation.split(' ');
    const address = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
    const response = await fetch(`${this.url}/api${address}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${operation}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Operations[K]['answer'];
  }
}
