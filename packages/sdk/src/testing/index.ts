export { type Harness, type HarnessOptions, harness, type RunOptions } from './harness.ts';
export { type Mock, mock } from './mock.ts';
export type { TestedRun, TestedTaskRun } from './tested-run.ts';
