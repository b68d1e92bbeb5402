import { defineConfig } from 'vitest/config';

/** What a newcomer does first. It installs what is missing, so it takes seconds or minutes. */
export default defineConfig({
  test: {
    include: ['e2e/quickstart/**/*.test.ts'],
    reporters: ['default', './tools/summary-reporter.ts'],
    testTimeout: 240_000,
  },
});
