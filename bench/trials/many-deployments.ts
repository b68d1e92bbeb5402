import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, openApi, persist, setUp } from '../api.ts';
import { inParallel } from '../in-parallel.ts';
import { until } from '../until.ts';
import { Samples, type Trial, type TrialContext } from './trial.ts';

const DEPLOYMENTS = 10_000;
const CLIENTS = 8;
/** Long enough for each loop of the scheduler, the foreman and the cleaners to come round. */
const REST_SECONDS = 120;

/** A third each: none of them is due while they are measured. */
const SCHEDULES = [
  { cron: '0 3 * * *', timezone: 'Europe/Berlin' },
  { interval: 86_400, anchor_date: '2020-01-01T04:00:00Z' },
  { rrule: 'FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=5;BYMINUTE=0;BYSECOND=0' },
];

/** What ten thousand deployments with schedules cost a server that has nothing else to do. */
export const manyDeployments: Trial = {
  name: 'many-deployments',
  async run(context) {
    const samples = new Samples('many-deployments');
    if (context.options.servers.includes('ours')) await measure(context, samples);
    return samples.rows();
  },
};

async function measure(context: TrialContext, samples: Samples): Promise<void> {
  const server = await context.start('ours');
  const api = openApi(server.apiUrl);
  try {
    const flowId = await setUp(api, '/flows/', { name: 'bench' });
    await setUp(api, '/work_pools/', { name: 'bench', type: 'process' });
    const startedAt = performance.now();
    await inParallel(CLIENTS, DEPLOYMENTS, async (index) => {
      const schedule = SCHEDULES[index % SCHEDULES.length];
      const body = { name: `d${index}`, flow_id: flowId, work_pool_name: 'bench', schedules: [{ schedule, active: true }] };
      await setUp(api, '/deployments/', body);
    });
    samples.add(`${DEPLOYMENTS} deployments created`, 's', 'ours', (performance.now() - startedAt) / 1000);
    await untilAllScheduled(api);
    samples.add('until each has its runs', 's', 'ours', (performance.now() - startedAt) / 1000);
    const before = server.usage().cpuMillis;
    await sleep(REST_SECONDS * 1000);
    samples.add('CPU at rest', 'ms/s', 'ours', (server.usage().cpuMillis - before) / REST_SECONDS);
    samples.add('memory at rest', 'MiB', 'ours', server.usage().residentMiB);
  } finally {
    api.close();
    await server.stop();
  }
}

/** The last deployment of each kind has runs, and their number has come to rest. */
async function untilAllScheduled(api: Api): Promise<void> {
  const count = async (): Promise<number> => Number(await persist(() => api.post('/flow_runs/count', {})));
  let last = -1;
  await until(
    'runs of all deployments',
    async () => {
      const now = await count();
      const isSteady = now === last && now >= DEPLOYMENTS;
      last = now;
      if (!isSteady) await sleep(3000);
      return isSteady;
    },
    900_000,
  );
}
