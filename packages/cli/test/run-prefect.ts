import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../bin/prefect.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home folder of its own, in which commands run as a person would run them. */
export interface Place {
  readonly home: string;
  /** Variables that every command gets. */
  readonly env: Record<string, string>;
  /** Runs a command to its end. */
  run(...args: readonly string[]): Promise<Outcome>;
  /** Runs a command; gives what it printed where it succeeds, else its exit code and complaint. */
  says(...args: readonly string[]): Promise<string>;
  /** Runs a command that must succeed, and gives what it printed as JSON. */
  json<T>(...args: readonly string[]): Promise<T>;
  /** Starts a command that goes on. */
  start(...args: readonly string[]): ChildProcess;
  remove(): void | Promise<void>;
}

export function aPlace(node: string = process.execPath): Place {
  const home = mkdtempSync(join(tmpdir(), 'prefect-cli-'));
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(PREFECT|SSL_CERT|NODE_OPTIONS|VITEST|FORCE_COLOR)/.test(name),
  );
  const env: Record<string, string> = {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    PREFECT_HOME: home,
    NO_COLOR: '1',
  };
  const start = (...args: readonly string[]) =>
    spawn(node, [PROGRAM, ...args], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const place: Place = {
    home,
    env,
    start,
    run: (...args) => outcomeOf(start(...args)),
    async says(...args) {
      const { code, stdout, stderr } = await place.run(...args);
      return code === 0 ? stdout : `${code}: ${stderr}`;
    },
    async json(...args) {
      const { code, stdout, stderr } = await place.run(...args, '-o', 'json');
      if (code !== 0) throw new Error(`prefect ${args.join(' ')} failed: ${stderr}`);
      return JSON.parse(stdout);
    },
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }),
  };
  return place;
}

/** A place whose commands talk to a server of their own. */
export async function aPlaceWithServer(): Promise<Place> {
  const place = aPlace();
  const { stdout } = await place.run('server', 'start', '-b', '--port', '0');
  place.env.PREFECT_API_URL = /http:\S+\/api/.exec(stdout)?.[0] ?? '';
  return {
    ...place,
    async remove() {
      await place.run('server', 'stop');
      place.remove();
    },
  };
}

/** Calls the API of a place with a server. */
export async function callApi<T>({ env }: Place, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${env.PREFECT_API_URL}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? (undefined as T) : JSON.parse(text);
}

export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** Waits until a process has printed something; gives all it printed. */
export function printed(child: ChildProcess, wanted: RegExp, where: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child[where]?.on('data', (chunk) => {
      text += chunk;
      if (wanted.test(text)) resolve(text);
    });
    child.once('close', () => reject(new Error(`ended without printing ${wanted}: ${text}`)));
  });
}
