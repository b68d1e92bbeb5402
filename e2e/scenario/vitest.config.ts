import { defineConfig } from 'vitest/config';

/** What a person types, in real processes: one file at a time, with time for it. */
export default defineConfig({
  test: {
    include: ['e2e/scenario/**/*.test.ts'],
    reporters: ['default', './tools/summary-reporter.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
