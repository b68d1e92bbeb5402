import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PREFECT = fileURLToPath(new URL('../packages/cli/bin/prefect.js', import.meta.url));
/** A program that has not said or done by then what it should will not do so. */
const PATIENCE_MS = 30_000;

/** Where a person types `prefect …`: a folder with flows, and a home that nobody else uses. */
export interface Terminal {
  readonly home: string;
  /** Variables that every command gets beside those of this process that are not about Prefect. */
  readonly env: Record<string, string>;
  /** Runs a command to its end. */
  prefect(...args: readonly string[]): Promise<CommandEnd>;
  /** Runs a command that must succeed and gives what it printed. */
  succeed(...args: readonly string[]): Promise<string>;
  /** Starts a command that goes on. */
  start(...args: readonly string[]): Program;
  /** Ends what still goes on and removes the home. */
  close(): Promise<void>;
}

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TerminalOptions {
  /** The folder that commands are typed in. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function aTerminal({ folder, env: given = {} }: TerminalOptions): Promise<Terminal> {
  const home = await mkdtemp(join(tmpdir(), 'prefect-e2e-'));
  const env: Record<string, string> = { PREFECT_HOME: home, NO_COLOR: '1', ...given };
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PREFECT_|VITEST|NODE_OPTIONS|FORCE_COLOR)/.test(name));
  const programs: Program[] = [];
  const start = (...args: readonly string[]): Program => {
    const program = new Program(
      `prefect ${args.join(' ')}`,
      spawn(process.execPath, [PREFECT, ...args], {
        cwd: folder,
        env: { ...Object.fromEntries(inherited), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    programs.push(program);
    return program;
  };
  return {
    home,
    env,
    start,
    prefect: (...args) => start(...args).ended,
    async succeed(...args) {
      const program = start(...args);
      const { code, stdout } = await program.ended;
      if (code !== 0) throw new Error(`${program.name} ended with ${code}:\n${program.output}`);
      return stdout;
    },
    async close() {
      for (const program of programs.reverse()) await program.stop('SIGTERM');
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A program under way, and all that it has printed so far. */
export class Program {
  readonly name: string;
  readonly child: ChildProcess;
  readonly ended: Promise<CommandEnd>;
  stdout = '';
  stderr = '';
  #onOutput: (() => void)[] = [];

  constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.child = child;
    child.stdout?.on('data', (chunk) => this.#hear('stdout', chunk));
    child.stderr?.on('data', (chunk) => this.#hear('stderr', chunk));
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  get output(): string {
    return this.stdout + this.stderr;
  }

  /** Waits until the program has printed something; gives the match. Rejects with all it printed when it ends before. */
  async said(wanted: RegExp, patienceMs = PATIENCE_MS): Promise<RegExpExecArray> {
    let over = false;
    const tooLong = setTimeout(() => this.#end(() => (over = true)), patienceMs);
    void this.ended.then(() => this.#end(() => (over = true)));
    try {
      for (;;) {
        const found = wanted.exec(this.output);
        if (found) return found;
        if (over) throw new Error(`${this.name} did not say ${wanted}:\n${this.output}`);
        await new Promise<void>((resolve) => this.#onOutput.push(resolve));
      }
    } finally {
      clearTimeout(tooLong);
    }
  }

  /** Sends a signal and waits until the program is gone; gives its exit code, or null when the signal itself ended it. */
  async stop(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    const force = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    const { code } = await this.ended;
    clearTimeout(force);
    return code;
  }

  #hear(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    this[stream] += chunk;
    this.#end(() => undefined);
  }

  #end(change: () => void): void {
    change();
    for (const tell of this.#onOutput.splice(0)) tell();
  }
}
