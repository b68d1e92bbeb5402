import { describe, expect, it, onTestFinished } from 'vitest';
import { aServerProcess } from '../../../e2e/server-process.ts';
import { runInContext } from '../src/context/context.ts';
import { flow, task } from '../src/index.ts';
import { sessionFor } from '../src/session/session.ts';
import { loadSettings } from '../src/settings/index.ts';

describe('a server that is away for a while', () => {
  it('has all logs of a run in order, and its task runs, once it is back', async () => {
    const server = await aServerProcess();
    await server.start();
    const env = {
      PREFECT_API_URL: server.apiUrl,
      PREFECT_HOME: server.home,
      PREFECT_TESTING_TEST_MODE: 'true',
      PREFECT_LOGGING_TO_API_BATCH_INTERVAL: '0.01',
    };
    const session = sessionFor(loadSettings({ env }));
    onTestFinished(async () => {
      await session.close();
      await server.remove();
    });
    const step = task('step', async ({ n }: { n: number }, { log }) => log.info(`step ${n}`));
    const long = flow('long', async () => {
      for (let n = 0; n < 3; n++) await step({ n });
      await session.flush();
      await server.kill();
      for (let n = 3; n < 6; n++) await step({ n });
      expect(session.logs.unsent).toBeGreaterThan(0);
      await server.start();
      for (let n = 6; n < 9; n++) await step({ n });
    });
    await runInContext({ session, tags: [] }, () => long());
    await session.flush();

    const body = { sort: 'TIMESTAMP_ASC', limit: 200 };
    const { body: logs } = await server.request<{ message: string }[]>('POST', '/logs/filter', body);
    expect(logs.map(({ message }) => message).filter((message) => message.startsWith('step'))).toEqual(
      Array.from({ length: 9 }, (_, n) => `step ${n}`),
    );
    const { body: count } = await server.request('POST', '/task_runs/count', {
      task_runs: { state: { type: { any_: ['COMPLETED'] } } },
    });
    expect(count).toBe(9);
  });
});
