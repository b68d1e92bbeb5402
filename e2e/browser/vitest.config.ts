import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The dashboard in a real browser, against a real server: `vitest run -c e2e/browser/vitest.config.ts`. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['*.test.ts'],
    reporters: ['default', '../../tools/summary-reporter.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
