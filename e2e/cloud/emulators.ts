import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const clouds = fileURLToPath(new URL('../../.cache/clouds', import.meta.url));

/** A program that plays a cloud. */
export interface Emulator extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** AWS: ECS, EC2, CloudWatch Logs, S3. */
export function startMoto(): Promise<Emulator> {
  return startEmulator(join(clouds, 'python/bin/moto_server'), (port) => ['-H', '127.0.0.1', '-p', String(port)]);
}

/** Google Cloud Storage. */
export function startFakeGcs(): Promise<Emulator> {
  const packages = join(clouds, 'python/lib');
  const python = readdirSync(packages).find((name) => name.startsWith('python')) ?? '';
  const wheel = join(packages, python, 'site-packages');
  const program = readdirSync(wheel, { recursive: true, encoding: 'utf8' }).find((path) =>
    /vendor\/fake-gcs-server\/bin\/fake-gcs-server[^/]*$/.test(path),
  );
  const args = ['-backend', 'memory', '-scheme', 'http', '-host', '127.0.0.1'];
  return startEmulator(join(wheel, program ?? ''), (port) => [
    ...args,
    '-port',
    String(port),
    '-external-url',
    `http://127.0.0.1:${port}`,
  ]);
}

/** Azure Blob Storage. */
export function startAzurite(): Promise<Emulator> {
  const home = readdirSync(clouds).find((name) => name.startsWith('azurite@')) ?? '';
  const args = ['--silent', '--blobHost', '127.0.0.1', '--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry'];
  return startEmulator(join(clouds, home, 'node_modules/.bin/azurite-blob'), (port) => [...args, '--blobPort', String(port)]);
}

async function startEmulator(program: string, args: (port: number) => string[]): Promise<Emulator> {
  const port = await freePort();
  const child = spawn(program, args(port), { stdio: ['ignore', 'ignore', 'pipe'] });
  let trouble = '';
  child.stderr.on('data', (chunk) => (trouble += chunk));
  const url = `http://127.0.0.1:${port}`;
  await untilItAnswers(url, child, () => trouble);
  return { url, port, [Symbol.asyncDispose]: () => stop(child) };
}

async function untilItAnswers(url: string, child: ChildProcess, trouble: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The emulator ended with ${child.exitCode}:\n${trouble()}`);
    const answered = await fetch(url).then(
      (response) => response.arrayBuffer().then(() => true),
      () => false,
    );
    if (answered) return;
    // It has no other way to say that it is there.
    await sleep(100);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
