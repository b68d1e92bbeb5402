/**
 * Runs a command with `PREFECT_TEST_POSTGRES_URL` naming a PostgreSQL server that lives as long as the command. It does not wait for the disk,
 * since what it holds need not outlive it; with `--durable` before the command it does, as in production.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const isDurable = process.argv[2] === '--durable';
const [program, ...args] = process.argv.slice(isDurable ? 3 : 2);
if (!program) throw new Error('Say which command to run: node tools/with-postgres.ts [--durable] <command> [arguments …]');

const folder = mkdtempSync(join(tmpdir(), 'prefect-postgres-'));
const data = join(folder, 'data');
const binaries = findBinaries();
const port = await freePort();
// PostgreSQL refuses to run as root, so root lends its rights to an ordinary user.
const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
if (asUser.length > 0) chownSync(folder, 65_534, 65_534);

postgres('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8');
const options = `-c listen_addresses=127.0.0.1 -p ${port} -k ${folder} -c fsync=${isDurable ? 'on' : 'off'} -c max_connections=300`;
postgres('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start');
try {
  process.exitCode = await run();
} finally {
  postgres('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
  rmSync(folder, { recursive: true, force: true });
}

function postgres(name: string, ...parameters: string[]): void {
  const [command = '', ...rest] = [...asUser, join(binaries, name), ...parameters];
  // Descriptors are not inherited: the server would keep a pipe of ours open.
  execFileSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function run(): Promise<number> {
  return new Promise((resolve) => {
    const env = { ...process.env, PREFECT_TEST_POSTGRES_URL: `postgresql://postgres@127.0.0.1:${port}/postgres` };
    const child = spawn(program ?? '', args, { stdio: 'inherit', env });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
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
