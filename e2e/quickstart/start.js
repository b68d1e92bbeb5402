// `npm run quickstart`: plain JavaScript that any Node from 20 on reads. It installs what is missing and hands over to `run.ts`.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { everythingIsThere, install, stopInstalling } from '../../tools/install.js';
import { heading, tellFailure } from '../../tools/steps.js';

const USAGE = `npm run quickstart            the whole system once, on a folder that is thrown away
npm run quickstart -- --keep  the same, and leaves it running until Ctrl-C`;

const args = process.argv.slice(2);
if (args.some((arg) => arg !== '--keep')) {
  console.log(USAGE);
  process.exit(args.includes('--help') ? 0 : 1);
}

let current;
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopping = true;
    stopInstalling();
    current?.kill(signal);
  });
}

try {
  if (!everythingIsThere())
    heading('Installing what is missing: npm packages, and Python packages into .cache/python (a minute or two)');
  const { node, python } = await install();
  if (stopping) process.exit(130);
  process.exitCode = await handOver(node, python);
} catch (error) {
  if (!stopping) tellFailure(error);
  process.exitCode = stopping ? 130 : 1;
}

/** Runs the rest with the Node that reads it; gives its exit code. */
function handOver(node, python) {
  const program = fileURLToPath(new URL('run.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    current = spawn(node, [program, ...args], { stdio: 'inherit', env: { ...process.env, PREFECT_PYTHON: python } });
    current.on('error', reject);
    current.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
