import { setTimeout as sleep } from 'node:timers/promises';
import { create, openApi } from '../api.ts';

const LIFE = ['PENDING', 'RUNNING', 'COMPLETED'];

/** Flow runs that go through their lives beside everything else. */
export interface StateLoad {
  /** Milliseconds that each set_state took since the last call, by when it was sent. */
  take(): number[];
  readonly failures: number;
  stop(): Promise<void>;
}

/** Sends so many set_states a second, whether or not those before were answered; runs are made as they are needed. */
export function startStateLoad(url: string, flowId: string, perSecond: number): StateLoad {
  const api = openApi(url);
  const ready: { id: string; step: number }[] = [];
  const underWay = new Set<Promise<void>>();
  let samples: number[] = [];
  let failures = 0;
  let isStopped = false;
  const track = (work: Promise<void>) => {
    const failed = () => {
      failures += 1;
    };
    const tracked = work.catch(failed).finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };
  const begin = async () => {
    const id = await create(api, '/flow_runs/', { flow_id: flowId, state: { type: 'SCHEDULED' }, tags: ['load'] });
    ready.push({ id, step: 0 });
  };
  const advance = async (run: { id: string; step: number }) => {
    const sent = performance.now();
    await api.post(`/flow_runs/${run.id}/set_state`, { state: { type: LIFE[run.step] } });
    samples.push(performance.now() - sent);
    if (run.step + 1 < LIFE.length) ready.push({ id: run.id, step: run.step + 1 });
  };
  const loop = async () => {
    let due = performance.now();
    for (let turn = 0; !isStopped; turn += 1) {
      due += 1000 / perSecond;
      const wait = due - performance.now();
      if (wait > 0) await sleep(wait);
      if (turn % LIFE.length === 0 || ready.length < 10) track(begin());
      const run = ready.shift();
      if (run) track(advance(run));
    }
  };
  const running = loop();
  return {
    take() {
      const taken = samples;
      samples = [];
      return taken;
    },
    get failures() {
      return failures;
    },
    async stop() {
      isStopped = true;
      await running;
      await Promise.all(underWay);
      api.close();
    },
  };
}
