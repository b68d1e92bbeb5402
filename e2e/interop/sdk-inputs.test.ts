import type { FlowRunResponse } from '@prefect-ts/protocol';
import { flow, pause, receive, resume } from 'prefect-ts';
import { type Harness, harness } from 'prefect-ts/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { eventually } from '../processes.ts';
import { aPythonClient, type PythonClient } from './python.ts';

const program = '../sdk-flows/inputs.py';

let h: Harness;
let python: PythonClient;
beforeAll(async () => {
  h = await harness();
  python = await aPythonClient(h.apiUrl);
});
afterAll(() => h[Symbol.asyncDispose]());

function runIn(state: string): Promise<FlowRunResponse> {
  return eventually(`a run is ${state}`, async () => {
    const [run] = await h.client.flowRuns.filter({ flow_runs: { state: { name: { any_: [state] } } } });
    return run;
  });
}

describe('a pause with input', () => {
  it('of a TypeScript flow is answered by Python', async () => {
    const Order = z.object({ item: z.string(), count: z.number().int() });
    const running = h.run(flow('asks-ts', async () => pause({ input: Order, initial: { count: 1 } })));
    const { id } = await runIn('Paused');
    await python.run('python', program, 'resume', id);
    expect(await (await running).result()).toEqual({ item: 'tea', count: 3 });
  });

  it('of a Python flow is answered by TypeScript', async () => {
    const asking = python.run('python', program, 'asks');
    const { id } = await runIn('Paused');
    await eventually('the question is there', () => h.client.flowRuns.readInput(id, 'paused-1-schema').catch(() => undefined));
    await h.within(() => resume(id, { item: 'coffee', count: 5 }));
    expect(await asking).toContain('got coffee 5');
  });
});

describe('messages', () => {
  it('of a Python flow reach a TypeScript flow, and its answer comes back', async () => {
    const listens = flow('listens', async () => {
      for await (const greeting of receive(z.object({ text: z.string() }), { kind: 'Greeting', pollInterval: '200ms' })) {
        for await (const number of receive(z.number().int(), { pollInterval: '200ms' })) {
          await greeting.respond('hello');
          return [greeting.value.text, number.value];
        }
      }
      return [];
    });
    const listening = h.run(listens);
    const { id } = await runIn('Running');
    expect(await python.run('python', program, 'talks', id)).toContain('answered hello');
    expect(await (await listening).result()).toEqual(['from python', 7]);
  });
});
