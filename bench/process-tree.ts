import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all its descendants have used so far. */
export interface TreeUsage {
  /** CPU time in milliseconds, user and system, with that of children that have ended and been waited for. */
  readonly cpuMillis: number;
  /** Resident memory in MiB, the sum over the live processes. */
  readonly residentMiB: number;
}

/** Reads the usage of a process tree from /proc; a process that ends meanwhile counts as nothing. */
export function readTreeUsage(rootPid: number): TreeUsage {
  const processes = readProcesses();
  let cpuMillis = 0;
  let residentMiB = 0;
  for (const process of descendants(rootPid, processes)) {
    cpuMillis += process.cpuMillis;
    residentMiB += process.residentMiB;
  }
  return { cpuMillis, residentMiB };
}

/** Process ids of a tree, the root first. */
export function treePids(rootPid: number): number[] {
  return descendants(rootPid, readProcesses()).map(({ pid }) => pid);
}

/** One line of /proc/<pid>/stat, in milliseconds and MiB. */
export interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  readonly cpuMillis: number;
  readonly residentMiB: number;
}

// Linux reports CPU in ticks of 10 ms and memory in pages of 4 KiB on every architecture that Node runs on but 64 KiB-page ARM.
const MILLIS_PER_TICK = 10;
const MIB_PER_PAGE = 4096 / 2 ** 20;

/** Reads one stat line; the command name in it may hold spaces and parentheses. */
export function parseStat(line: string): ProcessStat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]); // numbered as in proc(5), where the state is 3
  return {
    pid: Number.parseInt(line, 10),
    parentPid: field(4),
    cpuMillis: (field(14) + field(15) + field(16) + field(17)) * MILLIS_PER_TICK,
    residentMiB: field(24) * MIB_PER_PAGE,
  };
}

/** The root and everything below it. */
export function descendants(rootPid: number, processes: readonly ProcessStat[]): ProcessStat[] {
  const found = processes.filter(({ pid }) => pid === rootPid);
  // The list grows while it is walked: each process found brings its children.
  for (const parent of found) found.push(...processes.filter(({ parentPid }) => parentPid === parent.pid));
  return found;
}

function readProcesses(): ProcessStat[] {
  const stats: ProcessStat[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      stats.push(parseStat(readFileSync(`/proc/${entry}/stat`, 'utf8')));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return stats;
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
}
