import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aFlowRun } from '../../test/pool-of-one.ts';
import type { FlowRunToStart } from '../base-worker.ts';
import { InfrastructureNotAvailableError, InfrastructureNotFoundError } from '../infrastructure.ts';
import { type ManagedConfiguration, type ManagedOptions, managedProcesses } from './managed-processes.ts';
import { findRunProcesses } from './run-processes.ts';

let directory: string;
let started: string[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'managed-'));
  started = [];
});
afterEach(async () => {
  for (const id of started) {
    await infrastructure()
      .kill(id, 0, aConfiguration(''))
      .catch(() => undefined);
  }
  await rm(directory, { recursive: true, force: true });
});

const infrastructure = (options: Partial<ManagedOptions> = {}) =>
  managedProcesses({ directory, command: ['true'], env: { PATH: process.env.PATH }, lookEveryMillis: 20, ...options });

const flowRun: FlowRunToStart = { ...aFlowRun(), flow: undefined, deployment: undefined };
const aConfiguration = (program: string): ManagedConfiguration => ({
  command: `'${process.execPath}' -e '${program}'`,
  env: { OF_THE_RUN: '1' },
  labels: {},
  name: null,
});

/** Starts a program. */
async function start(program: string, options: Partial<ManagedOptions> = {}) {
  const config = aConfiguration(program);
  const processes = infrastructure(options);
  const id = await processes.start(flowRun, config, new AbortController().signal);
  started.push(id);
  const said: string[] = [];
  const log = { debug: () => {}, info: () => {}, warning: () => {}, error: (line: string) => said.push(line) };
  const watch = (signal = new AbortController().signal, by = processes) => by.watch(id, config, { log, signal });
  return { id, said, watch, kill: (grace: number) => processes.kill(id, grace, config) };
}

describe('a managed process', () => {
  test('ends with the status of its program, and leaves nothing', async () => {
    const { watch } = await start('process.exit(3)');
    expect(await watch()).toEqual({ exitCode: 3 });
    expect(await readdir(directory)).toEqual([]);
  });

  test('has the environment that it is given and nothing else', async () => {
    const { watch, said } = await start('console.log(JSON.stringify(process.env)); process.exit(1)', {
      env: { PATH: process.env.PATH },
    });
    await watch();
    const names = Object.keys(JSON.parse(said[0]?.split('\n')[1] ?? ''));
    expect(names.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)).sort()).toEqual([
      'HOME',
      'OF_THE_RUN',
      'PATH',
      'PREFECT_TS__MANAGED_RUN',
    ]);
  });

  test('tells the end of the output of a program that failed', async () => {
    const { watch, said } = await start('throw new RangeError("out of beans")');
    expect((await watch()).exitCode).toBe(1);
    expect(said[0]).toContain('RangeError: out of beans');
  });

  test('is found and watched by whoever comes after the one that started it', async () => {
    const { watch } = await start('setTimeout(() => process.exit(4), 300)');
    const leave = new AbortController();
    const first = watch(leave.signal);
    leave.abort(new Error('the server stops'));
    await expect(first).rejects.toThrow('the server stops');
    expect(await watch(undefined, infrastructure())).toEqual({ exitCode: 4 });
  });

  test('is ended with everything that it started, whatever process group that is in', async () => {
    const grandchild = `require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" }).unref();`;
    const { id, watch, kill } = await start(`${grandchild} setInterval(() => {}, 1000)`);
    const name = id.slice(id.lastIndexOf(':') + 1);
    await expect.poll(async () => (await findRunProcesses(name)).length).toBe(3);
    const ended = watch();
    await kill(5);
    expect((await ended).exitCode).toBe(-15);
    expect(await findRunProcesses(name)).toEqual([]);
    await expect(kill(5)).rejects.toThrow(InfrastructureNotFoundError);
  });

  test('is ended by force when it does not listen', async () => {
    const { id, watch, kill } = await start(
      'process.on("SIGTERM", () => {}); require("node:fs").writeFileSync("listening", ""); setInterval(() => {}, 1000)',
    );
    const folder = join(directory, id.slice(id.lastIndexOf(':') + 1), 'work');
    await expect.poll(() => readdir(folder)).toEqual(['listening']);
    const ended = watch();
    await kill(0);
    expect((await ended).exitCode).toBe(-9);
  });

  test('is ended when it uses more memory than it may', async () => {
    const { watch } = await start('globalThis.kept = Buffer.alloc(300 * 2 ** 20, 1); setInterval(() => {}, 1000)', {
      memoryMebibytes: 200,
    });
    expect(await watch()).toEqual({ exitCode: -9, reason: 'It used more memory than its limit of 200 MiB.' });
  });

  test('is ended when it takes longer than it may', async () => {
    const { watch } = await start('setInterval(() => {}, 1000)', { seconds: 0.1 });
    expect(await watch()).toEqual({ exitCode: -9, reason: 'It took longer than its limit of 0.1 s.' });
  });

  test('is out of reach from another machine', async () => {
    const { id } = await start('');
    const elsewhere = `not-${hostname()}:${id.slice(id.lastIndexOf(':') + 1)}`;
    await expect(infrastructure().kill(elsewhere, 0, aConfiguration(''))).rejects.toThrow(InfrastructureNotAvailableError);
  });
});
