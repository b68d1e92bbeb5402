import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineLanguage } from '../engine-command.ts';
import { type ProcessSpec, type RunningProcess, type StartProcess, startProcess } from '../start-process.ts';
import { type PythonForkServers, pythonForkServers } from './fork-servers.ts';
import { type NodeProcesses, nodeProcesses } from './node-processes.ts';

export interface WarmStartOptions {
  /** Node processes that wait at any time. Python needs no number: its fork server makes them as they are asked for. */
  size: number;
  /** The environment in which processes are prepared. Default: that of this process. */
  env?: Readonly<Record<string, string | undefined>>;
  /** How a run is started that no prepared process fits. */
  coldStart?: StartProcess;
}

/** A way to get processes in which the SDK is loaded before the run is there. */
export interface WarmStart {
  readonly start: StartProcess;
  /** Settles when as many processes wait as there should be, for one whose output shows. */
  ready(): Promise<void>;
  /** Ends what waits; processes of runs go on. */
  close(): void;
}

/** Where Node keeps what it compiled, so that the next process starts sooner. */
export const COMPILE_CACHE = join(tmpdir(), 'prefect-ts-compile-cache');

/**
 * Prepares processes for runs: Node processes with the SDK loaded, which take one run each, and a Python with prefect imported, which forks
 * one for each run. Whatever they cannot do (another program, an environment that counts from the start of a process) starts cold.
 */
export function warmStart({ size, env = process.env, coldStart = startProcess }: WarmStartOptions): WarmStart {
  const base = { NODE_COMPILE_CACHE: COMPILE_CACHE, ...env };
  const node: NodeProcesses = nodeProcesses({ size, env: base });
  const python: PythonForkServers = pythonForkServers({ env: base });

  async function start(spec: ProcessSpec): Promise<RunningProcess> {
    return (await takeWarm(spec)) ?? coldStart(spec);
  }

  async function takeWarm(spec: ProcessSpec): Promise<RunningProcess | undefined> {
    if (spec.engine === undefined || !hasSameStart(spec.engine, base, spec.env)) return undefined;
    return spec.engine === 'typescript' ? node.take(spec) : python.fork(spec);
  }

  return {
    start,
    ready: () => node.ready(),
    close() {
      node.close();
      python.close();
    },
  };
}

/**
 * Variables that a program, its runtime or its loader reads once, when it starts. NODE_ENV is read by the code that uses it, and the cache
 * of compiled code changes only how soon a run starts.
 */
const READ_AT_START: Readonly<Record<EngineLanguage, RegExp>> = {
  typescript: /^(NODE_(?!ENV$|COMPILE_CACHE$)|UV_|ICU_|OPENSSL_|SSL_|LD_|DYLD_|GLIBC_|MALLOC_|LC_|LANG$|LANGUAGE$|TZ$)/,
  python: /^(PYTHON|VIRTUAL_ENV$|OPENSSL_|LD_|DYLD_|GLIBC_|MALLOC_|LC_|LANG$|LANGUAGE$|TZ$|OMP_)/,
};

function hasSameStart(engine: EngineLanguage, one: ProcessSpec['env'], other: ProcessSpec['env']): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const name of names) if (READ_AT_START[engine].test(name) && one[name] !== other[name]) return false;
  return true;
}
