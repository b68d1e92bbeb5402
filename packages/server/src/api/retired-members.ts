import type { OperationName } from '@prefect-ts/protocol';

const OLD_QUEUE_MEMBERS = ['worker_pool_queue_id', 'worker_pool_name', 'worker_pool_queue_name', 'work_pool_queue_name'];

/** Members that old clients still send and that mean nothing any more; all other unknown members are refused. */
const RETIRED: { readonly [Name in OperationName]?: readonly string[] } = {
  'POST /deployments/': OLD_QUEUE_MEMBERS,
  'PATCH /deployments/{id}': OLD_QUEUE_MEMBERS,
};

/** Leaves out of a body what its operation no longer knows. */
export function withoutRetiredMembers(name: OperationName, body: unknown): unknown {
  const retired = RETIRED[name];
  if (!retired || typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([member]) => !retired.includes(member)));
}
