import type { Automation, AutomationTestFiring } from '@prefect-ts/protocol';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ActionTarget } from '../automations/action-kinds.ts';
import { type AutomationDraft, bodyOf } from '../automations/draft.ts';
import { ApiError, call } from './client.ts';

/** Automations by name with how often they fired. */
export const automations = (name: string) =>
  infiniteQueryOptions({
    queryKey: ['automations', name],
    queryFn: ({ pageParam, signal }) =>
      call('POST /ui/automations/page', { body: { ...(name ? { name } : {}), cursor: pageParam } }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

/** One automation with the names of what it acts upon. */
export const automation = (id: string) =>
  queryOptions({
    queryKey: ['automation', id],
    queryFn: async ({ signal }) => {
      const body = { automations: { id: { any_: [id] } }, limit: 1 };
      const { results, names } = await call('POST /ui/automations/page', { body }, signal);
      const [row] = results;
      if (!row) throw new ApiError('POST /ui/automations/page', 404, 'Automation not found', undefined);
      return { row, names: new Map(Object.entries(names)) };
    },
  });

/** What an automation did of late: that it was triggered, and what became of its actions. */
export const firings = (id: string) =>
  queryOptions({
    queryKey: ['firings', id],
    queryFn: ({ signal }) => {
      const since = new Date(Date.now() - 7 * 86_400_000).toISOString();
      const event = { name: ['prefect.automation.triggered', 'prefect.automation.action.executed', FAILED] };
      const filter = { event, resource: { id: [`prefect.automation.${id}`] }, occurred: { since } };
      return call('POST /events/filter', { body: { filter, limit: 50 } }, signal);
    },
  });

export const FAILED = 'prefect.automation.action.failed';

/** What an action can be done to. */
export interface TargetChoice {
  readonly id: string;
  readonly title: string;
}

/** The objects of a kind, to choose one that an action is done to. */
export const targets = (kind: ActionTarget['kind'] | 'notify-block' | 'webhook-block') =>
  queryOptions({
    queryKey: ['action-targets', kind],
    queryFn: async ({ signal }): Promise<TargetChoice[]> => {
      switch (kind) {
        case 'deployment': {
          const { results } = await call('POST /ui/deployments/page', { body: { limit: 200 } }, signal);
          return results.map(({ id, name, flow_name }) => ({ id, title: `${flow_name}/${name}` }));
        }
        case 'work-pool': {
          const { results } = await call('POST /ui/work_pools/page', { body: { limit: 200 } }, signal);
          return results.map(({ id, name }) => ({ id, title: name }));
        }
        case 'work-queue': {
          const queues = await call('POST /work_queues/filter', { body: { limit: 200 } }, signal);
          return queues.map(({ id, name, work_pool_name: pool }) => ({ id, title: pool ? `${pool}/${name}` : name }));
        }
        case 'automation': {
          const { results } = await call('POST /ui/automations/page', { body: { limit: 200 } }, signal);
          return results.map(({ id, name }) => ({ id, title: name }));
        }
        case 'notify-block':
        case 'webhook-block': {
          const narrowed =
            kind === 'webhook-block'
              ? { block_types: { slug: { any_: ['webhook'] } } }
              : { block_schemas: { block_capabilities: { all_: ['notify'] } } };
          const blocks = await call('POST /block_documents/filter', { body: narrowed }, signal);
          return blocks.map(({ id, name, block_type_name: type }) => ({ id, title: `${name ?? id}${type ? ` (${type})` : ''}` }));
        }
      }
    },
    staleTime: 30_000,
  });

/** Creates an automation, or replaces the one that has an id. */
export async function saveAutomation(id: string | undefined, draft: AutomationDraft): Promise<string> {
  const body = bodyOf(draft);
  if (id !== undefined) {
    await call('PUT /automations/{id}', { path: { id }, body });
    return id;
  }
  const created: Automation = await call('POST /automations/', { body });
  return created.id;
}

/** Asks what a draft would have done on the events of the past. */
export function testFiring(draft: AutomationDraft, hours: number): Promise<AutomationTestFiring> {
  const since = new Date(Date.now() - hours * 3_600_000).toISOString();
  // The trigger alone is tried, so an automation without actions can be tried too.
  const automation = {
    ...bodyOf({ ...draft, name: draft.name || 'draft', actions: [], actions_on_trigger: [], actions_on_resolve: [] }),
  };
  return call('POST /automations/test-firing', { body: { automation, since } });
}
