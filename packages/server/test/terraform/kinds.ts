import type { Kind, Known } from './provider.ts';

/** What the Terraform provider manages on a server without accounts, with the calls and statuses that it lives by. */
export const KINDS = {
  flow: {
    create: 'POST /flows/ 200 201',
    read: 'GET /flows/{id} 200',
    update: 'PATCH /flows/{id} 200 204',
    delete: 'DELETE /flows/{id} 200 204',
  },
  deployment: {
    create: 'POST /deployments/ 200 201',
    read: 'GET /deployments/{id} 200',
    update: 'PATCH /deployments/{id} 204',
    delete: 'DELETE /deployments/{id} 204',
  },
  deploymentSchedule: {
    create: 'POST /deployments/{deployment_id}/schedules 201',
    read: 'GET /deployments/{deployment_id}/schedules 200',
    update: 'PATCH /deployments/{deployment_id}/schedules/{id} 204',
    delete: 'DELETE /deployments/{deployment_id}/schedules/{id} 204',
    find: entryOfList,
  },
  workPool: {
    create: 'POST /work_pools/ 201',
    read: 'GET /work_pools/{name} 200',
    update: 'PATCH /work_pools/{name} 200 204',
    delete: 'DELETE /work_pools/{name} 200 204',
  },
  workQueue: {
    create: 'POST /work_pools/{work_pool_name}/queues/ 201',
    read: 'GET /work_pools/{work_pool_name}/queues/{name} 200',
    update: 'PATCH /work_pools/{work_pool_name}/queues/{name} 200 204',
    delete: 'DELETE /work_pools/{work_pool_name}/queues/{name} 200 204',
  },
  variable: {
    create: 'POST /variables/ 201',
    read: 'GET /variables/{id} 200',
    update: 'PATCH /variables/{id} 200 204',
    delete: 'DELETE /variables/{id} 200 204',
  },
  blockType: {
    create: 'POST /block_types 201',
    read: 'GET /block_types/slug/{slug} 200',
    update: 'PATCH /block_types/{id} 204',
    delete: 'DELETE /block_types/{id} 204',
  },
  blockSchema: {
    create: 'POST /block_schemas 201',
    read: 'GET /block_schemas/{id} 200',
    delete: 'DELETE /block_schemas/{id} 204',
  },
  block: {
    create: 'POST /block_documents/ 201',
    read: 'GET /block_documents/{id}?include_secrets=true 200',
    update: 'PATCH /block_documents/{id} 204',
    delete: 'DELETE /block_documents/{id} 204',
  },
  automation: {
    create: 'POST /automations/ 201',
    read: 'GET /automations/{id} 200',
    update: 'PUT /automations/{id} 204',
    delete: 'DELETE /automations/{id} 204',
  },
  globalConcurrencyLimit: {
    create: 'POST /v2/concurrency_limits/ 201',
    read: 'GET /v2/concurrency_limits/{id} 200',
    update: 'PATCH /v2/concurrency_limits/{id} 204',
    delete: 'DELETE /v2/concurrency_limits/{id} 204',
  },
  taskRunConcurrencyLimit: {
    create: 'POST /concurrency_limits/ 200 201',
    read: 'GET /concurrency_limits/{id} 200',
    delete: 'DELETE /concurrency_limits/{id} 200',
  },
} as const satisfies Record<string, Kind>;

/** Schedules are made and read as lists: the one that was just made is alone, later it is known by its id. */
function entryOfList(answer: unknown, known: Known): unknown {
  if (!Array.isArray(answer)) throw new Error('Schedules are answered as a list.');
  return known.id === undefined ? answer[0] : answer.find(({ id }) => id === known.id);
}
