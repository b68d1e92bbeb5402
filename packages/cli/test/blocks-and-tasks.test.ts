import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BlockDocument, TaskRun } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPlaceWithServer, callApi, outcomeOf, type Place, printed } from './run-prefect.ts';

const SDK = fileURLToPath(new URL('../../sdk', import.meta.url));

let place: Place;
let says: Place['says'];
beforeAll(async () => {
  place = await aPlaceWithServer();
  says = place.says;
  mkdirSync(join(place.home, 'node_modules'));
  symlinkSync(SDK, join(place.home, 'node_modules/prefect-ts'));
});
afterAll(() => place.remove());

function write(file: string, content: string): string {
  writeFileSync(join(place.home, file), content);
  return file;
}

const BUCKET = `
import { block } from 'prefect-ts';
const properties = { name: { type: 'string', description: 'What it is called' }, key: { type: 'string' } };
const jsonSchema = { type: 'object', properties, required: ['name'] };
const schema = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
export const Bucket = block('bucket', { schema, jsonSchema, secrets: ['key'] });
`;

describe('kinds of blocks', () => {
  test('are registered from the code that defines them, listed, shown and deleted', async () => {
    expect(await says('block', 'register', '--file', write('bucket.ts', BUCKET))).toBe("Registered block type 'bucket'.\n");
    expect(await says('block', 'type', 'ls')).toMatch(/^bucket +Bucket/m);
    expect(await says('blocks', 'types', 'inspect', 'bucket')).toMatch(/^slug: bucket\n(?:.*\n)* {2}name:\n/m);
    expect(await says('block', 'type', 'delete', 'bucket')).toBe("Successfully deleted Block Type 'bucket'.\n");
    expect(await says('block', 'type', 'inspect', 'bucket')).toBe(
      "1: Block type 'bucket' not found!\n  See `prefect block type ls` for those there are.\n",
    );
  });

  test('of the server stay', async () => {
    expect(await says('block', 'type', 'delete', 'secret')).toBe(
      "1: Block type 'secret' belongs to the server and cannot be deleted.\n",
    );
  });

  test('are not registered from what defines none', async () => {
    expect(await says('block', 'register')).toMatch(/^2: Give one of: --module, --file\./);
    expect(await says('block', 'register', '-f', 'nope.ts')).toMatch(/^1: There is no file nope\.ts\./);
    expect(await says('block', 'register', '-f', write('empty.ts', 'export {};'))).toMatch(/^1: empty\.ts exports no blocks\./);
    expect(await says('block', 'register', '-f', 'blocks.py')).toMatch(/^1: blocks\.py is Python\./);
  });
});

test('a block is made as `create` shows, listed, shown without its secret, and deleted', async () => {
  const shown = await says('block', 'create', 'secret');
  const [, body = ''] = /--data '(.*)'$/m.exec(shown) ?? [];
  const made = await callApi<BlockDocument>(place, 'POST', '/block_documents/', JSON.parse(body.replace('…', 'hush')));
  expect(await says('block', 'ls')).toMatch(/ +Secret +my-secret +secret\/my-secret$/m);
  expect(await says('block', 'inspect', 'secret/my-secret')).not.toContain('hush');
  expect(await place.json('block', 'inspect', '--id', made.id)).toMatchObject({ name: 'my-secret', id: made.id });
  expect(await says('block', 'delete', 'secret/my-secret')).toBe("Successfully deleted Block 'secret/my-secret'.\n");
  expect(await says('block', 'delete', '--id', made.id)).toContain(`1: Block '${made.id}' not found!\n`);
  expect(await says('block', 'inspect', 'secret')).toMatch(/^2: Invalid block 'secret'\. Expected the form TYPE_SLUG\/NAME\./);
  expect(await says('block', 'create', 'nope')).toContain("1: Block type 'nope' not found!\n");
});

describe('tasks', () => {
  const TASKS = `
import { task } from 'prefect-ts';
export const shout = task('shout', ({ word }) => { console.log(word.toUpperCase() + '!'); });
export const whisper = task('whisper', ({ word }) => word.toLowerCase());
`;

  test('are served until the command is told to end', async () => {
    write('tasks.ts', TASKS);
    write('delay.ts', "import { shout } from './tasks.ts';\nawait shout.delay({ word: 'hi' });\n");
    const served = place.start('task', 'serve', 'tasks.ts:shout', '--limit', '2');
    const ended = outcomeOf(served);
    const heard = printed(served, /HI!/);
    const { spawn } = await import('node:child_process');
    const delayed = spawn(process.execPath, ['delay.ts'], { cwd: place.home, env: place.env, stdio: 'inherit' });
    expect(await outcomeOf(delayed)).toMatchObject({ code: 0 });
    expect(await heard).toMatch(/^Serving 1 task:\n {2}shout\n/);
    let runs: TaskRun[] = [];
    while (runs[0]?.state_type !== 'COMPLETED') runs = await callApi(place, 'POST', '/task_runs/filter', {});
    served.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
  });

  test('that are not there are not served', async () => {
    expect(await says('task', 'serve')).toMatch(/^2: Give an entrypoint or --module\./);
    expect(await says('task', 'serve', 'tasks.ts:sing')).toBe(
      '1: tasks.ts has no task "sing".\n  It exports tasks.ts:shout, tasks.ts:whisper.\n',
    );
    expect(await says('task', 'serve', 'nope.ts:x')).toMatch(/^1: There is no file nope\.ts\./);
    expect(await says('task', 'serve', 'tasks.py:x')).toMatch(/^1: tasks\.py is Python\./);
    expect(await says('task', 'serve', '-m', 'no-such-package')).toMatch(/^1: There is neither a file nor a package/);
  });
});
