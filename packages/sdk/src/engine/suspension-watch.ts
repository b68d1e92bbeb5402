import { RunSuspended } from '../context/abort.ts';
import type { FlowRunScope } from './flow-scope.ts';

/** Short runs are over before anybody could suspend them; the server replays what happened until then. */
const FIRST_LOOK_MS = 2000;
const LOOK_WITHOUT_NEWS_MS = 10_000;

/**
 * Ends the process of a run, at its next step, when somebody suspends the run (contract, SDK 22.4). News are believed only when the run
 * really is suspended by then: the server also tells of suspensions that are long over. @returns how to stop watching
 */
export function watchForSuspension(scope: FlowRunScope): () => void {
  let close = () => {};
  let stopped = false;
  const look = async () => {
    const run = await scope.session.client.call('GET /flow_runs/{id}', { path: { id: scope.run.id } }).catch(() => undefined);
    if (stopped || run?.state?.type !== 'PAUSED' || !run.state.state_details.pause_reschedule) return;
    scope.suspendAtNextStep(new RunSuspended('The flow run was suspended.'));
  };
  const timer = setTimeout(async () => {
    const { subscribeToRunEvents } = await import('../runner/run-events.ts');
    if (stopped) return;
    const news = subscribeToRunEvents({
      client: scope.session.client,
      events: ['prefect.flow-run.Suspended'],
      resource: `prefect.flow-run.${scope.run.id}`,
      onEvent: () => void look(),
    });
    const poll = setInterval(() => {
      if (!news.listening) void look();
    }, LOOK_WITHOUT_NEWS_MS).unref();
    close = () => {
      clearInterval(poll);
      news.close();
    };
  }, FIRST_LOOK_MS).unref();
  return () => {
    stopped = true;
    clearTimeout(timer);
    close();
  };
}
