import type { Bench, WorkerHandle } from './bench.ts';
import type { ConformanceTarget } from './target.ts';

/** One thing that every type of worker must do. */
export interface ConformanceCase {
  readonly group: string;
  /** What must be so, as a sentence without its subject: "… is started". */
  readonly name: string;
  /** Whether it needs a pool and workers of its own, because it ends them, or cuts the server off. */
  readonly alone?: boolean;
  /** Whether it applies to a platform. Default: to each. */
  readonly appliesTo?: (target: ConformanceTarget) => boolean;
  /** @throws what is not as it must be */
  check(bench: Bench, worker: WorkerHandle): Promise<void>;
}

type Check = ConformanceCase['check'];

/** A group of cases. */
export function casesOf(group: string) {
  const cases: ConformanceCase[] = [];
  return {
    cases,
    test(name: string, check: Check, options: Pick<ConformanceCase, 'alone' | 'appliesTo'> = {}): void {
      cases.push({ group, name, check, ...options });
    },
  };
}
