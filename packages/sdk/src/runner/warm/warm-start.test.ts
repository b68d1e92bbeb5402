import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RecordingServer } from '../../../test/recording-server.ts';
import { engineCommand } from '../engine-command.ts';
import { type ProcessSpec, type RunningProcess, startProcess } from '../start-process.ts';
import { type WarmStart, warmStart } from './warm-start.ts';

let directory: string;
let server: RecordingServer;
let warm: WarmStart | undefined;
let coldStarts: number;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'warm-'));
  coldStarts = 0;
  server = await RecordingServer.start();
});
afterEach(async () => {
  warm?.close();
  await server[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

function prepare(size = 1, env: ProcessSpec['env'] = process.env): WarmStart {
  const coldStart = (spec: ProcessSpec): Promise<RunningProcess> => {
    coldStarts++;
    return startProcess(spec);
  };
  warm = warmStart({ size, env, coldStart });
  return warm;
}

describe('a TypeScript run', () => {
  /** Writes a flow that runs `body`, and says how to start a run of it. */
  async function aRunOf(body: string, env: ProcessSpec['env'] = {}): Promise<ProcessSpec> {
    await writeFile(
      join(directory, 'flow.mjs'),
      `import { writeFileSync } from 'node:fs';\nexport const etl = async () => { ${body} };`,
    );
    return {
      ...engineCommand('typescript'),
      cwd: directory,
      env: {
        ...process.env,
        ...env,
        PREFECT_API_URL: server.apiUrl,
        PREFECT_TESTING_TEST_MODE: 'true',
        PREFECT__FLOW_RUN_ID: server.createFlowRun({}).id,
        PREFECT__FLOW_ENTRYPOINT: 'flow.mjs:etl',
      },
      showOutput: true,
    };
  }
  const seen = async (): Promise<Record<string, unknown>> => JSON.parse(await readFile(join(directory, 'seen'), 'utf8'));
  const SEE = `writeFileSync('seen', JSON.stringify({ pid: process.pid, cwd: process.cwd(), env: process.env, ipc: process.connected }));`;

  test('gets a prepared process, in its folder and with its environment only', async () => {
    const { start, ready } = prepare(1, { ...process.env, OF_THE_WORKER: '1' });
    await ready();
    const child = await start(await aRunOf(SEE, { OF_THE_RUN: '2' }));
    expect(await child.exited).toBe(0);
    expect(coldStarts).toBe(0);
    const { pid, cwd, env, ipc } = await seen();
    expect(pid).toBe(child.pid);
    expect(cwd).toMatch(/warm-/);
    expect(env).toMatchObject({ OF_THE_RUN: '2' });
    expect(env).not.toHaveProperty('OF_THE_WORKER');
    expect(env).not.toHaveProperty('NODE_CHANNEL_FD');
    expect(ipc).toBe(false);
  });

  test('never shares a process with another run, and starts cold when none is ready', async () => {
    const { start, ready } = prepare();
    await ready();
    const both = [await start(await aRunOf(SEE)), await start(await aRunOf(SEE))];
    expect(await Promise.all(both.map(({ exited }) => exited))).toEqual([0, 0]);
    expect(new Set(both.map(({ pid }) => pid)).size).toBe(2);
    expect(coldStarts).toBe(1);
  });

  test('starts cold with an environment that Node reads only when it starts, or with output that a prepared process cannot have', async () => {
    const { start, ready } = prepare();
    await ready();
    const spec = await aRunOf(SEE, { NODE_OPTIONS: '--no-warnings' });
    expect(await (await start(spec)).exited).toBe(0);
    expect(await (await start({ ...(await aRunOf(SEE)), showOutput: false })).exited).toBe(0);
    expect(coldStarts).toBe(2);
  });

  test('is ended with all that it started', async () => {
    const grandchild = await connectionOfStubborn();
    const { start, ready } = prepare();
    await ready();
    const child = await start(
      await aRunOf(`
        const { spawn } = await import('node:child_process');
        spawn(process.execPath, ['-e', ${JSON.stringify(grandchild.program)}], { stdio: 'ignore' });
        await new Promise(() => setInterval(() => {}, 1000));`),
    );
    const { gone } = await grandchild.connected();
    const started = Date.now();
    await child.terminate(30);
    await gone;
    expect(Date.now() - started).toBeLessThan(5000);
    await grandchild.close();
  });
});

describe('a Python run', () => {
  /** A package named prefect whose engine runs `body`; the real one is tried in the interoperability tests. */
  async function aRunOf(body: string, env: ProcessSpec['env'] = {}): Promise<ProcessSpec> {
    await mkdir(join(directory, 'lib/prefect'), { recursive: true });
    await mkdir(join(directory, 'code'), { recursive: true });
    await writeFile(join(directory, 'lib/prefect/__init__.py'), '');
    await writeFile(join(directory, 'lib/prefect/engine.py'), `if __name__ == "__main__":\n${body.replace(/^/gm, '    ')}\n`);
    return {
      ...engineCommand('python', process.env),
      cwd: join(directory, 'code'),
      env: { ...process.env, PYTHONPATH: join(directory, 'lib'), ...env },
      showOutput: false,
    };
  }
  const SEE = `import json, os, sys
json.dump({"pid": os.getpid(), "group": os.getpgid(0), "cwd": os.getcwd(), "path": sys.path[0], "run": os.environ.get("RUN"), "worker": os.environ.get("OF_THE_WORKER"), "argv": len(sys.argv)}, open("seen", "w"))`;

  /** Starts runs until one was forked. */
  async function forked(start: WarmStart['start'], spec: ProcessSpec): Promise<RunningProcess> {
    for (;;) {
      const before = coldStarts;
      const child = await start(spec);
      if (coldStarts === before) return child;
      await child.exited;
    }
  }

  const prepareFor = (spec: ProcessSpec) => prepare(0, { ...process.env, PYTHONPATH: spec.env.PYTHONPATH, OF_THE_WORKER: '1' });

  test('is forked, leads its own group, and has its folder and environment', async () => {
    const spec = await aRunOf(SEE, { RUN: '7' });
    const child = await forked(prepareFor(spec).start, spec);
    expect(await child.exited).toBe(0);
    const seen = JSON.parse(await readFile(join(directory, 'code/seen'), 'utf8'));
    expect(seen).toEqual({
      pid: child.pid,
      group: child.pid,
      cwd: spec.cwd,
      path: spec.cwd,
      run: '7',
      worker: null,
      argv: 1,
    });
  });

  test('tells its exit code, or the signal that ended it', async () => {
    const spec = await aRunOf(
      'import os, signal, sys\nif os.environ.get("DIE"): os.kill(os.getpid(), signal.SIGKILL)\nsys.exit(3)',
    );
    const { start } = prepareFor(spec);
    expect(await (await forked(start, spec)).exited).toBe(3);
    expect(await (await start({ ...spec, env: { ...spec.env, DIE: '1' } })).exited).toBe(-9);
  });

  test('starts cold for ever where prefect cannot be imported', async () => {
    const spec = await aRunOf('raise SystemExit(0)');
    await writeFile(join(directory, 'lib/prefect/__init__.py'), 'import os\nos.environ["RUN"]');
    const { start } = prepareFor(spec);
    for (const run of ['1', '2', '3']) {
      expect(await (await start({ ...spec, env: { ...spec.env, RUN: run } })).exited).toBe(0);
    }
    expect(coldStarts).toBe(3);
  });

  test('is ended with all that it started', async () => {
    const grandchild = await connectionOfStubborn();
    const spec = await aRunOf(
      `import os, signal, subprocess, time\nif os.environ.get("GO"):\n    subprocess.Popen([os.environ["NODE"], "-e", os.environ["PROGRAM"]])\n    time.sleep(1000)`,
    );
    const { start } = prepareFor(spec);
    await (await forked(start, spec)).exited;
    const child = await start({ ...spec, env: { ...spec.env, GO: '1', NODE: process.execPath, PROGRAM: grandchild.program } });
    const { gone } = await grandchild.connected();
    const started = Date.now();
    expect(await child.terminate(30)).toBe(-15);
    await gone;
    expect(Date.now() - started).toBeLessThan(5000);
    await grandchild.close();
  });
});

/** A program that does not listen to SIGTERM and holds a connection, which breaks when it is gone. */
async function connectionOfStubborn() {
  const listener: Server = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const connection = once(listener, 'connection');
  return {
    program: `process.on("SIGTERM", () => {}); require("node:net").connect(${port}, "127.0.0.1").resume()`,
    async connected() {
      const [socket] = (await connection) as [Socket];
      return { gone: once(socket.on('error', () => undefined).resume(), 'close') };
    },
    close: () => new Promise((resolve) => listener.close(resolve)),
  };
}
