import { describe, expect, it, vi } from 'vitest';
import { artifacts, flow, runtime, task } from '../src/index.ts';
import { harness, mock } from '../src/testing/index.ts';

const load = task('load', async ({ url }: { url: string }) => (await fetch(url)).text());
const crawl = flow('crawl', async ({ seeds }: { seeds: string[] }, { log }) => {
  log.error(`${seeds.length} seeds`);
  return (await load.map(seeds, (url) => ({ url })).results()).join(' ');
});

describe('the harness', () => {
  it('runs a flow against a real server, with stand-ins for tasks', async () => {
    await using h = await harness();
    const run = await h.run(crawl, { seeds: ['a', 'b'] }, { mocks: [mock(load, async ({ url }) => `page ${url}`)] });
    expect(await run.result()).toBe('page a page b');
    expect(run.states).toEqual(['Pending', 'Running', 'Completed']);
    expect(run.task('load').states).toEqual(['Pending', 'Running', 'Completed']);
    expect(run.taskRuns).toHaveLength(2);
    expect(run.flowRun).toMatchObject({ state_type: 'COMPLETED', parameters: { seeds: ['a', 'b'] } });
    expect(() => run.task('store')).toThrow('No run of a task "store"');
  });

  it('gives the failure of a run, and its logs', async () => {
    await using h = await harness({ settings: { PREFECT_LOGGING_LEVEL: 'ERROR' } });
    const run = await h.run(crawl, { seeds: ['a'] }, { mocks: [mock(load, () => Promise.reject(new TypeError('no net')))] });
    await expect(run.result()).rejects.toThrow(new TypeError('no net'));
    expect(run.states.at(-1)).toBe('Failed');
    expect(run.logs).toContain('1 seeds');
  });

  it('keeps tests apart that run side by side', async () => {
    const names = ['a', 'b', 'c'];
    const seen = await Promise.all(
      names.map(async (name) => {
        await using h = await harness();
        await h.run(flow(name, async () => artifacts.markdown({ markdown: name })));
        return [await h.client.flows.count(), await h.client.artifacts.count()];
      }),
    );
    expect(seen).toEqual(names.map(() => [1, 1]));
  });

  it('shows what another process would get of a value', async () => {
    await using h = await harness();
    const makes = task('makes', async () => new Map([[new Date(0), undefined as unknown]]));
    const same = flow('same', async () => [...(await makes()).entries()]);
    expect(await (await h.run(same)).result()).toEqual([[new Date(0), null]]);
    const leaks = await h.run(flow('leaks', async () => ({ now: () => 1 })));
    await expect(leaks.result()).rejects.toThrow('$.now');
  });

  it('is ready within 100 ms once its code is loaded', async () => {
    await (await harness())[Symbol.asyncDispose]();
    const took: number[] = [];
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      await using _ = await harness();
      took.push(performance.now() - start);
    }
    expect(Math.min(...took)).toBeLessThan(100);
  });
});

describe('runtime', () => {
  it('tells of the runs around a subflow, and of its task', async () => {
    await using h = await harness();
    const inner = task('inner', async ({ n }: { n: number }) => [runtime.taskRun.parameters, n]);
    const leaf = flow('leaf', async () => ({
      parent: await runtime.flowRun.parentFlowRunId(),
      root: await runtime.flowRun.rootFlowRunId(),
      deployment: await runtime.flowRun.parentDeploymentId(),
      task: await inner({ n: 1 }),
    }));
    const middle = flow('middle', async () => [runtime.flowRun.id, await leaf()] as const);
    const run = await h.run(flow('root', async () => middle()));
    const [middleId, seen] = await run.result();
    expect(seen).toEqual({ parent: middleId, root: run.id, deployment: null, task: [{ n: 1 }, 1] });
  });

  it('tells of the deployment of a run', async () => {
    await using h = await harness();
    const { id: flow_id } = await h.client.flows.create({ name: 'f' });
    const { id } = await h.client.deployments.create({ name: 'd', flow_id, version: '7', parameters: { day: 'monday' } });
    vi.stubEnv('PREFECT__DEPLOYMENT_ID', id);
    const seen = await h.within(async () => [await runtime.deployment.version(), await runtime.deployment.parameters()]);
    vi.unstubAllEnvs();
    expect(seen).toEqual(['7', { day: 'monday' }]);
  });
});
