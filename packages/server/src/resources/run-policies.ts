import type { FlowRunPolicy, TaskRunPolicy } from '@prefect-ts/protocol';

type Given<Policy> = Partial<Record<keyof Policy, unknown>> | null | undefined;

/** The policy of a flow run with everything in its place; the two oldest members lead to the newer ones. */
export function flowRunPolicy(given: Given<FlowRunPolicy>): FlowRunPolicy {
  const policy: FlowRunPolicy = {
    max_retries: 0,
    retry_delay_seconds: 0,
    retries: null,
    retry_delay: null,
    pause_keys: [],
    resuming: false,
    retry_type: null,
    ...(given as Partial<FlowRunPolicy>),
  };
  if (!policy.retries && policy.max_retries) policy.retries = policy.max_retries;
  if (!policy.retry_delay && policy.retry_delay_seconds) policy.retry_delay = policy.retry_delay_seconds;
  return policy;
}

/** The policy of a task run with everything in its place. */
export function taskRunPolicy(given: Given<TaskRunPolicy>): TaskRunPolicy {
  const policy: TaskRunPolicy = {
    max_retries: 0,
    retry_delay_seconds: 0,
    retries: null,
    retry_delay: null,
    retry_jitter_factor: null,
    ...(given as Partial<TaskRunPolicy>),
  };
  if (!policy.retries && policy.max_retries) policy.retries = policy.max_retries;
  if (!policy.retry_delay && policy.retry_delay_seconds) policy.retry_delay = policy.retry_delay_seconds;
  return policy;
}
