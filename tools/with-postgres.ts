/** Runs a command with `PREFECT_TEST_POSTGRES_URL` naming a PostgreSQL server that lives as long as the command. */
import { spawn } from 'node:child_process';
import { startPostgres } from './postgres.ts';

const [program, ...args] = process.argv.slice(2);
if (!program) throw new Error('Say which command to run: node tools/with-postgres.ts <command> [arguments …]');

const postgres = await startPostgres();
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
