import { COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import { emitIn } from '../events/emit.ts';
import { relatedTo } from '../events/resource.ts';
import type { FlowRunScope } from './flow-scope.ts';

const EVENT = 'prefect.flow-run.heartbeat';

/** Says that a flow run is alive: now, and again and again until the returned function is called (contract, SDK 5.13). */
export function startHeartbeat(scope: FlowRunScope): () => void {
  const seconds = scope.session.defaults.heartbeatSeconds;
  if (seconds === undefined) return () => {};
  const { id, name, flow_id, deployment_id, tags } = scope.run;
  const resource = {
    'prefect.resource.id': `prefect.flow-run.${id}`,
    'prefect.resource.name': name,
    'prefect.version': COMPATIBLE_VERSION,
  };
  const related = [
    relatedTo('flow', flow_id, scope.flow.name),
    ...(deployment_id ? [relatedTo('deployment', deployment_id)] : []),
    ...[...tags].sort().map((tag) => relatedTo('tag', tag)),
  ];
  emitIn(scope.session, EVENT, resource, { related });
  const event = { event: EVENT, resource, related, payload: {}, follows: null };
  return scope.session.pulse.keep({ kind: 'heartbeat', event }, seconds);
}
