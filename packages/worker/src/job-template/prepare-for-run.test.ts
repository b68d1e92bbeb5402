import type { DeploymentResponse, Flow, FlowRun } from '@prefect-ts/protocol';
import { describe, expect, test } from 'vitest';
import type { JobConfiguration } from './job-configuration.ts';
import { prepareForRun, type RunContext } from './prepare-for-run.ts';

const context: RunContext = {
  flowRun: { id: 'r1', name: 'calm-owl', flow_id: 'f1' } as FlowRun,
  flow: { id: 'f1', name: 'etl' } as Flow,
  deployment: { id: 'd1', name: 'daily', updated: '2026-01-01T00:00:00Z' } as DeploymentResponse,
  workPool: { id: 'p1', name: 'local' },
  workerName: 'w1',
  settings: { PREFECT_API_URL: 'http://api', SHARED: 'worker' },
};
const plain: JobConfiguration = { command: null, env: {}, labels: {}, name: null };

describe('prepareForRun', () => {
  test('tells the run who it is and how to reach the server', () => {
    expect(prepareForRun(plain, context).env).toEqual({
      PREFECT_API_URL: 'http://api',
      SHARED: 'worker',
      PREFECT__FLOW_RUN_ID: 'r1',
      PREFECT__WORKER_NAME: 'w1',
      PREFECT__FLOW_ID: 'f1',
      PREFECT__FLOW_NAME: 'etl',
      PREFECT__DEPLOYMENT_ID: 'd1',
      PREFECT__DEPLOYMENT_NAME: 'daily',
    });
  });

  test('lets the configured environment and labels win', () => {
    const configured = { ...plain, env: { SHARED: 'run' }, labels: { 'prefect.io/flow-name': 'mine' } };
    const prepared = prepareForRun(configured, context);
    expect(prepared.env.SHARED).toBe('run');
    expect(prepared.labels).toMatchObject({ 'prefect.io/flow-name': 'mine', 'prefect.io/worker-name': 'w1' });
  });

  test.each([
    [null, 'calm-owl'],
    ['{{ ctx.flow.name }}-{{ ctx.flow_run.id }}', 'etl-r1'],
    ['{{ ctx.flow_run.none }}', 'calm-owl'],
  ])('names infrastructure %s as %s', (name, expected) => {
    expect(prepareForRun({ ...plain, name }, context).name).toBe(expected);
  });
});
