import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type CpuProfile, groupByFile, inclusiveTimes, placeOf } from './cpu-profile.ts';
import { startLoad } from './load-process.ts';
import { startLimit } from './servers/limit.ts';
import { startOurs } from './servers/ours.ts';
import { formatNumber, formatTable } from './table.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const USAGE = `node bench/profile.ts MEASURE [--server ours|limit] [--seconds N] [--clients N] [--functions N] [--files N]
Puts load on a server under node --cpu-prof and prints where its own CPU time went, by file and function.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string', default: 'ours' },
    seconds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '4' },
    functions: { type: 'string', default: '5' },
    files: { type: 'string', default: '20' },
  },
});
const [measure] = positionals;
if (measure === undefined) console.log(USAGE);
else await profile(measure);

async function profile(measure: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'prefect-profile-'));
  try {
    const units = await runUnderProfiler(measure, folder);
    printProfile(readProfiles(folder), units);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the load and answers how many units were done; the profile is written when the server stops. */
async function runUnderProfiler(measure: string, folder: string): Promise<number> {
  const nodeOptions = ['--cpu-prof', '--cpu-prof-interval=250', `--cpu-prof-dir=${folder}`];
  const server = await (values.server === 'limit' ? startLimit(nodeOptions) : startOurs(nodeOptions));
  try {
    const load = await startLoad({ measure, apiUrl: server.apiUrl, clients: Number(values.clients) });
    const { units, errors } = await load.round(Number(values.seconds));
    await load.stop();
    console.log(`${units} units, errors ${JSON.stringify(errors)}; times are milliseconds a unit, start-up included`);
    return units;
  } finally {
    await server.stop();
  }
}

function readProfiles(folder: string): CpuProfile[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'));
  if (files.length === 0) throw new Error('The server left no profile: it did not end by itself when it was asked to stop.');
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

function printProfile(profiles: readonly CpuProfile[], units: number): void {
  const shorten = (url: string) => url.replace(/^file:\/\//, '').replace(ROOT, '');
  const files = groupByFile(profiles, shorten);
  const total = files.reduce((sum, { millis }) => sum + millis, 0);
  const rows = files.slice(0, Number(values.files)).map(({ where, millis, functions }) => {
    const costliest = functions
      .slice(0, Number(values.functions))
      .map((one) => `${one.where} ${formatNumber(one.millis / units)}`);
    return [where, millis / units, `${Math.round((100 * millis) / total)} %`, costliest.join(', ')];
  });
  console.log(formatTable(['file', 'ms/unit', 'share', 'costliest functions'], [...rows, ['all', total / units, '100 %', '']]));
  const ours = inclusiveTimes(profiles, (frame) => {
    const file = shorten(frame.url);
    return file.startsWith('packages/') ? `${file} ${placeOf(frame)}` : undefined;
  });
  const costliest = ours.slice(0, Number(values.files)).map(({ where, millis }) => [where, millis / units]);
  console.log(`\n${formatTable(['function of ours, with what it calls', 'ms/unit'], costliest)}`);
}
