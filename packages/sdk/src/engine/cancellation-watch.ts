import { RunCancelled } from '../context/abort.ts';
import type { FlowRunScope } from './flow-scope.ts';

/** Short runs are over before anybody could cancel them; the server replays what happened until then. */
const FIRST_LOOK_MS = 2000;

/**
 * Cancels a run that no worker or runner supervises when somebody asks the server to. Its socket opens only once the run has lasted a
 * while. @returns how to stop watching
 */
export function watchForCancellation(scope: FlowRunScope): () => void {
  let close = () => {};
  let stopped = false;
  const timer = setTimeout(async () => {
    const { subscribeToRunEvents } = await import('../runner/run-events.ts');
    if (stopped) return;
    const subscription = subscribeToRunEvents({
      client: scope.session.client,
      events: ['prefect.flow-run.Cancelling'],
      resource: `prefect.flow-run.${scope.run.id}`,
      onEvent: () => scope.node.abort(new RunCancelled('Flow run was cancelled.')),
    });
    close = () => subscription.close();
  }, FIRST_LOOK_MS).unref();
  return () => {
    stopped = true;
    clearTimeout(timer);
    close();
  };
}
