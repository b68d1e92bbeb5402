export { type AppliedDeployment, applyDeployment, DeploymentApplyError, findDeployment } from './apply-deployment.ts';
export { ImageBuildError, type ImageOptions } from './build-image.ts';
export {
  type CreateDeploymentRunOptions,
  createDeploymentRun,
  DeploymentNotFoundError,
  type RunDeploymentOptions,
} from './create-deployment-run.ts';
export type { DeploymentDefinition, DeploymentFields } from './definition.ts';
export { type DeployedDeployment, type DeployOptions, deploy } from './deploy.ts';
export { type Deployment, type DeploymentConcurrency, type DeploymentOptions, deployment } from './deployment.ts';
export { type ExportedFlow, exportedFlows, exportOf } from './exported-flows.ts';
export type { DeployFlowOptions, FlowDeployments, ServeFlowOptions } from './flow-deployments.ts';
export { type RunDeploymentInRunOptions, runDeployment } from './run-deployment.ts';
export { type ServeOptions, serve, startServing } from './serve.ts';
export { type CodeSource, folder, type GitOptions, git } from './sources.ts';
export { type DeploymentTrigger, type OnEventOptions, onEvent } from './triggers.ts';
