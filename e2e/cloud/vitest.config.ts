import { defineConfig } from 'vitest/config';

/** Clouds, as their emulators play them: through the clouds' own libraries, one file at a time. */
export default defineConfig({
  test: {
    include: ['e2e/cloud/**/*.test.ts'],
    reporters: ['default', './tools/summary-reporter.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
