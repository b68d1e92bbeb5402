import { COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import { emitIn } from '../events/emit.ts';
import { relatedTo } from '../events/resource.ts';
import type { FlowRunScope } from './flow-scope.ts';

/** Says that a flow run is alive: now, and again and again until the returned function is called (contract, SDK 5.13). */
export function startHeartbeat(scope: FlowRunScope): () => void {
  const seconds = scope.session.defaults.heartbeatSeconds;
  if (seconds === undefined) return () => {};
  const beat = () => {
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
    emitIn(scope.session, 'prefect.flow-run.heartbeat', resource, { related });
  };
  beat();
  const timer = setInterval(beat, seconds * 1000);
  return () => clearInterval(timer);
}
