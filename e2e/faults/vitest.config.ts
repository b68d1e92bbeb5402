import { defineConfig } from 'vitest/config';

/** Real processes that are killed: one file at a time, with time for it. */
export default defineConfig({
  test: {
    include: ['e2e/faults/**/*.test.ts'],
    reporters: ['default', './tools/summary-reporter.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
