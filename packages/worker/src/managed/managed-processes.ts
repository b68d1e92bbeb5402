import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPython, type Logger } from 'prefect-ts/runner';
import type { FlowRunToStart } from '../base-worker.ts';
import {
  type Infrastructure,
  type InfrastructureEnd,
  InfrastructureNotAvailableError,
  InfrastructureNotFoundError,
  type WatchOptions,
} from '../infrastructure.ts';
import type { JobConfiguration } from '../job-template/job-configuration.ts';
import { splitWords } from '../steps/run-command.ts';
import { findRunProcesses, RUN_MARK, type RunProcess, startTimeOf } from './run-processes.ts';

/** The job configuration of a managed run. */
export interface ManagedConfiguration extends JobConfiguration {
  image?: string | null;
  pip_packages?: readonly string[] | null;
}

export interface ManagedOptions {
  /** Where runs have their folders. */
  directory: string;
  /** The command that executes a run, which its environment names. */
  command: readonly string[];
  /** What of this process's environment runs get. */
  env: Readonly<Record<string, string | undefined>>;
  /** Memory of a run with all its processes, in MiB; undefined: no limit. */
  memoryMebibytes?: number | undefined;
  /** How long a run may take, in seconds; undefined: no limit. */
  seconds?: number | undefined;
  /** How often to look at runs. Default 1000. */
  lookEveryMillis?: number | undefined;
}

/** What is known of a run's process, in its folder. */
interface ProcessRecord {
  readonly pid: number;
  /** Tells the process from a later one with the same number. */
  readonly startTime: string;
  readonly startedAt: number;
}

/**
 * Runs as processes of this machine that outlive whoever started them: each has a folder with its record, its output and, when it has ended,
 * its exit status, so that a server that comes back finds them all.
 */
export function managedProcesses(options: ManagedOptions): Infrastructure<ManagedConfiguration> {
  const host = hostname();
  const { lookEveryMillis = 1000 } = options;

  /** @throws when the id is another host's */
  function folderOf(id: string): string {
    const at = id.lastIndexOf(':');
    if (id.slice(0, at) !== host) throw new InfrastructureNotAvailableError(`'${id}' is not on this machine, ${host}.`);
    return join(options.directory, id.slice(at + 1).replaceAll('/', ''));
  }

  async function start(flowRun: FlowRunToStart, config: ManagedConfiguration): Promise<string> {
    const name = `${flowRun.id}-${randomUUID().slice(0, 8)}`;
    const folder = join(options.directory, name);
    await mkdir(join(folder, 'work'), { recursive: true, mode: 0o700 });
    try {
      await startIn(folder, name, config);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return `${host}:${name}`;
  }

  async function startIn(folder: string, name: string, config: ManagedConfiguration): Promise<void> {
    const env = { ...options.env, HOME: folder, ...withoutNulls(config.env), [RUN_MARK]: name };
    const packages = config.pip_packages ?? [];
    if (packages.length > 0) await writeFile(join(folder, 'requirements.txt'), `${packages.join('\n')}\n`);
    const python = packages.length > 0 ? findPython(env) : '';
    const command = config.command === null ? options.command : splitWords(config.command);
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', folder, python, ...command], {
      cwd: join(folder, 'work'),
      env,
      stdio: 'ignore',
      detached: true,
    });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(child.pid ?? 0));
    });
    child.unref();
    const record: ProcessRecord = { pid, startTime: await startTimeOf(pid), startedAt: Date.now() };
    await writeFile(join(folder, 'process.json'), JSON.stringify(record));
  }

  async function watch(id: string, _config: ManagedConfiguration, { log, signal }: WatchOptions): Promise<InfrastructureEnd> {
    const folder = folderOf(id);
    const record = await readRecord(folder, id);
    const name = nameOf(id);
    let broken: string | undefined;
    for (;;) {
      signal.throwIfAborted();
      const status = await readStatus(folder, record);
      if (status !== undefined) {
        // What the run left behind is part of it.
        end(await findRunProcesses(name), 'SIGKILL');
        if (status !== 0) await tellOutput(folder, log);
        await rm(folder, { recursive: true, force: true });
        return broken === undefined ? { exitCode: status } : { exitCode: status === 0 ? -9 : status, reason: broken };
      }
      broken ??= await brokenLimit(name, record);
      if (broken !== undefined) end(await findRunProcesses(name), 'SIGKILL');
      await sleep(lookEveryMillis, undefined, { signal }).catch(() => undefined);
    }
  }

  async function brokenLimit(name: string, { startedAt }: ProcessRecord): Promise<string | undefined> {
    const { memoryMebibytes, seconds } = options;
    if (seconds !== undefined && Date.now() - startedAt > seconds * 1000) return `It took longer than its limit of ${seconds} s.`;
    if (memoryMebibytes === undefined) return undefined;
    const processes = await findRunProcesses(name);
    const used = processes.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0) / 2 ** 20;
    return used > memoryMebibytes ? `It used more memory than its limit of ${memoryMebibytes} MiB.` : undefined;
  }

  async function kill(id: string, graceSeconds: number): Promise<void> {
    const folder = folderOf(id);
    const record = await readRecord(folder, id);
    if ((await readStatus(folder, record)) !== undefined) throw new InfrastructureNotFoundError(`'${id}' has ended.`);
    const name = nameOf(id);
    end(await findRunProcesses(name), 'SIGTERM');
    const deadline = Date.now() + graceSeconds * 1000;
    while ((await readStatus(folder, record)) === undefined && Date.now() < deadline) await sleep(100);
    end(await findRunProcesses(name), 'SIGKILL');
  }

  return { start, watch, kill };
}

/**
 * Runs the command and writes down how it ended. The shell itself does not end with the first signal, for it has yet to write.
 */
const SCRIPT = `
folder=$1; python=$2; shift 2
prepare() {
  [ -f "$folder/requirements.txt" ] || return 0
  "$python" -m venv --system-site-packages "$folder/venv" &&
    "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$folder/requirements.txt" &&
    PREFECT_PYTHON="$folder/venv/bin/python" && export PREFECT_PYTHON
}
trap : TERM INT HUP
( prepare && exec "$@" ) > "$folder/output" 2>&1 &
while :; do
  wait $!
  status=$?
  kill -0 $! 2> /dev/null || break
done
echo $status > "$folder/status.part"
mv "$folder/status.part" "$folder/status"
`;

async function readRecord(folder: string, id: string): Promise<ProcessRecord> {
  try {
    return JSON.parse(await readFile(join(folder, 'process.json'), 'utf8')) as ProcessRecord;
  } catch {
    throw new InfrastructureNotFoundError(`'${id}' is not there any more.`);
  }
}

/** How the run has ended; undefined while it has not. */
async function readStatus(folder: string, { pid, startTime }: ProcessRecord): Promise<number | undefined> {
  const isOver = (await startTimeOf(pid)) !== startTime;
  const text = await readFile(join(folder, 'status'), 'utf8').catch(() => undefined);
  if (text !== undefined) return asStatus(Number(text));
  // Ended with its shell, which had no time to write.
  return isOver ? -9 : undefined;
}

/** A shell adds 128 to the number of the signal that ended a program. */
function asStatus(code: number): number {
  return code > 128 && code < 160 ? 128 - code : code;
}

const TOLD_CHARACTERS = 4000;

async function tellOutput(folder: string, log: Logger): Promise<void> {
  const output = await readFile(join(folder, 'output'), 'utf8').catch(() => '');
  if (output.trim() !== '') log.error(`The end of its output:\n${output.slice(-TOLD_CHARACTERS).trimEnd()}`);
}

function end(processes: readonly RunProcess[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}

function withoutNulls(env: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== null));
}
