import type { Flow } from '../flows/flow.ts';
import type { DeployedDeployment, DeployOptions } from './deploy.ts';
import { type Deployment, type DeploymentOptions, deployment } from './deployment.ts';
import type { ServeOptions } from './serve.ts';
import type { CodeSource } from './sources.ts';

/** A deployment of one flow, and how it is brought to its pool. */
export interface DeployFlowOptions<P> extends DeploymentOptions<P>, DeployOptions {
  readonly name: string;
  readonly workPool?: string | undefined;
}

/** A deployment of one flow, and how its runs are executed here. */
export interface ServeFlowOptions<P> extends DeploymentOptions<P>, ServeOptions {
  /** Default: the name of the flow. */
  readonly name?: string | undefined;
}

/** What a flow can do about its deployments. */
export interface FlowDeployments<I> {
  /** Describes a deployment of the flow as plain data, for `serve` and `deploy`; nothing is sent. */
  deployment(name: string, options?: DeploymentOptions<I>): Deployment;
  /** Brings one deployment of the flow to a work pool, whose workers then execute its runs. */
  deploy(options: DeployFlowOptions<I>): Promise<DeployedDeployment>;
  /** Registers one deployment of the flow and executes its runs here until the program is interrupted. */
  serve(options?: ServeFlowOptions<I>): Promise<void>;
  /**
   * The flow as it is found at a source.
   *
   * @example await etl.from(git('https://example.org/etl.git'), 'src/etl.ts:etl').deploy({ name: 'prod', workPool: 'local' })
   */
  from(source: CodeSource, entrypoint: string): Pick<FlowDeployments<I>, 'deployment' | 'deploy'>;
}

/** The members of a flow that have to do with deployments. What sends is loaded when it is used: a run needs none of it. */
export function flowDeployments<I>(self: () => Flow<I, unknown>): FlowDeployments<I> {
  const describe = (name: string, options: DeploymentOptions<I> = {}) => deployment(self(), name, options);
  const members: Omit<FlowDeployments<I>, 'from'> = {
    deployment: describe,
    async deploy({ name, image, settings, print, ...options }) {
      const { deploy } = await import('./deploy.ts');
      const [deployed] = await deploy(describe(name, options), { image, settings, print });
      return deployed ?? { id: '', fullName: `${self().name}/${name}` };
    },
    async serve({ name, limit, pauseOnShutdown, printStartingMessage, settings, print, ...options } = {}) {
      const { serve } = await import('./serve.ts');
      const served = describe(name ?? self().name, options);
      await serve(served, { limit, pauseOnShutdown, printStartingMessage, settings, print });
    },
  };
  return {
    ...members,
    from: (source, entrypoint) => ({
      deployment: (name, options) => describe(name, { ...options, source, entrypoint }),
      deploy: (options) => members.deploy({ ...options, source, entrypoint }),
    }),
  };
}
