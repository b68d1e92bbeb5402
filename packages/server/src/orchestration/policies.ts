import { FLOW_RUN_TRANSFORMS, TASK_RUN_TRANSFORMS } from './global-transforms.ts';
import { bypassCancellingWithoutInfrastructure, enforceCancellingToCancelled } from './rules/cancelling.ts';
import {
  cancelLateRunsOfFullDeployments,
  keepSlotOfOldClients,
  preserveLease,
  releaseDeploymentSlot,
  secureDeploymentSlot,
  validateSlotAtRunning,
} from './rules/deployment-concurrency.ts';
import { preventDuplicateTransitions } from './rules/duplicate-transitions.ts';
import { retryFailedFlows } from './rules/flow-retries.ts';
import { handleFlowTerminalStates, preventResultDataLoss } from './rules/flow-terminal-states.ts';
import { handlePausingFlows, handleResumingPausedFlows } from './rules/pausing.ts';
import { preventPendingTransitions } from './rules/pending.ts';
import { copyScheduledTime, ensureOnlyScheduledRunsAreLate, waitForScheduledTime } from './rules/scheduled-time.ts';
import {
  checkCacheKey,
  copyTaskParametersId,
  handleTaskTerminalStates,
  preventRunningTasksFromStoppedFlows,
  releaseTagSlots,
  renameReruns,
  retrieveFromCache,
  retryFailedTasks,
  secureTagSlots,
  trackFlowRunCount,
} from './rules/task-rules.ts';
import type {
  FlowRunDraft,
  FlowRunFacts,
  Policy,
  Rule,
  RunDraft,
  Step,
  TaskRunDraft,
  TaskRunFacts,
  Transform,
} from './transition.ts';

// The order of a policy is part of the contract (orchestration 4.1 and 6.1): steps are entered from first to last and left from last to
// first, and a step that changes the proposal takes it away from all behind it.

/** What a client's transition of a flow run passes. */
export const CORE_FLOW_POLICY = flowPolicy(
  transform(preserveLease),
  rule(preventDuplicateTransitions),
  rule(handleFlowTerminalStates),
  rule(enforceCancellingToCancelled),
  rule(bypassCancellingWithoutInfrastructure),
  rule(preventPendingTransitions),
  rule(validateSlotAtRunning),
  rule(secureDeploymentSlot),
  rule(keepSlotOfOldClients),
  rule(ensureOnlyScheduledRunsAreLate),
  rule(handlePausingFlows),
  rule(handleResumingPausedFlows),
  rule(copyScheduledTime),
  rule(waitForScheduledTime),
  rule(retryFailedFlows),
  transform(releaseDeploymentSlot),
);

/** What even a forced transition of a flow run passes. */
export const MINIMAL_FLOW_POLICY = flowPolicy(
  rule(preventResultDataLoss),
  rule(bypassCancellingWithoutInfrastructure),
  transform(releaseDeploymentSlot),
);

/** What the late-run service's transitions pass. */
export const LATE_FLOW_POLICY = flowPolicy(rule(ensureOnlyScheduledRunsAreLate), rule(cancelLateRunsOfFullDeployments));

/** What a client's transition of a task run passes. */
export const CORE_TASK_POLICY = taskPolicy(
  rule(retrieveFromCache),
  rule(handleTaskTerminalStates),
  rule(preventRunningTasksFromStoppedFlows),
  rule(secureTagSlots),
  rule(copyScheduledTime),
  rule(waitForScheduledTime),
  rule(retryFailedTasks),
  rule(renameReruns),
  rule(trackFlowRunCount),
  rule(checkCacheKey),
  transform(releaseTagSlots),
);

/** What the transition of a background task passes. */
export const BACKGROUND_TASK_POLICY = taskPolicy(
  rule(preventPendingTransitions),
  rule(retrieveFromCache),
  rule(handleTaskTerminalStates),
  rule(copyScheduledTime),
  rule(copyTaskParametersId),
  rule(waitForScheduledTime),
  rule(retryFailedTasks),
  rule(renameReruns),
  rule(trackFlowRunCount),
  rule(checkCacheKey),
  transform(releaseTagSlots),
);

/** What even a forced transition of a task run passes. */
export const MINIMAL_TASK_POLICY = taskPolicy(transform(releaseTagSlots));

function flowPolicy(...steps: Step<FlowRunDraft, FlowRunFacts>[]): Policy<FlowRunDraft, FlowRunFacts> {
  return [...steps, ...FLOW_RUN_TRANSFORMS.map((each) => transform(each))];
}

function taskPolicy(...steps: Step<TaskRunDraft, TaskRunFacts>[]): Policy<TaskRunDraft, TaskRunFacts> {
  return [...steps, ...TASK_RUN_TRANSFORMS.map((each) => transform(each))];
}

function rule<Run extends RunDraft, Facts>(definition: Rule<Run, Facts>): Step<Run, Facts> {
  return { kind: 'rule', ...definition };
}

function transform<Run extends RunDraft, Facts>(definition: Transform<Run, Facts>): Step<Run, Facts> {
  return { kind: 'transform', ...definition };
}
