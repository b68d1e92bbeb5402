import { setTimeout as sleep } from 'node:timers/promises';
import { openApi, setUp } from '../api.ts';
import { inParallel } from '../in-parallel.ts';
import type { ServerName } from '../options.ts';
import { Samples, type Trial, type TrialContext } from './trial.ts';

const RUNS = 1000;
const WORKERS = 4;
/** The most that one poll may ask for. */
const POLL_LIMIT = 200;
/** A run is handed out when a worker has it and the server has agreed that the worker may start it. */
const SUBMISSIONS_AT_ONCE = 16;
const LEAD_MILLIS = 20_000;

/** A thousand runs that are due in the same second, until workers have been handed all of them. */
export const dueAtOnce: Trial = {
  name: 'due-at-once',
  async run(context) {
    const samples = new Samples('due-at-once');
    for (const name of context.options.servers) if (name !== 'limit') await measure(context, name, samples);
    return samples.rows();
  },
};

async function measure({ start }: TrialContext, name: ServerName, samples: Samples): Promise<void> {
  const server = await start(name);
  const api = openApi(server.apiUrl);
  try {
    const flowId = await setUp(api, '/flows/', { name: 'bench' });
    await setUp(api, '/work_pools/', { name: 'bench', type: 'process' });
    const deploymentId = await setUp(api, '/deployments/', { name: 'bench', flow_id: flowId, work_pool_name: 'bench' });
    // The reference needs longer to create them than we give them until they are due.
    const due = Date.now() + (name === 'ours' ? LEAD_MILLIS : LEAD_MILLIS * 8);
    const state = { type: 'SCHEDULED', state_details: { scheduled_time: new Date(due).toISOString() } };
    await inParallel(4, RUNS, async () => {
      await setUp(api, `/deployments/${deploymentId}/create_flow_run`, { state });
    });
    await sleep(Math.max(0, due - Date.now()));
    const cpuBefore = server.usage().cpuMillis;
    const taken = new Set<string>();
    await Promise.all(Array.from({ length: WORKERS }, () => work(server.apiUrl, taken)));
    samples.add(`${RUNS} runs handed out`, 'ms', name, Date.now() - due);
    samples.add('server CPU for them', 'ms', name, server.usage().cpuMillis - cpuBefore);
  } finally {
    api.close();
    await server.stop();
  }
}

/** What a worker does: it asks for due runs and tells each of them Pending; one that another has taken is refused. */
async function work(apiUrl: string, taken: Set<string>): Promise<void> {
  const api = openApi(apiUrl);
  try {
    while (taken.size < RUNS) {
      const body = { scheduled_before: new Date().toISOString(), limit: POLL_LIMIT };
      const answer = await api.post('/work_pools/bench/get_scheduled_flow_runs', body);
      const found = (JSON.parse(answer) as { flow_run: { id: string } }[]).map(({ flow_run }) => flow_run.id);
      const ids = found.filter((id) => !taken.has(id));
      await inParallel(SUBMISSIONS_AT_ONCE, ids.length, async (index) => {
        const id = ids[index] ?? '';
        if (taken.has(id)) return;
        taken.add(id);
        await api.post(`/flow_runs/${id}/set_state`, { state: { type: 'PENDING', name: 'Pending' } });
      });
    }
  } finally {
    api.close();
  }
}
