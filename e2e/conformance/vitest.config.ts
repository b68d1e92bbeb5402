import { defineConfig } from 'vitest/config';

/** Real workers on real platforms; a few cases at a time, most of them wait. */
export default defineConfig({
  test: {
    include: ['e2e/conformance/**/*.test.ts'],
    reporters: ['default', './tools/summary-reporter.ts'],
    maxConcurrency: 4,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
