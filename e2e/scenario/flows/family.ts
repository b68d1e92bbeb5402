import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { flow } from 'prefect-ts';

const GRANDCHILD = `setInterval(() => {}, 1000); console.log(process.pid);`;
const CHILD = `
const grandchild = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(GRANDCHILD)}]);
grandchild.stdout.once('data', (pid) => console.log(process.pid, Number(pid)));`;

/** Starts a process that starts a process, tells who they are, and waits for them. */
export const family = flow({ name: 'family' }, async (_: Record<string, never>) => {
  const child = spawn(process.execPath, ['-e', CHILD], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [pids] = await once(child.stdout, 'data');
  console.log(`family ${process.pid} ${String(pids).trim()}.`);
  await once(child, 'exit');
});
