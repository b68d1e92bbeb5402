import {
  type Automation,
  type CreatedBy,
  type DeploymentFlowRunCreate,
  formatTimestamp,
  type OrchestrationResult,
  SECOND,
} from '@prefect-ts/protocol';
import { NotFoundError } from '../errors.ts';
import type { ResourceLabels } from '../events/event-log.ts';
import { INTERNAL_CLIENT } from '../orchestration/client-versions.ts';
import { type FlowRunTransitionOptions, proposeFlowRunState } from '../orchestration/flow-run-transition.ts';
import type { StateProposal } from '../orchestration/state.ts';
import { deleteFlowRun } from '../resources/delete-flow-run.ts';
import { lockDeployment } from '../resources/deployments/deployments.ts';
import { readLookups } from '../resources/deployments/job-requirements.ts';
import { runDeployment } from '../resources/deployments/run-deployment.ts';
import { setPaused } from '../resources/deployments/update-deployment.ts';
import { resumeFlowRun } from '../resources/resume-flow-run.ts';
import { variableValues } from '../resources/variables.ts';
import { lockPool, updatePool } from '../resources/work-pools/pools.ts';
import { lockQueueById, updateQueue } from '../resources/work-pools/queues.ts';
import type { WorkUnit } from '../work-unit.ts';
import { actionContext } from './action-context.ts';
import { ActionError, type ActionResult } from './action-error.ts';
import { flowRunOf, targetOf } from './action-targets.ts';
import { lockAutomation, updateAutomation } from './automations.ts';
import type { ActionMessage } from './firings.ts';
import { renderParameters } from './rendered-parameters.ts';

type Action = Exclude<Automation['actions'][number], { type: 'call-webhook' | 'send-notification' }>;
type ActionOf<Type extends Action['type']> = Extract<Action, { type: Type }>;

/** So long a run that an automation suspends may wait to be resumed, in seconds. */
const SUSPENSION_SECONDS = 3600;

/**
 * Carries out an action that changes something here, in a unit. Contract: events 9.1.
 *
 * @throws ActionError, or an ApiError of what it does; then nothing of the unit may be kept.
 */
export async function performAction(unit: WorkUnit, message: ActionMessage, action: Action): Promise<ActionResult> {
  switch (action.type) {
    case 'do-nothing':
      return { details: {}, related: [] };
    case 'run-deployment':
      return run(unit, message, action);
    case 'pause-deployment':
    case 'resume-deployment': {
      const id = targetOf(message, 'deployment', action, action.deployment_id);
      return about('deployment', id, 200, () => setPaused(unit, id, action.type === 'pause-deployment'));
    }
    case 'pause-work-pool':
    case 'resume-work-pool':
      return pausePool(unit, message, action);
    case 'pause-work-queue':
    case 'resume-work-queue':
      return pauseQueue(unit, message, action);
    case 'pause-automation':
    case 'resume-automation': {
      const id = targetOf(message, 'automation', action, action.automation_id);
      const enabled = action.type === 'resume-automation';
      return about('automation', id, 204, async () => updateAutomation(unit, await lockAutomation(unit, id), { enabled }));
    }
    case 'cancel-flow-run':
    case 'suspend-flow-run':
    case 'change-flow-run-state':
      return changeState(unit, message, action);
    case 'resume-flow-run': {
      const id = flowRunOf(message);
      return about('flow-run', id, 201, async () =>
        checkAccepted(await resumeFlowRun(unit, id, null, INTERNAL_CLIENT), 'Failed to resume flow run'),
      );
    }
    case 'delete-flow-run': {
      const id = flowRunOf(message);
      return about('flow-run', id, 204, async () => {
        if (!(await deleteFlowRun(unit, id))) throw new NotFoundError(`Flow run with id ${id} not found`);
      });
    }
  }
}

/** Does something to the target of an action; when it fails, the event still names the target. */
async function about(
  kind: string,
  id: string,
  status: number,
  work: () => Promise<unknown>,
  name?: string,
): Promise<ActionResult> {
  const related = [resourceOf(kind, id, 'target', name)];
  try {
    await work();
  } catch (error) {
    if (error instanceof ActionError)
      throw new ActionError(error.message, { ...error.result, related: [...related, ...error.result.related] });
    throw error;
  }
  return { details: { status_code: status }, related };
}

function resourceOf(kind: string, id: string, role: string, name?: string): ResourceLabels {
  const labels = { 'prefect.resource.id': `prefect.${kind}.${id}`, 'prefect.resource.role': role };
  return name === undefined ? labels : { ...labels, 'prefect.resource.name': name };
}

async function run(unit: WorkUnit, message: ActionMessage, action: ActionOf<'run-deployment'>): Promise<ActionResult> {
  const { automation, action_index: index, id: invocation } = message;
  const id = targetOf(message, 'deployment', action, action.deployment_id);
  let created: ResourceLabels | undefined;
  const result = await about('deployment', id, 201, async () => {
    const deployment = await lockDeployment(unit, id);
    if (!deployment) throw new NotFoundError('Deployment not found');
    const context = await actionContext(unit, message, JSON.stringify(action.parameters));
    const scheduled = formatTimestamp(unit.now + action.schedule_after * SECOND);
    const wanted = {
      parameters: renderParameters(action.parameters ?? {}, context, await variableValues(unit)),
      job_variables: action.job_variables ?? {},
      state: { type: 'SCHEDULED', state_details: { scheduled_time: scheduled } },
      idempotency_key: `automation ${automation.id}, action ${index}, invocation ${invocation}`,
    } as DeploymentFlowRunCreate;
    const creator: CreatedBy = { id: automation.id, type: 'AUTOMATION', display_value: automation.name };
    const { id: runId } = await runDeployment(unit, deployment, wanted, creator, await readLookups(unit));
    const row = await unit.first(unit.db.selectFrom('flow_run').select('name').where('id', '=', runId));
    created = resourceOf('flow-run', runId, 'flow-run', row?.name);
  });
  return created ? { ...result, related: [...result.related, created] } : result;
}

async function pausePool(
  unit: WorkUnit,
  message: ActionMessage,
  action: ActionOf<'pause-work-pool' | 'resume-work-pool'>,
): Promise<ActionResult> {
  const id = targetOf(message, 'work-pool', action, action.work_pool_id);
  const found = await unit.first(unit.db.selectFrom('work_pool').select('name').where('id', '=', id));
  if (!found) throw new ActionError(`Work pool ${id} not found`, { related: [resourceOf('work-pool', id, 'target')] });
  const is_paused = action.type === 'pause-work-pool';
  const pause = async () => updatePool(unit, await lockPool(unit, found.name), { is_paused });
  return about('work-pool', id, 204, pause, found.name);
}

async function pauseQueue(
  unit: WorkUnit,
  message: ActionMessage,
  action: ActionOf<'pause-work-queue' | 'resume-work-queue'>,
): Promise<ActionResult> {
  const id = targetOf(message, 'work-queue', action, action.work_queue_id);
  return about('work-queue', id, 204, async () => {
    const found = await lockQueueById(unit, id);
    if (!found) throw new NotFoundError(`Work Queue ${id} not found`);
    await updateQueue(unit, found.pool, found.queue, { is_paused: action.type === 'pause-work-queue' });
  });
}

async function changeState(
  unit: WorkUnit,
  message: ActionMessage,
  action: ActionOf<'cancel-flow-run' | 'suspend-flow-run' | 'change-flow-run-state'>,
): Promise<ActionResult> {
  const id = flowRunOf(message);
  const [proposal, options] = proposalOf(unit, message.automation, action);
  return about('flow-run', id, 201, async () =>
    checkAccepted(await proposeFlowRunState(unit, id, proposal, options), 'Failed to set state'),
  );
}

function proposalOf(
  unit: WorkUnit,
  automation: Automation,
  action: ActionOf<'cancel-flow-run' | 'suspend-flow-run' | 'change-flow-run-state'>,
): [StateProposal, FlowRunTransitionOptions] {
  if (action.type === 'cancel-flow-run') return [{ type: 'CANCELLING', message: `Cancelled by Automation ${automation.id}` }, {}];
  if (action.type === 'change-flow-run-state') {
    const { state: type, name, message, force } = action;
    return [{ type, name, message: message ?? `State changed by Automation ${automation.id}` }, { force }];
  }
  const pause_timeout = formatTimestamp(unit.now + SUSPENSION_SECONDS * SECOND);
  return [
    {
      type: 'PAUSED',
      name: 'Suspended',
      message: `Suspended by Automation ${automation.id}`,
      state_details: { pause_timeout, pause_reschedule: true },
    },
    {},
  ];
}

function checkAccepted({ status, details }: OrchestrationResult, failure: string): void {
  if (status === 'ACCEPT') return;
  const reason = 'reason' in details ? details.reason : null;
  throw new ActionError(`${failure}: ${reason ?? status}`);
}
