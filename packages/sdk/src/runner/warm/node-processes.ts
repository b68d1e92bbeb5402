import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { exitStatus } from '../exit-status.ts';
import { type ProcessSpec, type RunningProcess, runningProcess } from '../start-process.ts';

/** What a prepared process is told when its run is there. */
export interface WarmRun {
  readonly cwd: string;
  /** Its whole environment from then on. */
  readonly env: Readonly<Record<string, string>>;
}

/** Node processes with the SDK loaded. */
export interface NodeProcesses {
  /** A process that executes this run; undefined when none is ready. */
  take(spec: ProcessSpec): Promise<RunningProcess | undefined>;
  /** Settles when those whose output shows are ready. */
  ready(): Promise<void>;
  close(): void;
}

const PROGRAM = fileURLToPath(new URL('../../engine/warm-main.ts', import.meta.url));
/** The run that was just started gets the processor first. */
const REFILL_AFTER_MS = 300;
/** A process that cannot be prepared will not be by trying at once. */
const FAILURES_AT_MOST = 3;

interface Waiting {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<number>;
  readonly prepared: Promise<boolean>;
  isReady: boolean;
}

/** Keeps processes in wait: some whose output shows, and as many whose output does not once a run asked for one. */
export function nodeProcesses(options: { size: number; env: ProcessSpec['env'] }): NodeProcesses {
  const waiting = new Map<boolean, Waiting[]>([[true, []]]);
  let refill: NodeJS.Timeout | undefined;
  let failures = 0;
  let closed = false;

  function fill(): void {
    refill = undefined;
    for (const [showOutput, those] of waiting) {
      while (!closed && failures < FAILURES_AT_MOST && those.length < options.size) {
        const one = prepare(options.env, showOutput);
        if (one === undefined) return;
        those.push(one);
        void one.exited.then(() => onGone(those, one));
      }
    }
  }

  function onGone(those: Waiting[], one: Waiting): void {
    if (!remove(those, one)) return;
    failures = one.isReady ? failures : failures + 1;
    refillSoon();
  }

  function refillSoon(): void {
    if (!closed) refill ??= setTimeout(fill, REFILL_AFTER_MS).unref();
  }

  async function take(spec: ProcessSpec): Promise<RunningProcess | undefined> {
    const those = waiting.get(spec.showOutput);
    if (those === undefined) waiting.set(spec.showOutput, []);
    const one = those?.find(({ isReady }) => isReady);
    refillSoon();
    if (those === undefined || one === undefined) return undefined;
    remove(those, one);
    failures = 0;
    return (await handOver(one, spec)) ? runningProcess(one.pid, one.exited) : undefined;
  }

  fill();
  return {
    take,
    async ready() {
      await Promise.all((waiting.get(true) ?? []).map(({ prepared }) => prepared));
    },
    close() {
      closed = true;
      clearTimeout(refill);
      for (const { child } of [...waiting.values()].flat()) child.kill('SIGKILL');
      waiting.clear();
    },
  };
}

function prepare(env: ProcessSpec['env'], showOutput: boolean): Waiting | undefined {
  const output = showOutput ? 'inherit' : 'ignore';
  const child = spawn(process.execPath, [PROGRAM], {
    env,
    stdio: ['ignore', output, output, 'ipc'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  child.on('error', () => undefined);
  if (child.pid === undefined) return undefined;
  const exited = new Promise<number>((resolve) => child.once('exit', (code, signal) => resolve(exitStatus(code, signal))));
  const greeted = new Promise<boolean>((resolve) => child.once('message', () => resolve(true)));
  const prepared = Promise.race([greeted, exited.then(() => false)]);
  const one: Waiting = { child, pid: child.pid, exited, prepared, isReady: false };
  void prepared.then((isReady) => {
    one.isReady = isReady;
    // What waits keeps nobody from ending.
    child.unref();
    child.channel?.unref();
  });
  return one;
}

/** @returns whether the process has taken the run */
function handOver({ child, exited }: Waiting, spec: ProcessSpec): Promise<boolean> {
  child.ref();
  return new Promise((resolve) => {
    child.once('message', () => resolve(true));
    void exited.then(() => resolve(false));
    const env = Object.fromEntries(Object.entries(spec.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
    child.send({ cwd: spec.cwd, env } satisfies WarmRun, (error) => {
      if (error) resolve(false);
    });
  });
}

function remove(those: Waiting[], one: Waiting): boolean {
  const index = those.indexOf(one);
  if (index >= 0) those.splice(index, 1);
  return index >= 0;
}
