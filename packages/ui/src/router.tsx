import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { NotFound } from './app-shell/not-found.tsx';
import { PageCrash } from './app-shell/page-crash.tsx';
import { Shell } from './app-shell/shell.tsx';
import { parseAutomationDraftSearch } from './filters/automation-draft-search.ts';
import { parseDashboardSearch } from './filters/dashboard-search.ts';
import { parseDeploymentFilter } from './filters/deployment-filter.ts';
import { parseEventSearch } from './filters/event-search.ts';
import { parseFlowRunSearch } from './filters/flow-run-search.ts';
import { parseRunFilter } from './filters/run-filter.ts';
import { listOf, oneOf, parseSearch, stringifySearch, textOf } from './filters/search-params.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: PageCrash });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/dashboard', replace: true });
  },
});

const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/dashboard',
  validateSearch: parseDashboardSearch,
  component: lazyRouteComponent(() => import('./pages/dashboard/page.tsx'), 'DashboardPage'),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: parseRunFilter,
  component: lazyRouteComponent(() => import('./pages/runs/page.tsx'), 'RunsPage'),
});

const flowRun = createRoute({
  getParentRoute: () => root,
  path: '/runs/flow-run/$id',
  validateSearch: parseFlowRunSearch,
  component: lazyRouteComponent(() => import('./pages/flow-run/page.tsx'), 'FlowRunPage'),
});

const taskRun = createRoute({
  getParentRoute: () => root,
  path: '/runs/task-run/$id',
  component: lazyRouteComponent(() => import('./pages/task-run/page.tsx'), 'TaskRunPage'),
});

const flows = createRoute({
  getParentRoute: () => root,
  path: '/flows',
  validateSearch: (raw: Record<string, unknown>): { name?: string } => {
    const name = textOf(raw.name);
    return name ? { name } : {};
  },
  component: lazyRouteComponent(() => import('./pages/flows/page.tsx'), 'FlowsPage'),
});

const flow = createRoute({
  getParentRoute: () => root,
  path: '/flows/flow/$id',
  component: lazyRouteComponent(() => import('./pages/flow/page.tsx'), 'FlowPage'),
});

const deployments = createRoute({
  getParentRoute: () => root,
  path: '/deployments',
  validateSearch: parseDeploymentFilter,
  component: lazyRouteComponent(() => import('./pages/deployments/page.tsx'), 'DeploymentsPage'),
});

const DEPLOYMENT_TABS = ['runs', 'upcoming', 'schedules', 'parameters', 'details'] as const;

const deployment = createRoute({
  getParentRoute: () => root,
  path: '/deployments/deployment/$id',
  validateSearch: (raw: Record<string, unknown>): { tab?: (typeof DEPLOYMENT_TABS)[number] } => {
    const tab = oneOf(raw.tab, DEPLOYMENT_TABS);
    return tab ? { tab } : {};
  },
  component: lazyRouteComponent(() => import('./pages/deployment/page.tsx'), 'DeploymentPage'),
});

const deploymentRun = createRoute({
  getParentRoute: () => root,
  path: '/deployments/deployment/$id/run',
  validateSearch: (raw: Record<string, unknown>): { from?: string } => {
    const from = textOf(raw.from);
    return from ? { from } : {};
  },
  component: lazyRouteComponent(() => import('./pages/deployment-run/page.tsx'), 'DeploymentRunPage'),
});

const workPools = createRoute({
  getParentRoute: () => root,
  path: '/work-pools',
  component: lazyRouteComponent(() => import('./pages/work-pools/page.tsx'), 'WorkPoolsPage'),
});

const POOL_TABS = ['runs', 'queues', 'workers', 'template'] as const;

const createWorkPool = createRoute({
  getParentRoute: () => root,
  path: '/work-pools/create',
  validateSearch: (raw: Record<string, unknown>): { type?: string } => {
    const type = textOf(raw.type);
    return type ? { type } : {};
  },
  component: lazyRouteComponent(() => import('./pages/work-pool-create/page.tsx'), 'CreateWorkPoolPage'),
});

const workPool = createRoute({
  getParentRoute: () => root,
  path: '/work-pools/work-pool/$name',
  validateSearch: (raw: Record<string, unknown>): { tab?: (typeof POOL_TABS)[number] } => {
    const tab = oneOf(raw.tab, POOL_TABS);
    return tab ? { tab } : {};
  },
  component: lazyRouteComponent(() => import('./pages/work-pool/page.tsx'), 'WorkPoolPage'),
});

const events = createRoute({
  getParentRoute: () => root,
  path: '/events',
  validateSearch: parseEventSearch,
  component: lazyRouteComponent(() => import('./pages/events/page.tsx'), 'EventsPage'),
});

const event = createRoute({
  getParentRoute: () => root,
  path: '/events/event/$date/$id',
  component: lazyRouteComponent(() => import('./pages/event/page.tsx'), 'EventPage'),
});

const automations = createRoute({
  getParentRoute: () => root,
  path: '/automations',
  validateSearch: (raw: Record<string, unknown>): { name?: string } => {
    const name = textOf(raw.name);
    return name ? { name } : {};
  },
  component: lazyRouteComponent(() => import('./pages/automations/page.tsx'), 'AutomationsPage'),
});

const automationCreate = createRoute({
  getParentRoute: () => root,
  path: '/automations/create',
  validateSearch: parseAutomationDraftSearch,
  component: lazyRouteComponent(() => import('./pages/automation-edit/page.tsx'), 'AutomationCreatePage'),
});

const automation = createRoute({
  getParentRoute: () => root,
  path: '/automations/automation/$id',
  component: lazyRouteComponent(() => import('./pages/automation/page.tsx'), 'AutomationPage'),
});

const automationEdit = createRoute({
  getParentRoute: () => root,
  path: '/automations/automation/$id/edit',
  component: lazyRouteComponent(() => import('./pages/automation-edit/page.tsx'), 'AutomationEditPage'),
});

const concurrencyLimits = createRoute({
  getParentRoute: () => root,
  path: '/concurrency-limits',
  validateSearch: (raw: Record<string, unknown>): { tab?: 'tags'; name?: string } => {
    const tab = oneOf(raw.tab, ['tags'] as const);
    const name = textOf(raw.name);
    return { ...(tab ? { tab } : {}), ...(name ? { name } : {}) };
  },
  component: lazyRouteComponent(() => import('./pages/concurrency/page.tsx'), 'ConcurrencyPage'),
});

const concurrencyLimit = createRoute({
  getParentRoute: () => root,
  path: '/concurrency-limits/concurrency-limit/$id',
  component: lazyRouteComponent(() => import('./pages/concurrency/page.tsx'), 'ConcurrencyLimitPage'),
});

const variables = createRoute({
  getParentRoute: () => root,
  path: '/variables',
  validateSearch: (raw: Record<string, unknown>): { name?: string; tag?: string[] } => {
    const name = textOf(raw.name);
    const tag = listOf(raw.tag);
    return { ...(name ? { name } : {}), ...(tag.length > 0 ? { tag } : {}) };
  },
  component: lazyRouteComponent(() => import('./pages/variables/page.tsx'), 'VariablesPage'),
});

const blocks = createRoute({
  getParentRoute: () => root,
  path: '/blocks',
  validateSearch: (raw: Record<string, unknown>): { name?: string; type?: string } => {
    const name = textOf(raw.name);
    const type = textOf(raw.type);
    return { ...(name ? { name } : {}), ...(type ? { type } : {}) };
  },
  component: lazyRouteComponent(() => import('./pages/blocks/page.tsx'), 'BlocksPage'),
});

const blockCatalog = createRoute({
  getParentRoute: () => root,
  path: '/blocks/catalog',
  validateSearch: (raw: Record<string, unknown>): { name?: string } => {
    const name = textOf(raw.name);
    return name ? { name } : {};
  },
  component: lazyRouteComponent(() => import('./pages/blocks/catalog.tsx'), 'BlockCatalogPage'),
});

const createBlock = createRoute({
  getParentRoute: () => root,
  path: '/blocks/catalog/$slug/create',
  component: lazyRouteComponent(() => import('./pages/blocks/create.tsx'), 'CreateBlockPage'),
});

const block = createRoute({
  getParentRoute: () => root,
  path: '/blocks/block/$id',
  component: lazyRouteComponent(() => import('./pages/blocks/block.tsx'), 'BlockPage'),
});

const editBlock = createRoute({
  getParentRoute: () => root,
  path: '/blocks/block/$id/edit',
  component: lazyRouteComponent(() => import('./pages/blocks/edit.tsx'), 'EditBlockPage'),
});

const artifacts = createRoute({
  getParentRoute: () => root,
  path: '/artifacts',
  validateSearch: (raw: Record<string, unknown>): { name?: string; kind?: string } => {
    const name = textOf(raw.name);
    const kind = textOf(raw.kind);
    return { ...(name ? { name } : {}), ...(kind ? { kind } : {}) };
  },
  component: lazyRouteComponent(() => import('./pages/artifacts/page.tsx'), 'ArtifactsPage'),
});

const artifactKey = createRoute({
  getParentRoute: () => root,
  path: '/artifacts/key/$key',
  component: lazyRouteComponent(() => import('./pages/artifacts/key.tsx'), 'ArtifactKeyPage'),
});

const artifact = createRoute({
  getParentRoute: () => root,
  path: '/artifacts/artifact/$id',
  component: lazyRouteComponent(() => import('./pages/artifacts/artifact.tsx'), 'ArtifactPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/page.tsx'), 'SettingsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    dashboard,
    runs,
    flowRun,
    taskRun,
    flows,
    flow,
    deployments,
    deployment,
    deploymentRun,
    workPools,
    createWorkPool,
    workPool,
    events,
    event,
    automations,
    automationCreate,
    automation,
    automationEdit,
    concurrencyLimits,
    concurrencyLimit,
    variables,
    blocks,
    blockCatalog,
    createBlock,
    block,
    editBlock,
    artifacts,
    artifactKey,
    artifact,
    settings,
  ]),
  basepath: new URL(document.baseURI).pathname,
  defaultPreload: 'intent',
  defaultErrorComponent: PageCrash,
  scrollRestoration: true,
  parseSearch,
  stringifySearch,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
