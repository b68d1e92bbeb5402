import type { ServerSettings } from '../settings.ts';
import { type Filter, TemplateObject } from '../templates/index.ts';

/** Where pages of objects are, below the address of the dashboard. Contract: events 10.3. */
const PAGES: Readonly<Record<string, string>> = {
  flow: 'flows/flow',
  'flow-run': 'runs/flow-run',
  'task-run': 'runs/task-run',
  'block-document': 'blocks/block',
  'work-pool': 'work-pools/work-pool',
  'work-queue': 'work-queues/work-queue',
  'concurrency-limit': 'concurrency-limits/concurrency-limit',
  deployment: 'deployments/deployment',
  automation: 'automations/automation',
};

interface Linked {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly event?: unknown;
  readonly occurred?: unknown;
}

/**
 * The filters that lead from an object to the dashboard.
 *
 * @param kindOf what an object is that the template was given.
 */
export function linkFilters(
  settings: ServerSettings,
  kindOf: (value: unknown) => string | undefined,
): Readonly<Record<string, Filter>> {
  const base = dashboardUrl(settings);
  const resourceOf = (value: unknown): string | undefined => {
    if (value instanceof TemplateObject) {
      const id = value.member('id');
      return typeof id === 'string' ? id : undefined;
    }
    const kind = kindOf(value);
    return kind && `prefect.${kind}.${String((value as Linked).id)}`;
  };
  return {
    ui_url: (value) => {
      const { id, event, occurred, name } = (typeof value === 'object' && value !== null ? value : {}) as Linked;
      if (typeof event === 'string' && typeof occurred === 'string') return eventUrl(settings, { id: String(id), occurred });
      if (kindOf(value) === 'work-pool') return `${base}/${PAGES['work-pool']}/${encodeURIComponent(String(name))}`;
      return pageOf(base, resourceOf(value), value);
    },
    ui_resource_events_url: (value) => {
      const resource = resourceOf(value);
      return resource === undefined ? null : `${base}/events?resource=${encodeURIComponent(resource)}`;
    },
  };
}

/** The page of an event. */
export function eventUrl(settings: ServerSettings, { id, occurred }: { readonly id: string; readonly occurred: string }): string {
  return `${dashboardUrl(settings)}/events/event/${occurred.slice(0, 10)}/${id}`;
}

function pageOf(base: string, resource: string | undefined, value: unknown): string | null {
  const [, kind = '', id] = /^prefect\.(.+)\.([^.]+)$/.exec(resource ?? '') ?? [];
  const page = Object.hasOwn(PAGES, kind) ? PAGES[kind] : undefined;
  if (page === undefined) return null;
  const name = kind === 'work-pool' && value instanceof TemplateObject ? value.member('name') : undefined;
  return `${base}/${page}/${typeof name === 'string' ? encodeURIComponent(name) : id}`;
}

/** Where people find the dashboard. */
function dashboardUrl({ environment, publicApiUrl, host, port, apiBasePath }: ServerSettings): string {
  const api = publicApiUrl ?? environment.PREFECT_API_URL ?? `http://${host}:${port}${apiBasePath}`;
  return (environment.PREFECT_UI_URL ?? api.replace(/\/api\/?$/, '')).replace(/\/$/, '');
}
