import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** `vitest run --config e2e/quickstart/vitest.config.ts`: what a newcomer does first. It installs what is missing. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['*.test.ts'],
    testTimeout: 240_000,
  },
});
