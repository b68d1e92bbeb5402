import { describe, expect, it } from 'vitest';
import {
  allowFailure,
  asCompleted,
  exponentialBackoff,
  FatalError,
  flow,
  MappingLengthMismatch,
  MissingContextError,
  quote,
  RetryAfter,
  tags,
  task,
  waitAll,
} from '../src/index.ts';
import { aServer } from './fixture.ts';

const double = task('double', async ({ n }: { n: number }) => n * 2);

describe('a task run', () => {
  it('is told to the server by one event for each state, in the shape of the contract', async () => {
    const { server, within } = await aServer();
    const add = task({ name: 'add', tags: ['b', 'a'], version: '7' }, async ({ x }: { x: number }) => ({ sum: x }));

    await within(() => flow('sums', async () => add({ x: 1 }))());

    expect(server.taskStates('add')).toEqual(['Pending', 'Running', 'Completed']);
    const [pending, running, completed] = server.eventsOf('add');
    expect(pending).toMatchObject({ follows: null, payload: { initial_state: null, intended: { from: null, to: 'PENDING' } } });
    expect(running.follows).toBe(pending.id);
    expect(completed.follows).toBe(running.id);
    const flowRun = [...server.flowRuns.values()][0];
    expect(completed).toMatchObject({
      event: 'prefect.task-run.Completed',
      occurred: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/),
      resource: {
        'prefect.resource.id': expect.stringMatching(/^prefect\.task-run\.[0-9a-f-]{36}$/),
        'prefect.resource.name': expect.stringMatching(/^add-[0-9a-f]{3}$/),
        'prefect.run-count': '1',
        'prefect.state-message': '',
        'prefect.state-name': 'Completed',
        'prefect.state-timestamp': expect.stringMatching(/\+00:00$/),
        'prefect.state-type': 'COMPLETED',
        'prefect.orchestration': 'client',
      },
      payload: {
        intended: { from: 'RUNNING', to: 'COMPLETED' },
        initial_state: { type: 'RUNNING', name: 'Running', message: '', state_details: {} },
        validated_state: { type: 'COMPLETED', name: 'Completed', message: '', state_details: {}, data: null },
        task_run: {
          task_key: expect.stringMatching(/^add-[0-9a-f]{8}$/),
          task_version: '7',
          empirical_policy: { max_retries: 0, retry_delay_seconds: 0, retries: 0, retry_delay: 0 },
          tags: ['a', 'b'],
          task_inputs: { x: [] },
          run_count: 1,
          flow_run_run_count: 1,
        },
      },
    });
    expect(
      completed.related.map((each: Record<string, string>) => [each['prefect.resource.id'], each['prefect.resource.role']]),
    ).toEqual([
      ['prefect.tag.a', 'tag'],
      ['prefect.tag.b', 'tag'],
      [`prefect.flow-run.${flowRun?.id}`, 'flow-run'],
      [`prefect.flow.${flowRun?.flow_id}`, 'flow'],
    ]);
    expect(Object.keys(pending.payload.initial_state ?? {})).toEqual([]);
  });

  it('retries with its list of waits, and says so', async () => {
    const { server, within } = await aServer();
    const flaky = task({ name: 'flaky', retries: 2, retryDelay: [0, '20ms'] }, async (_: undefined, ctx) => {
      if (ctx.attempt < 3) throw new Error('again');
      return ctx.attempt;
    });

    expect(await within(() => flow('f', async () => flaky())())).toBe(3);

    expect(server.taskStates('flaky')).toEqual(['Pending', 'Running', 'Retrying', 'AwaitingRetry', 'Retrying', 'Completed']);
    const waiting = server.eventsOf('flaky')[3];
    expect(waiting.payload.validated_state.state_details).toEqual({ scheduled_time: expect.any(String) });
    expect(waiting.payload.task_run.next_scheduled_start_time).toBe(waiting.payload.validated_state.state_details.scheduled_time);
    expect(server.eventsOf('flaky').map((event) => event.payload.task_run.run_count)).toEqual([0, 1, 2, 2, 3, 3]);
  });

  it.each([
    ['retryIf says no', { retryIf: () => false }, new Error('x'), 1],
    ['retryIf itself fails', { retryIf: () => JSON.parse('{') }, new Error('x'), 1],
    ['the error is fatal', {}, new FatalError('x'), 1],
    ['the body asks for another try', {}, new RetryAfter('1ms'), 3],
    ['waits double', { retryDelay: exponentialBackoff(0.001) }, new Error('x'), 3],
  ])('makes the attempts that are due when %s', async (_, options, thrown, attempts) => {
    const { within } = await aServer();
    let calls = 0;
    const failing = task({ name: 'failing', retries: 2, ...options }, async () => {
      calls++;
      throw thrown;
    });
    await within(() => flow('f', async () => failing())()).catch(() => {});
    expect(calls).toBe(attempts);
  });

  it('fails with the message of the contract and rejects with the very error', async () => {
    const { server, within } = await aServer();
    const thrown = new TypeError('no such thing');
    const failing = task('failing', async () => {
      throw thrown;
    });

    await expect(within(() => flow('f', async () => failing())())).rejects.toBe(thrown);

    expect(server.eventsOf('failing').at(-1)?.payload.validated_state).toMatchObject({
      type: 'FAILED',
      message: 'Task run encountered an exception TypeError: no such thing',
      state_details: { retriable: false },
      data: null,
    });
  });

  it('times out and aborts its signal, also when the body never looks at it', async () => {
    const { server, within } = await aServer();
    const stuck = task({ name: 'stuck', timeout: '20ms' }, () => new Promise<never>(() => {}));
    expect(await within(() => flow('f', async () => (await stuck.state()).name)())).toBe('TimedOut');
    expect(server.eventsOf('stuck').at(-1)?.resource).toMatchObject({
      'prefect.state-name': 'TimedOut',
      'prefect.state-message': 'Task run exceeded timeout of 0.02 second(s)',
    });
  });

  it('outside a flow reports itself, without a flow run', async () => {
    const { server, session, within } = await aServer();
    expect(await within(() => double({ n: 4 }))).toBe(8);
    await session.flush();
    expect(server.taskStates('double')).toEqual(['Pending', 'Running', 'Completed']);
    expect(server.events[0].related).toEqual([]);
    expect(server.events[0].payload.task_run.dynamic_key).toMatch(/^double-[0-9a-f]{8}-[0-9a-f]{32}$/);
    expect(() => within(() => double.submit({ n: 1 }))).toThrow(MissingContextError);
  });

  it('takes the tags around it, and a slot of the limit of each', async () => {
    const { server, within } = await aServer();
    let tries = 0;
    server.intercept = ({ name }) => {
      if (!name.endsWith('increment-with-lease')) return undefined;
      if (tries++ === 0) return { status: 423, body: {}, headers: { 'retry-after': '0' } };
      return { status: 200, body: { lease_id: 'lease', limits: [{ id: 'x', name: 'tag:db', limit: 1 }] } };
    };
    const query = task({ name: 'query', tags: ['db'] }, async () => 1);

    await within(() => flow('f', async () => tags(['night'], () => query()))());

    const taken = server.calls.filter((call) => call.name.endsWith('increment-with-lease'));
    expect(taken).toHaveLength(2);
    expect(taken[0]?.body).toMatchObject({
      names: ['tag:db', 'tag:night'],
      slots: 1,
      holder: { type: 'task_run' },
      lease_duration: 60,
    });
    expect(server.callNames).toContain('POST /v2/concurrency_limits/decrement-with-lease');
  });

  it('runs its hooks with the final state', async () => {
    const { within } = await aServer();
    const seen: string[] = [];
    const hooked = task({ name: 'hooked', on: { running: ({ taskRun }) => seen.push(taskRun.taskName) } }, async () => 1)
      .on('completion', ({ state }) => seen.push(state.name))
      .on('failure', () => seen.push('never'));
    await within(() => flow('f', async () => hooked())());
    expect(seen).toEqual(['hooked', 'Completed']);
  });
});

describe('submitted runs', () => {
  it('pass their values on, and the server learns who depends on whom', async () => {
    const { server, within } = await aServer();
    const sum = task('sum', async ({ values }: { values: readonly number[] }) => values.reduce((a, b) => a + b, 0));
    const pipeline = flow('pipeline', async () => {
      const first = double.submit({ n: 1 });
      const all = double.map([2, 3], (n) => ({ n }));
      return sum({ values: [first, ...all] });
    });

    expect(await within(() => pipeline())).toBe(12);

    const ids = server.eventsOf('double').filter((event) => event.payload.initial_state === null);
    expect(server.eventsOf('sum')[0].payload.task_run.task_inputs.values).toEqual(
      ids.map((event) => ({
        input_type: 'task_run',
        id: event.resource['prefect.resource.id'].replace('prefect.task-run.', ''),
      })),
    );
  });

  it('know an object that a run returned, wherever it is passed', async () => {
    const { server, within } = await aServer();
    const load = task('load', async () => ({ rows: [1] }));
    const store = task('store', async ({ data }: { data: { rows: number[] } }) => data.rows.length);
    await within(() => flow('f', async () => store({ data: await load() }))());
    expect(server.eventsOf('store')[0].payload.task_run.task_inputs.data).toHaveLength(1);
  });

  it('never start when what they depend on failed', async () => {
    const { server, within } = await aServer();
    const bad = task('bad', async (): Promise<number> => {
      throw new Error('no');
    });
    const state = await within(() =>
      flow('chain', async () => {
        const a = bad.submit();
        const b = double.submit({ n: a });
        const c = double.submit({ n: 1 }, { waitFor: [b] });
        return [a, b, c];
      }).state(),
    );
    expect(state.message).toBe('1/3 states failed.');
    expect(server.taskStates('double')).toEqual(['Pending', 'Pending', 'NotReady', 'NotReady']);
  });

  it('see the error of a failed run when they allow it, and quoted values as they are', async () => {
    const { within } = await aServer();
    const bad = task('bad', async (): Promise<number> => {
      throw new Error('no');
    });
    const look = task('look', async ({ a, b }: { a: number | Error; b: unknown }) => [
      a instanceof Error ? a.message : a,
      typeof b,
    ]);
    const result = await within(() =>
      flow('f', async () => {
        const failed = bad.submit();
        return look({ a: allowFailure(failed), b: quote(failed) });
      })(),
    );
    expect(result).toEqual(['no', 'object']);
  });

  it('wait their turn in a bounded pool', async () => {
    const { within } = await aServer();
    let now = 0;
    let most = 0;
    const counted = task('counted', async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
    });
    await within(() =>
      flow({ name: 'f', runner: { concurrency: 2 } }, async () => counted.map([1, 2, 3, 4, 5], () => undefined))(),
    );
    expect(most).toBe(2);
  });

  it('are given as they complete', async () => {
    const { within } = await aServer();
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const step = task('step', async ({ wait }: { wait: boolean }) => (wait ? gate.then(() => 'slow') : 'fast'));
    const order = await within(() =>
      flow('f', async () => {
        const futures = [step.submit({ wait: true }), step.submit({ wait: false })];
        const [done, rest] = await waitAll(futures, { timeout: '20ms' });
        const seen = [`${done.length}/${rest.length}`];
        for await (const future of asCompleted(futures)) {
          seen.push(await future.result());
          release();
        }
        return seen;
      })(),
    );
    expect(order).toEqual(['1/1', 'fast', 'slow']);
  });

  it('of several lists need the same length', async () => {
    const { within } = await aServer();
    const pair = task('pair', async ({ a, b }: { a: number; b: string }) => `${a}${b}`);
    const zipped = flow('f', async () => pair.mapZip({ a: [1, 2], b: ['x', 'y'] }, (row) => row));
    expect(await within(() => zipped())).toEqual(['1x', '2y']);
    const uneven = flow('f', async () => pair.mapZip({ a: [1], b: ['x', 'y'] }, (row) => row));
    await expect(within(() => uneven())).rejects.toThrow(MappingLengthMismatch);
  });

  it('can be mapped over a list that a run still has to give', async () => {
    const { within } = await aServer();
    const list = task('list', async () => [1, 2, 3]);
    const mapped = flow('f', async () => (await double.map(list.submit(), (n) => ({ n }))).results());
    expect(await within(() => mapped())).toEqual([2, 4, 6]);
  });
});
