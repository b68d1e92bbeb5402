import { enableCompileCache } from 'node:module';
import type { WarmRun } from '../runner/warm/node-processes.ts';

// A process that has loaded everything but the flow, and waits for the one run that it is going to execute.
enableCompileCache();
const [{ executeAndExit }] = await Promise.all([import('./execute-and-exit.ts'), import('../index.ts')]);

// Who kept the process for later is gone, and nobody else knows of it.
const leave = (): never => process.exit(0);
process.once('disconnect', leave);
process.once('message', (message) => {
  const { cwd, env } = message as WarmRun;
  process.off('disconnect', leave);
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  // User code finds no channel.
  process.send?.('taken', () => process.disconnect());
  void executeAndExit(env.PREFECT__FLOW_RUN_ID ?? '');
});
process.send?.('ready');
