import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PREFECT_COMMAND } from '../servers/ours.ts';
import { referenceCommand } from '../servers/reference.ts';
import { cleanEnvironment } from '../servers/server-process.ts';
import { Samples, type Trial } from './trial.ts';

const TIMES = { ours: 20, reference: 3 };

/** What a command costs before it does anything: `prefect version`. */
export const cliVersion: Trial = {
  name: 'cli-version',
  async run({ options, referenceVenv }) {
    const samples = new Samples('cli-version');
    for (let round = 0; round < TIMES.ours && options.servers.includes('ours'); round += 1) {
      samples.add('prefect version', 'ms', 'ours', await timeCommand(process.execPath, [PREFECT_COMMAND, 'version']));
    }
    for (let round = 0; round < TIMES.reference && referenceVenv !== undefined; round += 1) {
      samples.add('prefect version', 'ms', 'reference', await timeCommand(referenceCommand(referenceVenv), ['version']));
    }
    return samples.rows();
  },
};

async function timeCommand(command: string, args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  await succeed(spawn(command, args, { env: cleanEnvironment(), stdio: ['ignore', 'ignore', 'inherit'] }));
  return performance.now() - startedAt;
}

/** Waits for a process to end; any exit code but 0 is an error. */
export async function succeed(child: ChildProcess): Promise<void> {
  const [code, signal] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${signal ?? code}.`);
}
