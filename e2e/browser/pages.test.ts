import { describe, expect, it } from 'vitest';
import { useDashboard } from './dashboard.ts';
import { unknownId } from './seed.ts';

const dashboard = useDashboard();

interface PageSpec {
  name: string;
  path: () => string;
  heading: string;
  /** A text that only shows once the data is there. */
  shows: string;
  title: string;
  /** API requests of the first visit. */
  requests: number;
}

const PAGES: PageSpec[] = [
  { name: 'dashboard', path: () => '/dashboard', heading: 'Dashboard', shows: 'loud-crow', title: 'Dashboard', requests: 1 },
  { name: 'runs', path: () => '/runs', heading: 'Runs', shows: 'swift-fox', title: 'Runs', requests: 1 },
  {
    name: 'flow run',
    path: () => `/runs/flow-run/${dashboard.seeded.failedRunId}`,
    heading: 'loud-crow Failed',
    shows: 'amount is negative',
    title: '✗ loud-crow · etl-orders',
    requests: 4,
  },
  {
    name: 'task run',
    path: () => `/runs/task-run/${dashboard.seeded.taskRunId}`,
    heading: 'extract-0 Completed',
    shows: 'Attempts',
    title: 'extract-0 · loud-crow',
    requests: 4,
  },
  { name: 'flows', path: () => '/flows', heading: 'Flows', shows: 'etl-orders', title: 'Flows', requests: 1 },
  {
    name: 'flow',
    path: () => `/flows/flow/${dashboard.seeded.flowId}`,
    heading: 'etl-orders',
    shows: 'swift-fox',
    title: 'etl-orders',
    requests: 3,
  },
  {
    name: 'deployments',
    path: () => '/deployments',
    heading: 'Deployments',
    shows: 'cron 0 6 * * *',
    title: 'Deployments',
    requests: 1,
  },
  {
    name: 'deployment',
    path: () => `/deployments/deployment/${dashboard.seeded.deploymentId}`,
    heading: 'prod Not ready',
    shows: 'The daily run.',
    title: 'prod · etl-orders',
    requests: 3,
  },
  {
    name: 'run a deployment',
    path: () => `/deployments/deployment/${dashboard.seeded.deploymentId}/run`,
    heading: 'Run prod',
    shows: 'Whose orders',
    title: 'Run prod',
    requests: 2,
  },
  {
    name: 'work pools',
    path: () => '/work-pools',
    heading: 'Work pools',
    shows: 'never had a worker',
    title: 'Work pools',
    requests: 1,
  },
  {
    name: 'work pool',
    path: () => '/work-pools/work-pool/local',
    heading: 'local No worker',
    shows: 'prefect worker start --pool local',
    title: 'local · Work pool',
    requests: 2,
  },
  { name: 'settings', path: () => '/settings', heading: 'Settings', shows: 'PREFECT_API_URL', title: 'Settings', requests: 1 },
];

describe('every page', () => {
  it.each(PAGES)('$name: shows its data in few requests, is accessible in both themes, and fits every width', async (spec) => {
    const visit = await dashboard.open(spec.path());
    await visit.page.getByRole('heading', { level: 1, name: spec.heading }).waitFor();
    await visit.page.getByText(spec.shows).first().waitFor();
    await visit.page.waitForLoadState('networkidle');
    expect(await visit.page.title()).toBe(`${spec.title} · Prefect-TS`);
    expect(visit.apiRequests.length, visit.apiRequests.join('\n')).toBeLessThanOrEqual(spec.requests);
    for (const colorScheme of ['light', 'dark'] as const) {
      await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await visit.accessibilityViolations(), colorScheme).toEqual([]);
    }
    for (const width of [375, 768, 2560]) {
      await visit.page.setViewportSize({ width, height: 800 });
      expect(await visit.sidewaysScroll(), `${width} px`).toBe(0);
    }
    expect(visit.problems).toEqual([]);
  });
});

describe('what is not there', () => {
  it.each([
    ['an unknown address', () => '/nowhere', 'Nothing lives at this address'],
    ['an unknown flow run', () => `/runs/flow-run/${unknownId()}`, 'There is no such flow run'],
    ['a flow run without a proper id', () => '/runs/flow-run/nonsense', 'There is no such flow run'],
    ['an unknown task run', () => `/runs/task-run/${unknownId()}`, 'There is no such task run'],
    ['an unknown work pool', () => '/work-pools/work-pool/none', 'There is no work pool “none”'],
  ])('%s says so', async (_, path, text) => {
    const visit = await dashboard.open(path());
    await visit.page.getByText(text).waitFor();
  });
});
