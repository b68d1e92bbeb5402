export { BaseWorker, type FlowRunToStart, type RunResult, type WorkerClass, type WorkerContext } from './base-worker.ts';
export type { CloudRunConfiguration } from './cloud-run/configuration.ts';
export { openCloudRun, openCloudRunV2 } from './cloud-run/open-cloud-run.ts';
export type { AzureOptions } from './container-instance/azure-client.ts';
export type { ContainerInstanceConfiguration } from './container-instance/configuration.ts';
export { openContainerInstance } from './container-instance/open-container-instance.ts';
export type { GoogleOptions } from './google/google-options.ts';
export {
  type Infrastructure,
  type InfrastructureEnd,
  InfrastructureNotAvailableError,
  InfrastructureNotFoundError,
  type WatchOptions,
} from './infrastructure.ts';
export { type InfrastructureType, infrastructureWorker } from './infrastructure-worker.ts';
export { baseJobTemplate, defineVariables, type JobVariables } from './job-template/base-job-template.ts';
export type { JobConfiguration } from './job-template/job-configuration.ts';
export { type HealthServer, startHealthServer } from './life-cycle/health-server.ts';
export type { ManagedOptions } from './managed/managed-processes.ts';
export { MANAGED_TYPE, managedWorker } from './managed/managed-worker.ts';
export { MissingPackageError } from './optional-package.ts';
export { loadPlatformClient, MissingPlatformClientError } from './platform-client.ts';
export {
  type AppliedProject,
  type ApplyProjectOptions,
  applyProject,
  IncompleteDeploymentError,
  type ProjectDeployment,
} from './prefect-yaml/apply-project.ts';
export { describeFlow, type FlowDescription, FlowDescriptionError } from './prefect-yaml/describe-flow.ts';
export {
  type DeploymentEntry,
  loadPrefectYaml,
  type Project,
  ProjectFileError,
  type ProjectProblem,
  type ScheduleEntry,
} from './prefect-yaml/project-file.ts';
export { saveDeployment } from './prefect-yaml/save-deployment.ts';
export { type Selection, selectDeployments, UnclearSelectionError } from './prefect-yaml/select-deployments.ts';
export { type ProcessConfiguration, ProcessWorker } from './process/process-worker.ts';
export { MissingCodeError } from './process/workspace.ts';
export { findPushWorkerClass, MissingPushCredentialsError, PUSH_TYPE_NAMES } from './push/push-worker.ts';
export { type RunWorkerOptions, runWorker } from './run-worker.ts';
export { InvalidWorkerNameError, startWorker } from './start-worker.ts';
export { ImageBuildError } from './steps/docker-image/build-docker-image.ts';
export { DockerEngineError } from './steps/docker-image/docker-engine.ts';
export { GitCloneError } from './steps/git-clone.ts';
export { PackageInstallError } from './steps/npm-install.ts';
export { RequirementsError } from './steps/pip-install-requirements.ts';
export { UnbalancedQuoteError } from './steps/run-command.ts';
export { ShellScriptError } from './steps/run-shell-script.ts';
export { InvalidStepError, type RunStepsOptions, runSteps, type StepDefinition, StepExecutionError } from './steps/run-steps.ts';
export { UnknownStepError } from './steps/step-library.ts';
export type { VertexAiConfiguration } from './vertex-ai/configuration.ts';
export { openVertexAi } from './vertex-ai/open-vertex-ai.ts';
export type { RunningWorker, WorkerOptions } from './worker-options.ts';
export { findWorkerClass, WORKER_TYPE_NAMES } from './worker-types.ts';
