import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Completed, Failed, flow, getLogger, MissingContextError, ParameterTypeError, run, tags, task } from '../src/index.ts';
import { aServer } from './fixture.ts';

describe('a flow that is called', () => {
  it('makes the calls of the contract, in order, with their bodies', async () => {
    const { server, within } = await aServer();
    const greet = flow({ name: 'greet', version: 'v1' }, async ({ name }: { name: string }) => `hello ${name}`);

    expect(await within(() => tags(['nightly'], () => greet({ name: 'Ada' })))).toBe('hello Ada');

    expect(server.callNames).toEqual([
      'GET /admin/version',
      'GET /csrf-token',
      'POST /flows/',
      'POST /flow_runs/',
      'POST /flow_runs/{id}/set_state',
      'GET /flow_runs/{id}',
      'POST /flow_runs/{id}/set_state',
    ]);
    const created = server.calls.find((call) => call.name === 'POST /flow_runs/');
    expect(created?.body).toMatchObject({
      flow_version: 'v1',
      parameters: { name: 'Ada' },
      parent_task_run_id: null,
      empirical_policy: { retries: 0, retry_delay: 0 },
      tags: ['nightly'],
      state: { type: 'PENDING', name: 'Pending' },
    });
    expect(server.proposedStates.map((state) => state.name)).toEqual(['Running', 'Completed']);
  });

  it('hands the validated parameters to the body and names the run by them', async () => {
    const { server, within } = await aServer();
    const crawl = flow(
      { name: 'crawl', params: z.object({ depth: z.coerce.number().default(2) }), runName: 'depth-{depth}' },
      async ({ depth }) => depth,
    );

    expect(await within(() => crawl({ depth: '5' }))).toBe(5);
    expect(await within(() => crawl())).toBe(2);

    const names = server.calls.filter((call) => call.name === 'PATCH /flow_runs/{id}').map((call) => call.body);
    expect(names).toEqual([{ name: 'depth-5' }, { name: 'depth-2' }]);
  });

  it('fails without having run when its parameters do not fit', async () => {
    const { server, within } = await aServer();
    let ran = false;
    const strict = flow({ name: 'strict', params: z.object({ n: z.number() }) }, async () => {
      ran = true;
    });

    const error = await within(() => strict({ n: 'x' } as never)).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ParameterTypeError);
    expect(String(error)).toMatch(/Flow run received invalid parameters:\n - n: /);
    expect(ran).toBe(false);
    expect(server.proposedStates).toHaveLength(1);
    expect(server.proposedStates[0]).toMatchObject({ type: 'FAILED', state_details: { retriable: false } });
    expect(server.proposedStates[0]?.message).toMatch(/^Validation of flow parameters failed with error: ParameterTypeError: /);
  });

  it('rejects with what the body threw, and keeps it for others to read', async () => {
    const { server, within } = await aServer();
    const thrown = new RangeError('too far');
    const broken = flow('broken', async () => {
      throw thrown;
    });

    await expect(within(() => broken())).rejects.toBe(thrown);

    const [, failed] = server.proposedStates;
    expect(failed).toMatchObject({ type: 'FAILED', message: 'Flow run encountered an exception: RangeError: too far' });
    const { storage_key } = (failed?.data ?? {}) as { storage_key: string };
    expect(JSON.parse(await readFile(storage_key, 'utf8'))).toMatchObject({
      __exc_type__: 'builtins.ValueError',
      message: 'too far',
    });
  });

  it('runs again while the server says AwaitingRetry, and counts as the server does', async () => {
    const { server, within } = await aServer();
    const flaky = flow({ name: 'flaky', retries: 2 }, async (_: undefined, ctx) => {
      if (ctx.attempt < 3) throw new Error('not yet');
      return ctx.attempt;
    });

    expect(await within(() => flaky())).toBe(3);
    expect(server.proposedStates.map((state) => state.name)).toEqual([
      'Running',
      'Failed',
      'Running',
      'Failed',
      'Running',
      'Completed',
    ]);
  });

  it('is timed out, and its signal tells the body', async () => {
    const { server, within } = await aServer();
    let reason: unknown;
    const slow = flow({ name: 'slow', timeout: '50ms' }, (_: undefined, { signal }) => {
      return new Promise(() => signal.addEventListener('abort', () => (reason = signal.reason)));
    });

    const state = await within(() => slow.state());

    expect(String(state)).toBe("TimedOut('Flow run exceeded timeout of 0.05 second(s)', type=FAILED)");
    expect(reason).toMatchObject({ code: 'RUN_TIMEOUT' });
    expect(server.proposedStates.at(-1)).toMatchObject({ name: 'TimedOut', data: null });
  });

  it('waits and proposes the same state again when the server says WAIT', async () => {
    const { server, within } = await aServer();
    let waits = 0;
    server.intercept = ({ name }) =>
      name.endsWith('/set_state') && waits++ === 0
        ? {
            status: 200,
            body: { status: 'WAIT', state: null, details: { type: 'wait_details', delay_seconds: 0, reason: 'busy' } },
          }
        : undefined;

    await within(() => flow('patient', async () => 1)());

    const [first, second] = server.proposedStates;
    expect(first?.state_details?.transition_id).toBe(second?.state_details?.transition_id);
  });

  it('runs hooks for the states that the server answers with; a failing hook changes nothing', async () => {
    const { within } = await aServer();
    const seen: string[] = [];
    const watched = flow(
      {
        name: 'watched',
        retries: 1,
        on: {
          running: ({ flowRun }) => seen.push(`running ${flowRun.runCount}`),
          failure: [
            ({ state, error }) => seen.push(`${state.name}: ${error}`),
            () => {
              throw new Error('a hook of its own trouble');
            },
          ],
        },
      },
      async () => {
        throw new Error('no');
      },
    ).on('completion', () => seen.push('never'));

    const state = await within(() => watched.state());

    expect(state.isFailed()).toBe(true);
    expect(seen).toEqual(['running 1', 'running 2', 'Failed: Error: no']);
  });
});

describe('the end of a flow', () => {
  const good = task('good', async () => 'value');
  const bad = task('bad', async () => {
    throw new Error('bad luck');
  });

  it.each([
    ['a list of runs of which one failed', () => [good.submit(), bad.submit()], 'FAILED', '1/2 states failed.'],
    ['a list of runs that all completed', () => [good.submit(), good.submit()], 'COMPLETED', 'All states completed.'],
    ['one failed run', () => bad.submit(), 'FAILED', '1/1 states failed.'],
    ['an object with a failed run inside', () => ({ run: bad.submit() }), 'COMPLETED', null],
    ['a list of runs and values', () => [bad.submit(), 3], 'COMPLETED', null],
    ['nothing', () => undefined, 'COMPLETED', null],
    ['a state of its own', () => Completed({ message: 'done', value: 3 }), 'COMPLETED', 'done'],
    ['a failed state of its own', () => Failed({ message: 'gave up' }), 'FAILED', 'gave up'],
  ])('follows from %s', async (_, body, type, message) => {
    const { within } = await aServer();
    const state = await within(() => flow('ends', async () => body()).state());
    expect({ type: state.type, message: state.message }).toEqual({ type, message });
  });

  it('gives the values behind returned runs', async () => {
    const { within } = await aServer();
    const many = flow('many', async () => good.map([1, 2], () => undefined));
    const one = flow('one', async () => good.submit());
    expect(await within(() => many())).toEqual(['value', 'value']);
    expect(await within(() => one())).toBe('value');
  });

  it('is warned about failed runs that nobody looked at; a strict flow fails by them', async () => {
    const { server, session, within } = await aServer({ PREFECT_LOGGING_LEVEL: 'WARNING' });
    const careless = flow('careless', async () => {
      bad.submit();
    });
    expect((await within(() => careless.state())).isCompleted()).toBe(true);
    await session.flush();
    expect(server.logs.map((log) => log.message)).toContainEqual(
      expect.stringContaining('1 submitted task runs did not complete'),
    );
    expect((await within(() => careless.with({ strictFutures: true }).state())).isFailed()).toBe(true);
  });
});

describe('a subflow', () => {
  it('has a placeholder in its parent, and the placeholder is the parent of its run', async () => {
    const { server, within } = await aServer();
    const child = flow('child', async ({ n }: { n: number }) => n + 1);
    const parent = flow('parent', async () => (await child({ n: 1 })) + (await child({ n: 10 })));

    expect(await within(() => parent())).toBe(13);

    const placeholders = server.calls.filter((call) => call.name === 'POST /task_runs/').map((call) => call.body);
    expect(placeholders.map((body) => [body.name, body.dynamic_key])).toEqual([
      ['child-0', '0'],
      ['child-1', '1'],
    ]);
    expect(placeholders[0]).toMatchObject({ task_inputs: { n: [] }, empirical_policy: { retries: 0 } });
    const runs = server.calls.filter((call) => call.name === 'POST /flow_runs/').map((call) => call.body.parent_task_run_id);
    expect(runs).toEqual([null, expect.any(String), expect.any(String)]);
  });

  it('is taken up again, not started anew, when its parent runs again', async () => {
    const { server, within } = await aServer();
    let calls = 0;
    const child = flow({ name: 'child', persist: true }, async () => ++calls);
    const parent = flow({ name: 'parent', retries: 1 }, async (_: undefined, ctx) => {
      const value = await child();
      if (ctx.attempt === 1) throw new Error('after the child');
      return value;
    });

    expect(await within(() => parent())).toBe(1);
    expect(calls).toBe(1);
    expect(server.callNames.filter((name) => name === 'POST /flow_runs/')).toHaveLength(2);
  });

  it('that fails throws in its parent', async () => {
    const { within } = await aServer();
    const child = flow('child', async () => {
      throw new TypeError('inner');
    });
    const parent = flow('parent', async () => (await child.state()).isFailed() && child().catch((error: Error) => error.message));
    expect(await within(() => parent())).toBe('inner');
  });
});

describe('the context of a run', () => {
  it('is there for body, logger and run.current(), and not outside', async () => {
    const { server, session, within } = await aServer({ PREFECT_LOGGING_LEVEL: 'INFO' });
    const inner = task('inner', async () => {
      getLogger().info('from the task');
      return run.current().taskRun?.taskName;
    });
    const outer = flow('outer', async (_: undefined, ctx) => {
      ctx.log.warn('from the flow');
      return [await inner(), run.current().flowRun?.flowName];
    });

    expect(await within(() => outer())).toEqual(['inner', 'outer']);

    await session.flush();
    expect(server.logs).toContainEqual(
      expect.objectContaining({ message: 'from the flow', level: 30, name: 'prefect.flow_runs', task_run_id: null }),
    );
    expect(server.logs).toContainEqual(
      expect.objectContaining({
        message: 'from the task',
        level: 20,
        name: 'prefect.task_runs',
        task_run_id: expect.any(String),
      }),
    );
    expect(() => run.current()).toThrow(MissingContextError);
    expect(() => getLogger()).toThrow(MissingContextError);
  });

  it('turns console output of a flow with logConsole into its logs', async () => {
    const { server, session, within } = await aServer({ PREFECT_LOGGING_LEVEL: 'INFO' });
    await within(() => flow({ name: 'chatty', logConsole: true }, async () => console.log('printed %d', 1))());
    await session.flush();
    expect(server.logs.map((log) => log.message)).toContain('printed 1');
  });
});

describe('a flow run that nobody supervises', () => {
  it('ends when the server says that it is being cancelled', async () => {
    const { server, within } = await aServer();
    server.outgoing = ({ event, resource }) => [
      { id: 'e', event: event.name[0], resource: { 'prefect.resource.id': resource.id[0] } },
    ];
    let reason: unknown;
    const endless = flow('endless', (_: undefined, { signal }) => {
      return new Promise<never>(() => signal.addEventListener('abort', () => (reason = signal.reason)));
    });

    const state = await within(() => endless.state());

    expect(state.isCancelled()).toBe(true);
    expect(reason).toMatchObject({ code: 'RUN_CANCELLED' });
    const ends = server.calls.filter((call) => call.name.endsWith('/set_state')).slice(1);
    expect(ends.map(({ body }) => [body.state.type, body.force])).toEqual([
      ['CANCELLING', true],
      ['CANCELLED', true],
    ]);
  });
});
