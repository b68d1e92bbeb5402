export { type ArtifactChanges, type ArtifactOptions, artifacts, type Progress, type TableData } from './artifacts/artifacts.ts';
export type { ServeTasksOptions } from './background/task-worker.ts';
export { block } from './blocks/block.ts';
export {
  type Block,
  type BlockInput,
  type BlockInstance,
  type BlockOptions,
  type BlockPlace,
  type BlockValue,
  type LoadOptions,
  placeOfBlock,
  type SaveOptions,
} from './blocks/definition.ts';
export type { UntypedBlock } from './blocks/documents.ts';
export { CachePolicy, type CachePolicyName, type KeyContext, type KeyFunction } from './cache/policies.ts';
export * from './client/errors.ts';
export type { Client } from './client/get-client.ts';
export type { ConcurrencyOptions, RateLimitOptions } from './concurrency/concurrency.ts';
export { ConcurrencyLeaseLost, RunCancelled, RunSuspended, RunTimeout, Shutdown } from './context/abort.ts';
export { type BodyContext, run } from './context/body-context.ts';
export { runtime } from './context/runtime.ts';
export { tags } from './context/tags.ts';
export { type Deployment, type DeploymentConcurrency, type DeploymentOptions, deployment } from './deployments/deployment.ts';
export { deploy, runDeployment, serve } from './deployments/on-demand.ts';
export { resultOfRun } from './deployments/run-result.ts';
export { type CodeSource, folder, type GitOptions, git } from './deployments/sources.ts';
export { type DeploymentTrigger, type OnEventOptions, onEvent } from './deployments/triggers.ts';
export type { Duration } from './durations.ts';
export * from './errors.ts';
export { type EmitOptions, type EmittedEvent, emit } from './events/emit.ts';
export type { RelatedResource, Resource } from './events/resource.ts';
export { type Flow, type FlowCallOptions, flow, isFlow } from './flows/flow.ts';
export type { FlowHook, FlowHookName, FlowHookPayload, FlowHooks, FlowRunView } from './flows/hooks.ts';
export { type FlowOptions, pool, type TaskRunner } from './flows/options.ts';
export type { ReceivedMessage, ReceiveOptions, SendOptions } from './inputs/messages.ts';
export type { PauseOptions } from './inputs/pause.ts';
export { getLogger } from './logging/get-logger.ts';
export type { Logger } from './logging/run-logger.ts';
export * from './on-demand.ts';
export { RemoteError } from './results/remote-error.ts';
export { cron, every, rrule, type Schedule, type ScheduleOptions } from './schedules/schedules.ts';
export { type JsonSchema, registerJsonSchema } from './schema/json-schema.ts';
export type { ParameterSchema } from './schema/parameter-schema.ts';
export { Cancelled, Completed, Failed, isState, type State } from './states/state.ts';
export { type Annotation, allowFailure, opaque, quote } from './tasks/annotations.ts';
export { asCompleted, type Future, type Futures, isFuture, type WaitOptions, waitAll } from './tasks/future.ts';
export type { TaskHook, TaskHookName, TaskHookPayload, TaskHooks, TaskRunView } from './tasks/hooks.ts';
export { type CacheOptions, exponentialBackoff, type TaskOptions } from './tasks/options.ts';
export type { Resolvable } from './tasks/resolvable.ts';
export { FatalError, RetryAfter } from './tasks/retry-errors.ts';
export { isTask, type SubmitOptions, type Task, task } from './tasks/task.ts';
export { type FileLockOptions, fileLocks, type Locks, memoryLocks } from './transactions/locks.ts';
export type { OpenTransaction, TransactionOptions } from './transactions/open.ts';
export type { CommitMode, IsolationLevel, Transaction, TransactionHook, TransactionState } from './transactions/transaction.ts';
export type { SetVariableOptions } from './variables/variables.ts';
