import { describe, expect, it, vi } from 'vitest';
import { artifacts, flow, InvalidNameError, runtime, task } from '../src/index.ts';
import { aServer } from './fixture.ts';

describe('artifacts', () => {
  it('belong to the run that makes them, and an event tells of each', async () => {
    const { server, session, within } = await aServer();
    const report = task('report', async () =>
      artifacts.table({ key: 'top', rows: [{ a: 1, b: Number.NaN }], description: 'best' }),
    );
    const id = await within(() => flow('f', async () => report())());
    await session.flush();

    const [run] = server.flowRuns.values();
    const taskRunId = server.eventsOf('report')[0].resource['prefect.resource.id'].replace('prefect.task-run.', '');
    expect(server.calls.find((call) => call.name === 'POST /artifacts/')?.body).toEqual({
      key: 'top',
      type: 'table',
      description: 'best',
      data: '[{"a": 1, "b": null}]',
      flow_run_id: run?.id,
      task_run_id: taskRunId,
    });
    expect(server.events.find((event) => event.event === 'prefect.artifact.created')).toMatchObject({
      resource: { 'prefect.resource.id': `prefect.artifact.${id}`, 'prefect.resource.name': 'top' },
      payload: { key: 'top', type: 'table', description: 'best' },
    });
  });

  it('of other kinds have the type and data of the contract', async () => {
    const { server, within } = await aServer();
    await within(() =>
      flow('f', async () => {
        await artifacts.markdown({ markdown: '# hi' });
        await artifacts.link({ url: 'https://example.org', text: 'there' });
        await artifacts.image({ url: 'https://example.org/a.png' });
        const bar = await artifacts.progress({ percent: -5 });
        await bar.set(250);
      })(),
    );
    const sent = server.calls.filter((call) => call.path.startsWith('/artifacts')).map(({ body }) => [body.type, body.data]);
    expect(sent).toEqual([
      ['markdown', '# hi'],
      ['markdown', '[there](https://example.org)'],
      ['image', 'https://example.org/a.png'],
      ['progress', 0],
      [undefined, 100],
    ]);
  });

  it('with a key that the server would refuse are refused here', async () => {
    const { within } = await aServer();
    await expect(within(() => artifacts.markdown({ key: 'No Way', markdown: '' }))).rejects.toThrow(InvalidNameError);
  });
});

describe('runtime', () => {
  it('tells of the run around it, of nothing outside, and what a test sets', async () => {
    const { server, within } = await aServer();
    expect(runtime.flowRun).toMatchObject({ id: null, name: null, tags: [], parameters: {}, runCount: 0 });

    const seen = await within(() => flow({ name: 'f', tags: ['t'] }, async (_: { n: number }) => ({ ...snapshot() }))({ n: 1 }));

    const [run] = server.flowRuns.values();
    expect(seen).toEqual({ id: run?.id, flowName: 'f', tags: ['t'], parameters: { n: 1 }, runCount: 1 });
    vi.stubEnv('PREFECT__RUNTIME__FLOW_RUN__NAME', 'pretended');
    expect(runtime.flowRun.name).toBe('pretended');
    vi.unstubAllEnvs();
  });
});

function snapshot() {
  const { id, flowName, tags, parameters, runCount } = runtime.flowRun;
  return { id, flowName, tags, parameters, runCount };
}
