import { setTimeout as pause } from 'node:timers/promises';
import type { FlowRunResponse, OrchestrationResult, StateType } from '@prefect-ts/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aServerProcess, type ServerProcess } from '../server-process.ts';

const KILLS = 20;
const CLIENTS = 16;
const LIFE: StateType[] = ['RUNNING', 'COMPLETED'];

let server: ServerProcess;
let flowId: string;

beforeAll(async () => {
  server = await aServerProcess();
  await server.start();
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'killed' })).body.id;
});
afterAll(() => server.remove());

/** What the server has said yes to: for each run the states that it acknowledged, in order. */
const acknowledged = new Map<string, string[]>();
const refused: unknown[] = [];
let stopping = false;

/** Sends a request until it is answered, as clients do when the connection breaks. */
async function insist<Body>(method: string, path: string, body: object): Promise<Body> {
  for (;;) {
    try {
      const answer = await server.request<Body>(method, path, body);
      if (answer.status < 300) return answer.body;
      refused.push({ path, ...answer });
      return answer.body;
    } catch {
      await pause(5);
    }
  }
}

/** Takes runs through their lives, one after the other, until the test ends; keys make every request repeatable. */
async function client(): Promise<void> {
  while (!stopping) {
    const key = crypto.randomUUID();
    const run = await insist<FlowRunResponse>('POST', '/flow_runs/', { flow_id: flowId, idempotency_key: key });
    const states = [run.state_id ?? ''];
    acknowledged.set(run.id, states);
    for (const type of LIFE) {
      const state = { type, state_details: { transition_id: crypto.randomUUID() } };
      const result = await insist<OrchestrationResult>('POST', `/flow_runs/${run.id}/set_state`, { state });
      states.push(result.state?.id ?? '');
    }
  }
}

it(`keeps every acknowledged state over ${KILLS} kills under load, and clients that try again carry on`, async () => {
  const clients = Array.from({ length: CLIENTS }, client);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = acknowledged.size;
    await until(() => acknowledged.size > before + Math.ceil(Math.random() * 20));
    await server.kill();
    await server.start();
  }
  stopping = true;
  await Promise.all(clients);

  expect(refused).toEqual([]);
  const lost: unknown[] = [];
  for (const [id, states] of acknowledged) {
    const { body } = await server.request<{ id: string; type: string }[]>('GET', `/flow_run_states/?flow_run_id=${id}`);
    const kept = body.map((state) => state.id);
    if (states.some((state) => !kept.includes(state)) || kept.length !== 1 + LIFE.length) lost.push({ id, states, kept });
  }
  expect(lost).toEqual([]);
  console.log(`${acknowledged.size} runs lived through ${KILLS} kills`);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(2);
}
