import { runHooks } from '../engine/hooks.ts';
import { loadFlow } from '../entrypoints/load-flow.ts';
import { flowDefinitionOf } from '../flows/flow.ts';
import { RunLogger } from '../logging/run-logger.ts';
import { sessionFor } from '../session/session.ts';
import { loadSettings } from '../settings/index.ts';
import { State } from '../states/state.ts';
import { LATE_HOOK } from './late-hooks.ts';

const { PREFECT__FLOW_RUN_ID: id = '', PREFECT__FLOW_ENTRYPOINT: entrypoint = '' } = process.env;
const hook = process.env[LATE_HOOK] === 'cancellation' ? 'cancellation' : 'crashed';

const flow = flowDefinitionOf(await loadFlow(entrypoint));
const hooks = flow.hooks[hook];
if (hooks.length > 0) {
  const session = sessionFor(loadSettings());
  const run = await session.client.call('GET /flow_runs/{id}', { path: { id } });
  const state = new State({
    type: hook === 'crashed' ? 'CRASHED' : 'CANCELLING',
    name: hook === 'crashed' ? 'Crashed' : 'Cancelling',
    message: run.state?.message ?? null,
  });
  const label = () => `Flow run '${run.name}'`;
  const log = new RunLogger(session, { name: 'prefect.flow_runs', flowRunId: id, taskRunId: null, label });
  const flowRun = {
    id,
    name: run.name,
    flowId: run.flow_id,
    flowName: flow.name,
    deploymentId: run.deployment_id,
    tags: run.tags,
    runCount: run.run_count,
    parameters: run.parameters,
  };
  await runHooks(hooks, { flowRun, state, parameters: run.parameters, error: undefined }, state, log);
  await session.flush();
}
// The module of the flow may keep timers or connections open.
process.exit(0);
