import type { FlowRunResponse } from '@prefect-ts/protocol';
import type { Context } from '../context/context.ts';
import type { FlowDefinition } from '../flows/definition.ts';
import { toPythonJson } from '../results/python-json.ts';
import type { Session } from '../session/session.ts';
import { isState } from '../states/state.ts';
import { annotationKind } from '../tasks/annotations.ts';
import { isFuture } from '../tasks/future.ts';

/** Makes the flow run on the server. The parameters are sent as the caller gave them, before validation. */
export async function createFlowRun(
  session: Session,
  flow: FlowDefinition,
  input: unknown,
  context: Context,
  parentTaskRunId: string | null,
): Promise<FlowRunResponse> {
  const { id } = await session.client.call('POST /flows/', { body: { name: flow.name, tags: [], labels: {} } });
  return session.client.call('POST /flow_runs/', {
    body: {
      state: { type: 'PENDING', name: 'Pending', message: null, data: null, state_details: {} },
      flow_id: id,
      flow_version: flow.version ?? null,
      parameters: parametersToSend(input),
      context: {},
      parent_task_run_id: parentTaskRunId,
      empirical_policy: policyOf(flow, session),
      tags: [...new Set([...flow.tags, ...context.tags])],
    },
  });
}

/** The retry policy of a flow as the server keeps it; the delay is in whole seconds. */
export function policyOf(flow: FlowDefinition, session: Session): { retries: number; retry_delay: number } {
  return {
    retries: flow.retries ?? session.defaults.flowRetries,
    retry_delay: Math.ceil(flow.retryDelay ?? session.defaults.flowRetryDelay),
  };
}

function parametersToSend(input: unknown): Record<string, unknown> {
  if (input === undefined || input === null) return {};
  const named = typeof input === 'object' && !Array.isArray(input) && !isFuture(input) && !isState(input) ? input : { input };
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, toSend(value)]));
}

/** A value as JSON; what is none is named in angle brackets, for a person to read. */
function toSend(value: unknown): unknown {
  if (isFuture(value)) return '<Future>';
  if (isState(value)) return '<State>';
  if (annotationKind(value)) return toSend((value as { value: unknown }).value);
  if (Array.isArray(value)) return value.map(toSend);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return parametersToSend(value);
  if (value instanceof Date) return value;
  try {
    toPythonJson(value);
    return value;
  } catch {
    return `<${typeof value === 'object' ? (value?.constructor.name ?? 'object') : typeof value}>`;
  }
}
