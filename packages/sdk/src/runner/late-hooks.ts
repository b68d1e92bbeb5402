import { fileURLToPath } from 'node:url';
import { type ProcessSpec, type StartProcess, startProcess } from './start-process.ts';

/** Hooks that are left to the supervisor, because the process of the run is gone. */
export type LateHook = 'crashed' | 'cancellation';

const PROGRAM = fileURLToPath(new URL('./late-hooks-program.ts', import.meta.url));
const LONGEST_SECONDS = 60;

/** In the environment of the program: which hooks to run. */
export const LATE_HOOK = 'PREFECT_TS__LATE_HOOK';

/**
 * Runs the hooks of a TypeScript flow whose process cannot any more, in a process like the one that is gone.
 *
 * @param spec how the process of the run was started
 * @param killSignal aborted when there is no time for hooks
 */
export async function runLateHooks(
  hook: LateHook,
  spec: Pick<ProcessSpec, 'cwd' | 'env' | 'showOutput'>,
  killSignal?: AbortSignal,
  start: StartProcess = startProcess,
): Promise<void> {
  if (killSignal?.aborted) return;
  const env = { ...spec.env, [LATE_HOOK]: hook };
  const child = await start({ ...spec, env, command: process.execPath, args: [PROGRAM] });
  const kill = (): void => child.kill();
  const timer = setTimeout(kill, LONGEST_SECONDS * 1000);
  killSignal?.addEventListener('abort', kill, { once: true });
  await child.exited;
  killSignal?.removeEventListener('abort', kill);
  clearTimeout(timer);
}
