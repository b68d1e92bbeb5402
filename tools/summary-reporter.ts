import type { Reporter, TestModule } from 'vitest/node';

/** Ends a test run with one plain line of counts, and fails it when a test was skipped. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
      counts.failed += module.errors().length;
    }
    const left = counts.skipped + counts.pending;
    if (left > 0) process.exitCode = 1;
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${left} skipped`);
  }
}
