import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { flow, serveTasks, task } from '../src/index.ts';
import { type Harness, harness } from '../src/testing/index.ts';

/** Serves tasks until the returned function is called. */
function serving(h: Harness, ...served: Parameters<typeof serveTasks>): () => Promise<void> {
  const stop = new AbortController();
  const [tasks, options] = served;
  const done = h.within(() => serveTasks(tasks, { ...options, signal: stop.signal }));
  return async () => {
    stop.abort();
    await done;
  };
}

describe('a task that is left for later', () => {
  it('is run by a process that serves it, and the submitter gets its value', async () => {
    await using h = await harness();
    const area = task({ name: 'area', tags: ['geometry'] }, async ({ w, at }: { w: number; at: Date }) => [w * 2, at]);
    const future = await h.within(() => area.delay({ w: 4, at: new Date(0) }));
    expect(future.state.name).toBe('Scheduled');
    const stop = serving(h, [area]);
    expect(await future.result({ timeout: '10s' })).toEqual([8, new Date(0)]);
    await stop();
    const taskRun = await h.client.taskRuns.read(future.id);
    expect(taskRun).toMatchObject({ name: 'area', task_key: area.key, flow_run_id: null, tags: ['geometry'], run_count: 1 });
    const states = await h.client.taskRunStates.list({ task_run_id: future.id });
    expect(states.map(({ name }) => name)).toEqual(['Scheduled', 'Pending', 'Running', 'Completed']);
  });

  it('may have no input, or one that is no object', async () => {
    await using h = await harness();
    const hello = task('hello', async () => 'hello');
    const twice = task('twice', async (n: number) => n * 2);
    const stop = serving(h, [hello, twice]);
    const futures = await h.within(() => Promise.all([hello.delay(), twice.delay(21)]));
    expect(await Promise.all(futures.map((future) => future.result({ timeout: '10s' })))).toEqual(['hello', 42]);
    await stop();
  });

  it('gives what its body threw', async () => {
    await using h = await harness();
    const fails = task('fails', async () => {
      throw new RangeError('too far');
    });
    const stop = serving(h, [fails]);
    const future = await h.within(() => fails.delay());
    await expect(future.result({ timeout: '10s' })).rejects.toThrow(new RangeError('too far'));
    await stop();
  });

  it('belongs to the flow that left it, and can be waited for there', async () => {
    await using h = await harness();
    const double = task('double', async ({ n }: { n: number }) => n * 2);
    const stop = serving(h, [double]);
    const doubles = flow('doubles', async () => {
      const first = await double.delay({ n: 1 });
      const second = await double.delay({ n: first });
      return [await first.result({ timeout: '10s' }), await second.result({ timeout: '10s' })];
    });
    const run = await h.run(doubles);
    expect(await run.result()).toEqual([2, 4]);
    await stop();
    expect(run.taskRuns.map(({ taskRun }) => [taskRun.name, taskRun.dynamic_key])).toEqual([
      ['double-0', '0'],
      ['double-1', '1'],
    ]);
    expect(run.taskRuns[1]?.taskRun.task_inputs).toMatchObject({
      n: [{ input_type: 'task_run', id: run.taskRuns[0]?.taskRun.id }],
    });
  });

  it('is deleted, with a reason, when its input cannot be read', async () => {
    await using h = await harness();
    const double = task('double', async ({ n }: { n: number }) => n * 2);
    const future = await h.within(() => double.delay({ n: 1 }));
    const folder = join(h.home, 'storage/parameters');
    const [file = ''] = await readdir(folder);
    await writeFile(join(folder, file), JSON.stringify({ metadata: { serializer: { type: 'pickle' } }, result: 'gASV' }));
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const stop = serving(h, [double]);
    await expect(future.result({ timeout: '10s' })).rejects.toThrow('was deleted');
    expect(told.mock.calls.flat().join('')).toContain('which only Python can read');
    told.mockRestore();
    await stop();
  });
});

describe('a process that serves tasks', () => {
  it('runs no more at once than it is told, and says what it does', async () => {
    await using h = await harness();
    let most = 0;
    let now = 0;
    const slow = task('slow', async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now--;
    });
    const { freePort } = await import('../../../e2e/server-process.ts');
    const port = await freePort();
    const stop = serving(h, [slow], { limit: 2, statusPort: port });
    const futures = await h.within(() => Promise.all([1, 2, 3, 4].map(() => slow.delay())));
    for (const future of futures) await future.settled({ timeout: '10s' });
    expect(most).toBeLessThanOrEqual(2);
    const status = await (await fetch(`http://127.0.0.1:${port}/status`)).json();
    expect(status).toMatchObject({ limit: 2, tasks: [slow.key], stopping: false });
    await stop();
  });

  it('ends what it has begun before it stops', async () => {
    await using h = await harness();
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<string>();
    const slow = task('slow', async () => {
      begun.resolve();
      return goOn.promise;
    });
    const stop = serving(h, [slow]);
    const future = await h.within(() => slow.delay());
    await begun.promise;
    const stopped = stop();
    goOn.resolve('done');
    await stopped;
    expect((await h.client.taskRuns.read(future.id)).state_type).toBe('COMPLETED');
  });

  it('lets a run end in peace when its process is told to end', async () => {
    await using h = await harness();
    const file = new URL('./flows/serving.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, ...h.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const patient = task('patient', async () => '');
    const future = await h.within(() => patient.delay());
    if (child.stdout) await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await future.result({ timeout: '10s' })).toBe('ended in peace');
  });
});
