export { type Bench, type BenchOptions, openBench, type RunOptions, type WorkerHandle } from './bench.ts';
export type { ConformanceCase } from './conformance-case.ts';
export {
  applies,
  CONFORMANCE_CASES,
  type ConformanceOutcome,
  type ConformanceSession,
  conformanceTable,
  openConformance,
} from './run-conformance.ts';
export { CONFORMANCE_FLOWS, type ConformanceTarget, type InspectedInfrastructure } from './target.ts';
