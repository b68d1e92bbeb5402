/**
 * Runs a command with `PREFECT_TEST_POSTGRES_URL` naming a PostgreSQL server that lives as long as the command. It does not wait for the disk,
 * since what it holds need not outlive it; with `--durable` before the command it does, as in production.
 */
import { spawn } from 'node:child_process';
import { startPostgres } from './postgres.ts';

const isDurable = process.argv[2] === '--durable';
const [program, ...args] = process.argv.slice(isDurable ? 3 : 2);
if (!program) throw new Error('Say which command to run: node tools/with-postgres.ts [--durable] <command> [arguments …]');

const postgres = await startPostgres({ durable: isDurable });
try {
  process.exitCode = await run(program, { ...process.env, PREFECT_TEST_POSTGRES_URL: postgres.url });
} finally {
  await postgres.remove();
}

function run(command: string, env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
