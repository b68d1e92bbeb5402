import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startProcess } from './start-process.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'process-'));
});
afterEach(() => rm(directory, { recursive: true }));

const start = (program: string) =>
  startProcess({
    command: process.execPath,
    args: ['-e', program],
    cwd: directory,
    env: { PATH: process.env.PATH },
    showOutput: false,
  });

/** Waits until the program has written a file. */
async function written(name: string): Promise<string> {
  const path = join(directory, name);
  const watcher = watch(directory);
  try {
    while (!existsSync(path)) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
  return readFile(path, 'utf8');
}

const say = (name: string, text: string) => `require('node:fs').writeFileSync('${name}.part', ${text});
require('node:fs').renameSync('${name}.part', '${name}');`;

describe('startProcess', () => {
  test('runs in its folder with its environment and tells its exit code', async () => {
    const child = await start(`${say('cwd', 'process.cwd()')} process.exitCode = 3`);
    expect(await child.exited).toBe(3);
    expect(await readFile(join(directory, 'cwd'), 'utf8')).toMatch(/process-/);
  });

  test('tells a signal as a negative number', async () => {
    const child = await start(`${say('up', '""')} setInterval(() => {}, 1000)`);
    await written('up');
    process.kill(child.pid, 'SIGKILL');
    expect(await child.exited).toBe(-9);
  });

  test('lets a process end by itself when it is asked to', async () => {
    const child = await start(`process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); ${say('up', '""')}`);
    await written('up');
    expect(await child.terminate(30)).toBe(7);
  });

  test('ends what does not listen, and everything that it started', async () => {
    // The grandchild holds a connection, which breaks when it is gone.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = once(server, 'connection');
    const stubborn = `process.on("SIGTERM", () => {}); require("node:net").connect(${port}, "127.0.0.1").resume()`;
    const child = await start(`
      process.on('SIGTERM', () => {});
      require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'ignore' });
      setInterval(() => {}, 1000);`);
    const [connection] = (await connected) as [Socket];
    const gone = once(connection.on('error', () => undefined).resume(), 'close');
    expect(await child.terminate(0.05)).toBe(-9);
    await gone;
    server.close();
  });

  test('refuses a program that is not there', async () => {
    const missing = startProcess({ command: join(directory, 'none'), cwd: directory, env: {}, showOutput: false });
    await expect(missing).rejects.toThrow(/ENOENT/);
  });
});
