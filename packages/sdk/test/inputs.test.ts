import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { executeFlowRun } from '../src/engine/execute.ts';
import {
  FlowPauseTimeout,
  flow,
  NotPausedError,
  PauseRefused,
  pause,
  receive,
  resume,
  send,
  suspend,
  suspendFlowRun,
  task,
} from '../src/index.ts';
import { type Harness, harness } from '../src/testing/index.ts';

const Age = z.object({ age: z.number(), name: z.string() });

/** Waits until a run is in a state, and gives the run. */
async function runIn(h: Harness, state: string) {
  return vi.waitFor(async () => {
    const [run] = await h.client.flowRuns.filter({ flow_runs: { state: { name: { any_: [state] } } } });
    if (!run) throw new Error(`no run is ${state}`);
    return run;
  }, 10_000);
}

describe('a paused run', () => {
  it('asks with a schema, refuses what does not fit, and goes on with what was given', async () => {
    await using h = await harness();
    const asks = flow('asks', async () =>
      pause({ input: Age, initial: { name: 'Ann' }, title: 'Who?', description: '**Please**' }),
    );
    const running = h.run(asks);
    const { id, state } = await runIn(h, 'Paused');
    const keyset = { description: 'paused-1-description', response: 'paused-1-response', schema: 'paused-1-schema' };
    expect(state?.state_details).toMatchObject({ pause_key: '1', pause_reschedule: false, run_input_keyset: keyset });
    await vi.waitFor(async () => expect(await h.client.flowRuns.readInput(id, keyset.description)).toBe('**Please**'));
    expect(await h.client.flowRuns.readInput(id, keyset.schema)).toMatchObject({
      title: 'Who?',
      type: 'object',
      properties: { age: { title: 'age', type: 'number' }, name: { title: 'name', type: 'string', default: 'Ann' } },
      required: ['age'],
      additionalProperties: false,
    });

    await h.within(async () => {
      await expect(resume(id, { age: 'old' })).rejects.toThrow(PauseRefused);
      await resume(id, { age: 4, name: 'Bo' });
      await expect(resume(id)).rejects.toThrow(NotPausedError);
    });
    const run = await running;
    expect(await run.result()).toEqual({ age: 4, name: 'Bo' });
    expect(run.states).toEqual(['Pending', 'Running', 'Paused', 'Running', 'Completed']);
  });

  it('asks again when its body is retried', async () => {
    await using h = await harness();
    let executions = 0;
    // A pause counts as an execution too.
    const asks = flow({ name: 'asks', retries: 2 }, async () => {
      const answer = await pause({ input: z.object({ round: z.number() }) });
      if (++executions === 1) throw new Error('after the answer');
      return answer;
    });
    const running = h.run(asks);
    for (const round of [1, 2]) {
      const { id } = await runIn(h, 'Paused');
      await vi.waitFor(() => h.within(() => resume(id, { round })), 10_000);
      await vi.waitFor(() => expect(executions).toBe(round), 10_000);
    }
    expect(await (await running).result()).toEqual({ round: 2 });
  });

  it('can be paused from inside a task', async () => {
    await using h = await harness();
    const asks = task('asks', async () => {
      await pause({ key: 'half-way' });
      return 'on';
    });
    const running = h.run(flow('f', async () => asks()));
    const { id } = await runIn(h, 'Paused');
    await h.within(() => resume(id));
    expect(await (await running).result()).toBe('on');
  });

  it('fails when nobody resumes it in time', async () => {
    await using h = await harness();
    const run = await h.run(flow('f', async () => pause({ timeout: '50ms' })));
    await expect(run.result()).rejects.toThrow(FlowPauseTimeout);
  });

  it('cannot be suspended without a deployment that would bring it back', async () => {
    await using h = await harness();
    await expect((await h.run(flow('f', async () => suspend()))).result()).rejects.toThrow(PauseRefused);
  });
});

describe('a suspended run', () => {
  const file = new URL('./flows/suspended.ts', import.meta.url).pathname;

  async function scheduled(h: Harness, name: string): Promise<{ id: string; execute(): Promise<number> }> {
    const { id: flow_id } = await h.client.flows.create({ name });
    const { id: deployment } = await h.client.deployments.create({ name: 'd', flow_id, entrypoint: `${file}:${name}` });
    const { id } = await h.client.deployments.createFlowRun(deployment, {});
    const env = { ...h.environment, PREFECT__FLOW_ENTRYPOINT: `${file}:${name}` };
    return { id, execute: () => executeFlowRun(id, { env }) };
  }

  it('ends its process, and finds what was kept and what was answered when it is executed again', async () => {
    await using h = await harness();
    const { id, execute } = await scheduled(h, 'approval');
    expect(await execute()).toBe(0);
    expect((await h.client.flowRuns.read(id)).state).toMatchObject({ type: 'PAUSED', name: 'Suspended' });

    await h.within(() => resume(id, { approved: true }));
    expect((await h.client.flowRuns.read(id)).state).toMatchObject({ type: 'SCHEDULED', name: 'Resuming' });
    expect(await execute()).toBe(0);
    expect((await h.client.flowRuns.read(id)).state_type).toBe('COMPLETED');
    const tasks = await h.client.taskRuns.filter({ task_runs: { name: { like_: 'once' } } });
    expect(tasks.map((each) => each.state_name).sort()).toEqual(['Cached', 'Completed']);
  });

  it('can be suspended from outside, and stops at its next step', async () => {
    await using h = await harness();
    const { id, execute } = await scheduled(h, 'endless');
    const executing = execute();
    await runIn(h, 'Running');
    await h.within(() => suspendFlowRun(id));
    expect(await executing).toBe(0);
    expect((await h.client.flowRuns.read(id)).state_name).toBe('Suspended');
  });
});

describe('messages', () => {
  it('reach a run of any kind asked for, in order, and are answered', async () => {
    await using h = await harness();
    const Greeting = z.object({ text: z.string() });
    const listens = flow('listens', async () => {
      const heard: string[] = [];
      for await (const message of receive(Greeting, { kind: 'Greeting' })) {
        heard.push(message.value.text);
        await message.respond(heard.length);
        if (heard.length === 2) return heard;
      }
      return heard;
    });
    const talks = flow('talks', async ({ to }: { to: string }) => {
      const answers: number[] = [];
      await send({ text: 'one' }, { to, kind: 'Greeting' });
      for await (const { value } of receive(z.number().int(), { pollInterval: '20ms' })) {
        answers.push(value);
        if (answers.length === 2) return answers;
        await send({ text: 'two' }, { to, kind: 'Greeting' });
      }
      return answers;
    });
    const listening = h.run(listens);
    const { id } = await runIn(h, 'Running');
    expect(await (await h.run(talks, { to: id })).result()).toEqual([1, 2]);
    expect(await (await listening).result()).toEqual(['one', 'two']);
  });

  it('end when none comes in time', async () => {
    await using h = await harness();
    const listens = flow('listens', async () => {
      for await (const _ of receive(z.string(), { timeout: '20ms' })) return 'heard';
      return 'nothing';
    });
    expect(await (await h.run(listens)).result()).toBe('nothing');
  });
});
