import type { FlowRunResponse } from '@prefect-ts/protocol';
import type { DeployedDeployment, DeployOptions } from './deploy.ts';
import type { Deployment } from './deployment.ts';
import type { RunDeploymentInRunOptions } from './run-deployment.ts';
import type { ServeOptions } from './serve.ts';

// Every run loads the package's root, and none of them serves or deploys: what does is loaded when it is called.

/** Registers deployments and executes their runs, each in a process of its own, until the program is interrupted. */
export async function serve(deployments: Deployment | readonly Deployment[], options?: ServeOptions): Promise<void> {
  const module = await import('./serve.ts');
  return module.serve(deployments, options);
}

/** Brings deployments to a work pool, whose workers then execute their runs. */
export async function deploy(
  deployments: Deployment | readonly Deployment[],
  options?: DeployOptions,
): Promise<DeployedDeployment[]> {
  const module = await import('./deploy.ts');
  return module.deploy(deployments, options);
}

/**
 * Makes a run of a deployment and waits for its end. Inside a flow the run shows as a part of it.
 *
 * @param deployment `flow/deployment`, or the id
 * @example const run = await runDeployment('etl/prod', { params: { day }, timeout: 0 })
 */
export async function runDeployment(deployment: string, options?: RunDeploymentInRunOptions): Promise<FlowRunResponse> {
  const module = await import('./run-deployment.ts');
  return module.runDeployment(deployment, options);
}
