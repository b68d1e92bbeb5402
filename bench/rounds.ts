import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadResult } from './load.ts';
import { type LoadProcess, startLoad } from './load-process.ts';
import type { Measure } from './measures/measure.ts';
import type { ServerProcess } from './servers/server-process.ts';
import { median, percentile } from './statistics.ts';

/** What a measure gave on one server with a number of clients: medians of the rounds. */
export interface LoadRow {
  readonly measure: string;
  readonly unit: string;
  readonly clients: number;
  readonly server: string;
  readonly unitsPerSecond: number;
  readonly requestsPerSecond: number;
  /** Milliseconds of one step of work, over all rounds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU of the server's whole process tree per unit, in milliseconds. */
  readonly cpuMillis: number;
  /** Memory of the server's whole process tree after the load. */
  readonly residentMiB: number;
  readonly errors: Readonly<Record<string, number>>;
}

/** How much load to put on. */
export interface RoundOptions {
  readonly seconds: number;
  readonly rounds: number;
  /** Seconds under load before a server is measured: for most of its life its compilers and caches are warm. */
  readonly warmUp: number;
}

interface Round extends LoadResult {
  readonly cpuMillis: number;
}

/** Runs a measure on all servers in turns, round by round, so that a busy moment of the machine meets all of them. */
export async function runRounds(
  measure: Measure,
  clients: number,
  servers: ReadonlyMap<string, ServerProcess>,
  { seconds, rounds, warmUp }: RoundOptions,
): Promise<LoadRow[]> {
  const loads = new Map<string, LoadProcess>();
  const results = new Map<string, Round[]>();
  try {
    for (const [name, { apiUrl }] of servers) {
      const load = await startLoad({ measure: measure.name, apiUrl, clients });
      loads.set(name, load);
      await load.round(warmUp); // not counted
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, server] of servers) {
        const load = loads.get(name);
        if (load !== undefined) results.set(name, [...(results.get(name) ?? []), await runRound(load, server, seconds)]);
      }
    }
  } finally {
    await Promise.all([...loads.values()].map((load) => load.stop()));
  }
  return [...servers].map(([name, server]) => ({
    measure: measure.name,
    unit: measure.unit,
    clients,
    server: name,
    ...summarize(results.get(name) ?? []),
    residentMiB: server.usage().residentMiB,
  }));
}

async function runRound(load: LoadProcess, server: ServerProcess, seconds: number): Promise<Round> {
  await untilQuiet(server);
  const before = server.usage().cpuMillis;
  const result = await load.round(seconds);
  await untilQuiet(server);
  return { ...result, cpuMillis: server.usage().cpuMillis - before };
}

const LOOK_EVERY = 300;
const QUIET_MILLIS = 30;
const QUIET_WITHIN = 8_000;

/** Waits until the server rests: what it does after it has answered belongs to the load too. */
async function untilQuiet(server: ServerProcess): Promise<void> {
  const deadline = performance.now() + QUIET_WITHIN;
  let before = server.usage().cpuMillis;
  while (performance.now() < deadline) {
    await sleep(LOOK_EVERY);
    const now = server.usage().cpuMillis;
    if (now - before <= QUIET_MILLIS) return;
    before = now;
  }
}

/** Medians over rounds; latencies of all rounds together, for a short round holds too few for a p99. */
export function summarize(rounds: readonly Round[]) {
  const latencies = rounds.flatMap((round) => round.latencies);
  const errors: Record<string, number> = {};
  for (const round of rounds) {
    for (const [kind, count] of Object.entries(round.errors)) errors[kind] = (errors[kind] ?? 0) + count;
  }
  return {
    unitsPerSecond: median(rounds.map((round) => round.units / round.seconds)),
    requestsPerSecond: median(rounds.map((round) => round.requests / round.seconds)),
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    cpuMillis: median(rounds.map((round) => round.cpuMillis / round.units)),
    errors,
  };
}
