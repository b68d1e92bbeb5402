import { formatTimestamp, type State } from '@prefect-ts/protocol';
import type { ResourceLabels } from '../events/event-log.ts';
import { deploymentResponses, selectDeployments } from '../resources/deployments/deployments.ts';
import { flowRunResponse, selectFlowRuns } from '../resources/flow-runs.ts';
import { taskRunResponse } from '../resources/task-runs.ts';
import { variableValues } from '../resources/variables.ts';
import { parseJson } from '../storage/json-columns.ts';
import { renderTemplate, TemplateObject } from '../templates/index.ts';
import type { WorkUnit } from '../work-unit.ts';
import { firstOf } from './action-targets.ts';
import type { Firing } from './composites.ts';
import type { ActionMessage } from './firings.ts';
import { eventUrl, linkFilters } from './link-filters.ts';
import type { TriggeringEvent } from './triggers.ts';

/** Fills the templates of an action. */
export interface ActionContext {
  /** @throws TemplateSyntaxError, TemplateError. */
  readonly render: (template: string) => string;
}

/**
 * What the templates of an action can read. Objects are looked up only if the templates name them. Contract: events 10.3.
 *
 * @param mentioned the text of all templates.
 */
export async function actionContext(unit: WorkUnit, message: ActionMessage, mentioned: string): Promise<ActionContext> {
  const { automation, firing, triggering_event: event, triggering_labels: labels } = message;
  const firings = allFirings(firing);
  const kinds = new Map<unknown, string>([[automation, 'automation']]);
  const context: Record<string, unknown> = {
    automation,
    firing,
    firings,
    event: event && eventObject(unit, event),
    events: firings.flatMap(({ triggering_event: each }) => (each ? [eventObject(unit, each)] : [])),
    labels: new LabelTree(labels),
  };
  for (const [name, read] of Object.entries(OBJECTS))
    if (event && new RegExp(`\\b${name}\\b`).test(mentioned)) {
      const kind = name.replace('_', '-');
      const id = firstOf(event, kind);
      context[name] = id === undefined ? null : await read(unit, id, event);
      if (context[name] !== null) kinds.set(context[name], kind);
    }
  if (/\bvariables\b/.test(mentioned)) context.variables = Object.fromEntries(await variableValues(unit));
  const filters = linkFilters(unit.settings, (value) => kinds.get(value));
  return { render: (template) => renderTemplate(template, context, filters) };
}

/** This firing and all that led to it, depth first. */
function allFirings(firing: Firing): Firing[] {
  return [firing, ...firing.triggering_firings.flatMap(allFirings)];
}

type ReadObject = (unit: WorkUnit, id: string, event: TriggeringEvent) => Promise<unknown>;

const OBJECTS: Readonly<Record<string, ReadObject>> = {
  flow_run: async (unit, id, event) => {
    const row = await unit.first(selectFlowRuns(unit.db).where('flow_run.id', '=', id));
    return row ? withStateOf(event, 'flow-run', id, flowRunResponse(row, unit.now)) : null;
  },
  task_run: async (unit, id, event) => {
    const row = await unit.first(unit.db.selectFrom('task_run').selectAll().where('id', '=', id));
    return row ? withStateOf(event, 'task-run', id, taskRunResponse(row, unit.now)) : null;
  },
  deployment: async (unit, id) => {
    const rows = await unit.all(selectDeployments(unit.db).where('deployment.id', '=', id));
    return (await deploymentResponses(unit, unit.db, rows))[0] ?? null;
  },
  flow: (unit, id) => readPlain(unit, 'flow', id),
  work_pool: (unit, id) => readPlain(unit, 'work_pool', id),
  work_queue: (unit, id) => readPlain(unit, 'work_queue', id),
  concurrency_limit: (unit, id) => readPlain(unit, 'concurrency_limit', id),
};

const JSON_COLUMNS = ['tags', 'labels', 'base_job_template', 'filter'];

async function readPlain(
  unit: WorkUnit,
  table: 'flow' | 'work_pool' | 'work_queue' | 'concurrency_limit',
  id: string,
): Promise<unknown> {
  const row = await unit.first(unit.db.selectFrom(table).selectAll().where('id', '=', id));
  if (!row) return null;
  const members = Object.entries(row).map(([name, value]: [string, unknown]) => {
    if (JSON_COLUMNS.includes(name)) return [name, parseJson(value as string | null)];
    if (['created', 'updated', 'last_polled'].includes(name) && typeof value === 'number') return [name, formatTimestamp(value)];
    if (['is_paused', 'active'].includes(name)) return [name, value === 1];
    return [name, value];
  });
  return Object.fromEntries(members);
}

/** The run in the state that the event tells of, which may not be the one that it is in by now. */
function withStateOf<Run extends { readonly state: State | null }>(
  { resource }: TriggeringEvent,
  kind: string,
  id: string,
  run: Run,
): unknown {
  const [type, name, message, timestamp] = ['type', 'name', 'message', 'timestamp'].map(
    (part) => resource[`prefect.state-${part}`],
  );
  const isComplete = [type, name, message, timestamp].every((part) => part !== undefined);
  if (!isComplete || resource['prefect.resource.id'] !== `prefect.${kind}.${id}`) return run;
  return { ...run, state_type: type, state_name: name, state: { ...run.state, type, name, message, timestamp } };
}

function eventObject({ settings }: WorkUnit, event: TriggeringEvent): unknown {
  const roles = event.related.map((labels) => [labels['prefect.resource.role'] ?? '', new ResourceObject(labels)] as const);
  return {
    ...event,
    url: eventUrl(settings, event),
    resource: new ResourceObject(event.resource),
    related: event.related.map((labels) => new ResourceObject(labels)),
    // The first of each role.
    resource_in_role: Object.fromEntries(roles.toReversed()),
  };
}

/** A resource of an event: its labels by their names, and as a path below `labels`. */
class ResourceObject extends TemplateObject {
  readonly #labels: ResourceLabels;

  constructor(labels: ResourceLabels) {
    super();
    this.#labels = labels;
  }

  member(name: string): unknown {
    if (Object.hasOwn(this.#labels, name)) return this.#labels[name];
    if (name === 'labels') return new LabelTree(this.#labels);
    if (name === 'id') return this.#labels['prefect.resource.id'];
    if (name === 'name') return this.#labels['prefect.resource.name'] ?? this.#labels['prefect.name'];
    if (name === 'role') return this.#labels['prefect.resource.role'];
    return undefined;
  }

  print(): string {
    return JSON.stringify(this.#labels);
  }

  plain(): unknown {
    return this.#labels;
  }
}

/** Labels as a tree by the dots in their names; every part of it reads as its own value. */
class LabelTree extends TemplateObject {
  readonly #labels: ResourceLabels;
  readonly #path: string;

  constructor(labels: ResourceLabels, path = '') {
    super();
    this.#labels = labels;
    this.#path = path;
  }

  member(name: string): unknown {
    const path = this.#path === '' ? name : `${this.#path}.${name}`;
    const isThere = Object.keys(this.#labels).some((label) => label === path || label.startsWith(`${path}.`));
    return isThere ? new LabelTree(this.#labels, path) : undefined;
  }

  print(): string {
    return this.#path === '' ? JSON.stringify(this.#labels) : (this.#labels[this.#path] ?? '');
  }

  plain(): unknown {
    return this.#path === '' ? this.#labels : (this.#labels[this.#path] ?? null);
  }
}
