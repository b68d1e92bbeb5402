import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL server with data of its own in a temporary folder. */
export interface Postgres {
  /** Names its first database, and a user who may make others. */
  readonly url: string;
  /** Ends it as a crash would, and starts it again on the same data and port. */
  crashAndStart(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** Starts a PostgreSQL server of the newest version that is installed; `durable` when its commits shall wait for the disk. */
export async function startPostgres({ durable = false } = {}): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'prefect-postgres-'));
  const data = join(folder, 'data');
  const binaries = findBinaries();
  const port = await freePort();
  // PostgreSQL refuses to run as root, so root lends its rights to an ordinary user.
  const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  if (asUser.length > 0) chownSync(folder, 65_534, 65_534);

  async function execute(name: string, ...parameters: string[]): Promise<void> {
    const [command = '', ...rest] = [...asUser, join(binaries, name), ...parameters];
    // Descriptors are not inherited: the server would keep a pipe of ours open.
    const [code] = await once(spawn(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit');
    if (code !== 0) throw new Error(`${name} ended with ${code}.`);
  }

  const options = `-c listen_addresses=127.0.0.1 -p ${port} -k ${folder} -c fsync=${durable ? 'on' : 'off'} -c max_connections=300`;
  const start = () => execute('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start');
  const crash = () => execute('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
  await execute('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8');
  await start();
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    async crashAndStart() {
      await crash();
      await start();
    },
    async remove() {
      await crash();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findBinaries(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(root, version, 'bin')).find((path) => existsSync(join(path, 'initdb')));
  if (!found) throw new Error('There is no PostgreSQL server here. Install the package postgresql.');
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
