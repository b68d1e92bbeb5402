import { defineConfig } from 'vitest/config';

/** Several servers share a database only where that is PostgreSQL. */
const postgres = process.env.PREFECT_TEST_POSTGRES_URL;

export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'examples/**/*.test.ts', 'bench/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      'packages/ui/src/pages/**',
      ...(postgres ? [] : ['packages/server/test/postgres/**']),
    ],
    reporters: ['default', './tools/summary-reporter.ts'],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
