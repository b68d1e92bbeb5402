import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const start = fileURLToPath(new URL('start.js', import.meta.url));
const homes = fileURLToPath(new URL('../../.cache/quickstart', import.meta.url));

/** Starts the quickstart; `onText` sees all that it has printed so far. */
function quickstart(args: readonly string[], onText: (text: string, stop: () => void) => void = () => undefined) {
  const child = spawn(process.execPath, [start, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
      onText(text, () => child.kill('SIGINT'));
    });
  }
  return new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}

test('runs the examples in both languages, shows where and what, and leaves nothing behind', async () => {
  const { code, text } = await quickstart([]);
  expect(text).toMatch(/Dashboard: http:\/\/127\.0\.0\.1:\d+\n/);
  expect(text).toMatch(/^ {2}weather +TypeScript +\S+ +Completed/m);
  expect(text).toMatch(/^ {4}city-climate +TypeScript +New York +Completed +\S+ s +12 Completed, 1 Cached$/m);
  expect(text).toMatch(/^ {2}earthquake-report +TypeScript +\S+ +Completed/m);
  expect(text).toMatch(/^ {4}earthquakes +Python +\S+ +Completed +\S+ s +5 Completed, 1 after retries$/m);
  expect(text).toContain('49 earthquakes of magnitude 5 or more, 34 of them in Indonesia');
  expect(code).toBe(0);
  expect(await readdir(homes)).toEqual([]);
});

test('--keep leaves the dashboard up until Ctrl-C', async () => {
  let status: Promise<number> | undefined;
  const { code } = await quickstart(['--keep'], (text, stop) => {
    const url = /Dashboard: (\S+)\n/.exec(text)?.[1];
    if (!url || status || !text.includes('It stays up until Ctrl-C')) return;
    status = fetch(url).then(({ status }) => status);
    void status.finally(stop);
  });
  expect(await status).toBe(200);
  expect(code).toBe(0);
});

test('says how it is used when it is asked for what it does not know', async () => {
  const { code, text } = await quickstart(['--forever']);
  expect(text).toContain('npm run quickstart -- --keep');
  expect(code).toBe(1);
});
