import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The variable by which the processes of a run are known, whoever their parents are. */
export const RUN_MARK = 'PREFECT_TS__MANAGED_RUN';

/** A process of a run. */
export interface RunProcess {
  readonly pid: number;
  /** What it holds of the memory. */
  readonly memoryBytes: number;
}

/** The processes that were started for a run, by it or by what it started. */
export async function findRunProcesses(name: string): Promise<RunProcess[]> {
  if (process.platform !== 'linux') return findByList(name);
  const mark = `${RUN_MARK}=${name}`;
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Only its own user may read the environment of a process, and it may end at any time.
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      if (!environment.split('\0').includes(mark)) return undefined;
      const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
      const resident = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? '0';
      return { pid: Number(pid), memoryBytes: Number(resident) * 1024 };
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** When a process started, in the machine's own words; empty when there is no such process, or it has ended and nobody took note. */
export async function startTimeOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return (await ps(['-o', 'lstart=', '-p', String(pid)])).trim();
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The name of the program, in parentheses, may hold anything.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === undefined || state === 'Z' || state === 'X' ? '' : (rest[18] ?? '');
}

async function findByList(name: string): Promise<RunProcess[]> {
  const lines = (await ps(['-E', '-axo', 'pid=,rss=,command='])).split('\n');
  return lines
    .filter((line) => line.includes(`${RUN_MARK}=${name}`))
    .map((line) => line.trim().split(/\s+/, 2).map(Number))
    .map(([pid = 0, kibibytes = 0]) => ({ pid, memoryBytes: kibibytes * 1024 }));
}

async function ps(args: readonly string[]): Promise<string> {
  return promisify(execFile)('ps', [...args], { maxBuffer: 1 << 26 }).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
