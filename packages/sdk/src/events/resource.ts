import type { FlowRunResponse } from '@prefect-ts/protocol';

/** What an event is about: an id, and labels. */
export interface Resource {
  readonly 'prefect.resource.id': string;
  readonly [label: string]: string;
}

/** Something an event has to do with, and how. */
export interface RelatedResource extends Resource {
  readonly 'prefect.resource.role': string;
}

/** A related resource of one of the server's own kinds; id, role and name follow from the kind. */
export function relatedTo(kind: string, id: string, name?: string): RelatedResource {
  return {
    'prefect.resource.id': `prefect.${kind}.${id}`,
    'prefect.resource.role': kind,
    ...(name === undefined ? {} : { 'prefect.resource.name': name }),
  };
}

/** What the events of a flow run are related to, in the order of the contract (SDK 14). */
export function relatedToFlowRun(run: FlowRunResponse, flowName: string, deploymentName?: string): RelatedResource[] {
  const related = [relatedTo('flow-run', run.id, run.name), relatedTo('flow', run.flow_id, flowName)];
  if (run.deployment_id) related.push(relatedTo('deployment', run.deployment_id, deploymentName));
  if (run.work_queue_id) related.push(relatedTo('work-queue', run.work_queue_id, run.work_queue_name ?? undefined));
  if (run.work_pool_id) related.push(relatedTo('work-pool', run.work_pool_id, run.work_pool_name ?? undefined));
  for (const tag of [...run.tags].sort()) related.push(relatedTo('tag', tag));
  return related;
}
