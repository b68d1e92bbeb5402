import { type Bench, type BenchOptions, openBench, type WorkerHandle } from './bench.ts';
import { cancelCases } from './cases/cancel.ts';
import { crashCases } from './cases/crash.ts';
import { environmentCases } from './cases/environment.ts';
import { flowCases } from './cases/flows.ts';
import { limitCases } from './cases/limits.ts';
import { outputCases } from './cases/output.ts';
import { serverCases } from './cases/server.ts';
import { startCases } from './cases/starts.ts';
import { workerCases } from './cases/worker.ts';
import type { ConformanceCase } from './conformance-case.ts';
import type { ConformanceTarget } from './target.ts';

/** What every type of worker must do. */
export const CONFORMANCE_CASES: readonly ConformanceCase[] = [
  ...startCases,
  ...flowCases,
  ...environmentCases,
  ...limitCases,
  ...outputCases,
  ...cancelCases,
  ...crashCases,
  ...workerCases,
  ...serverCases,
];

/** Whether a case applies to a target. */
export function applies({ appliesTo }: ConformanceCase, target: ConformanceTarget): boolean {
  return appliesTo?.(target) ?? true;
}

/** Checks the cases of one target; those that need no pool of their own share one, with one worker. */
export interface ConformanceSession extends AsyncDisposable {
  /** @throws what is not as it must be */
  check(conformanceCase: ConformanceCase): Promise<void>;
}

export async function openConformance(options: BenchOptions): Promise<ConformanceSession> {
  let shared: Promise<{ bench: Bench; worker: WorkerHandle }> | undefined;

  async function openShared(): Promise<{ bench: Bench; worker: WorkerHandle }> {
    const bench = await openBench(options);
    return { bench, worker: await bench.startWorker() };
  }

  async function checkAlone(conformanceCase: ConformanceCase): Promise<void> {
    const bench = await openBench(options);
    const none: WorkerHandle = { name: '', output: '', stop: async () => undefined, kill: async () => undefined };
    try {
      await conformanceCase.check(bench, none);
    } finally {
      await bench.close();
    }
  }

  return {
    async check(conformanceCase) {
      if (conformanceCase.alone) return checkAlone(conformanceCase);
      shared ??= openShared();
      const { bench, worker } = await shared;
      try {
        await conformanceCase.check(bench, worker);
      } catch (error) {
        throw new Error(`${error instanceof Error ? error.message : error}\nThe worker said:\n${lastLines(worker.output)}`, {
          cause: error,
        });
      }
    },
    async [Symbol.asyncDispose]() {
      await (await shared?.catch(() => undefined))?.bench.close();
    },
  };
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-30).join('\n');
}

export type ConformanceOutcome = 'passed' | 'failed' | 'does not apply';

/** A table of types by cases, for people. */
export function conformanceTable(outcomes: ReadonlyMap<string, ReadonlyMap<ConformanceCase, ConformanceOutcome>>): string {
  const signs = { passed: 'ok', failed: 'FAILED', 'does not apply': '–' } as const;
  const types = [...outcomes.keys()];
  const label = ({ group, name }: ConformanceCase): string => `${group}: ${name}`;
  const width = Math.max(...CONFORMANCE_CASES.map((each) => label(each).length));
  const row = (first: string, cells: readonly string[]): string =>
    [first.padEnd(width), ...cells.map((cell, index) => cell.padEnd(Math.max(types[index]?.length ?? 0, 6)))]
      .join('  ')
      .trimEnd();
  const count = (type: string): string => {
    const all = [...(outcomes.get(type)?.values() ?? [])];
    return `${all.filter((outcome) => outcome === 'passed').length}/${all.filter((outcome) => outcome !== 'does not apply').length}`;
  };
  return [
    row('', types),
    ...CONFORMANCE_CASES.map((each) =>
      row(
        label(each),
        types.map((type) => {
          const outcome = outcomes.get(type)?.get(each);
          return outcome === undefined ? '' : signs[outcome];
        }),
      ),
    ),
    row('passed', types.map(count)),
  ].join('\n');
}
