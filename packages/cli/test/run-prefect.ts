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
  /** Runs a command that must succeed, and gives what it printed as JSON. */
  json<T>(...args: readonly string[]): Promise<T>;
  /** Starts a command that goes on. */
  start(...args: readonly string[]): ChildProcess;
  remove(): void;
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
    async json(...args) {
      const { code, stdout, stderr } = await place.run(...args, '-o', 'json');
      if (code !== 0) throw new Error(`prefect ${args.join(' ')} failed: ${stderr}`);
      return JSON.parse(stdout);
    },
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }),
  };
  return place;
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

/** Waits until a process has printed something on stdout; gives all it printed. */
export function printed(child: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      if (wanted.test(text)) resolve(text);
    });
    child.once('close', () => reject(new Error(`ended without printing ${wanted}: ${text}`)));
  });
}
