import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Ends a test run with one plain line of counts, and fails it when a test was skipped. The file that `FAILURES_FILE` names gets a line for each failure. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    const failures: string[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        counts[state] += 1;
        if (state === 'failed')
          failures.push(`${module.relativeModuleId} > ${test.fullName}: ${firstLine(errors?.[0]?.message)}`);
      }
      const errors = module.errors();
      counts.failed += errors.length;
      failures.push(...errors.map(({ message }) => `${module.relativeModuleId}: ${firstLine(message)}`));
    }
    const left = counts.skipped + counts.pending;
    if (left > 0) process.exitCode = 1;
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${left} skipped`);
    if (process.env.FAILURES_FILE) appendFileSync(process.env.FAILURES_FILE, failures.map((line) => `${line}\n`).join(''));
  }
}

function firstLine(text = ''): string {
  return text.split('\n', 1)[0] ?? '';
}
