import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { harness } from '../src/testing/index.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** The blocks of a language on a page of the guide, as one text. */
function blocksOf(page: string, language: string): string {
  const text = readFileSync(new URL(`../../../docs/guide/${page}.md`, import.meta.url), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code).join('\n');
}

it.each([
  'background-tasks',
  'blocks',
  'caching-and-transactions',
  'client-variables-artifacts',
  'concurrency',
  'pausing-and-input',
  'testing-flows',
])('the program on the page %s prints what the page says', async (page) => {
  await using h = await harness();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module-typescript', '--eval', blocksOf(page, 'ts')],
    { cwd: packageFolder, env: { ...process.env, ...h.environment, NO_COLOR: '1' } },
  );
  expect(stdout.trim()).toBe(blocksOf(page, 'text').replaceAll('\n\n', '\n').trim());
});
