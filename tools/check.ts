/** Everything that can be said about the code without running it. `npm run check` prints one line a check and the output of those that failed. */
import { spawn } from 'node:child_process';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const CHECKS: readonly Check[] = [
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'types of the dashboard', command: ['tsc', '--noEmit', '-p', 'packages/ui'] },
  {
    name: 'imports',
    command: ['depcruise', '--config', '.dependency-cruiser.mjs', 'packages', 'examples', 'bench', 'tools'],
  },
  { name: 'unused code', command: ['knip'] },
  { name: 'generated types', command: ['node', 'packages/protocol/generate.ts', '--check'] },
  { name: 'bundled libraries', command: ['node', 'tools/bundle-libraries.ts', '--check'] },
  { name: 'nothing of a machine', command: ['node', 'tools/check-committed-text.ts'] },
];

const results = await inPairs(CHECKS, run);
for (const { check, code, output, seconds } of results) {
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name} (${seconds.toFixed(1)} s)`);
  if (code !== 0) console.log(output);
}
const failed = results.filter(({ code }) => code !== 0).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Two at a time: the smallest machine has two cores. */
async function inPairs<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const queue = items.map((item, index) => ({ item, index }));
  const finished: Result[] = [];
  const drain = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) finished[next.index] = await work(next.item);
  };
  await Promise.all([drain(), drain()]);
  return finished;
}

function run(check: Check): Promise<{ check: Check; code: number; output: string; seconds: number }> {
  const [program = '', ...args] = check.command;
  const start = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const finish = (code: number) => resolve({ check, code, output, seconds: (performance.now() - start) / 1000 });
    child.on('error', (error) => {
      output += error.message;
      finish(1);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}
