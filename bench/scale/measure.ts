import type { Api } from '../api.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import { median, percentile } from '../statistics.ts';
import type { Query } from './queries.ts';
import type { StateLoad } from './state-load.ts';

export interface QueryRow {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  /** CPU of the server for one answer, what the states beside it cost included. */
  readonly cpuMillis: number;
  /** How the last answer began, or what went wrong. */
  readonly answer: string;
  readonly stateP99: number;
  readonly stateSamples: readonly number[];
}

/** A slow query is asked for so long only, but a few times. */
const LONGEST_MILLIS = 3_000;
const LEAST_TURNS = 3;

/** Asks one query some times, one after the other. */
export async function measureQuery(
  api: Api,
  { name, path, body }: Query,
  turns: number,
  server: ServerProcess,
  load: StateLoad,
): Promise<QueryRow> {
  const samples: number[] = [];
  let answer = '';
  const ask = async (turn: number) => {
    const start = performance.now();
    try {
      const text = body ? await api.post(path(turn), body(turn)) : await api.get(path(turn));
      answer = `${text.length} B`;
      if (text.length < 12) answer = text;
    } catch (error) {
      answer = String(error).slice(0, 100);
    }
    return performance.now() - start;
  };
  const first = await ask(0);
  load.take();
  const before = server.usage().cpuMillis;
  const start = performance.now();
  // What has no index would be waited for again and again.
  if (first > LONGEST_MILLIS) samples.push(first);
  for (let turn = 1; turn <= turns && first <= LONGEST_MILLIS; turn += 1) {
    samples.push(await ask(turn));
    if (turn >= LEAST_TURNS && performance.now() - start > LONGEST_MILLIS) break;
  }
  const stateSamples = load.take();
  return {
    name,
    p50: median(samples),
    p95: percentile(samples, 95),
    cpuMillis: (server.usage().cpuMillis - before) / samples.length,
    answer,
    stateP99: percentile(stateSamples, 99),
    stateSamples,
  };
}
