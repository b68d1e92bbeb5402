import { defineConfig } from 'vitest/config';

/** Real pods on a real cluster: one file at a time, with time for it. */
export default defineConfig({
  test: {
    include: ['e2e/kubernetes/**/*.test.ts'],
    reporters: ['default', './tools/summary-reporter.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    // Where the programs of the cluster are nowhere, they are built first.
    hookTimeout: 2_400_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
