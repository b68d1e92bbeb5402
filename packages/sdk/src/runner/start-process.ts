import { type ChildProcess, spawn } from 'node:child_process';
import type { EngineLanguage } from './engine-command.ts';
import { exitStatus } from './exit-status.ts';

/** What to run, and how. */
export interface ProcessSpec {
  command: string;
  args?: readonly string[];
  cwd: string;
  /** The whole environment; nothing is inherited beside it. */
  env: Readonly<Record<string, string | undefined>>;
  /** Whether the output shows on this process's own terminal; it is dropped otherwise. */
  showOutput: boolean;
  /** Lets a shell read the command line. */
  shell?: boolean;
  /** The language whose engine the command is, where it is one; a process that was prepared for it may then take its place. */
  engine?: EngineLanguage;
}

/** A process of a run and everything that it started. */
export interface RunningProcess {
  readonly pid: number;
  /** Settles as soon as the process is gone: its exit code, or minus the number of the signal that ended it. */
  readonly exited: Promise<number>;
  /** Asks the whole process group to end, and ends it by force when it is still there after the grace time, in seconds. */
  terminate(graceSeconds: number): Promise<number>;
  /** Ends the whole process group by force. */
  kill(): void;
}

/** Starts a process as the leader of its own group. Another way to get one (a warm process, a fork server) has the same signature. */
export type StartProcess = (spec: ProcessSpec) => Promise<RunningProcess>;

export const startProcess: StartProcess = async (spec) => {
  const output = spec.showOutput ? 'inherit' : 'ignore';
  const child = spawn(spec.command, spec.args ?? [], {
    cwd: spec.cwd,
    env: spec.env,
    stdio: ['ignore', output, output],
    shell: spec.shell ?? false,
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const exited = new Promise<number>((resolve) => child.once('exit', (code, signal) => resolve(exitStatus(code, signal))));
  return runningProcess(await pidOf(child), exited);
};

/** What can be done with a process that leads its own group. */
export function runningProcess(pid: number, exited: Promise<number>): RunningProcess {
  return {
    pid,
    exited,
    terminate: (graceSeconds) => terminate(pid, exited, graceSeconds),
    kill: () => signalGroup(pid, 'SIGKILL'),
  };
}

function pidOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    if (child.pid !== undefined) resolve(child.pid);
  });
}

async function terminate(pid: number, exited: Promise<number>, graceSeconds: number): Promise<number> {
  signalGroup(pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceSeconds * 1000);
  const status = await exited;
  clearTimeout(timer);
  // What the process started and left behind is part of the run.
  signalGroup(pid, 'SIGKILL');
  return status;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
