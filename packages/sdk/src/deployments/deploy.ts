import { resolve } from 'node:path';
import type { WorkPoolResponse } from '@prefect-ts/protocol';
import type { ApiClient } from '../client/client.ts';
import { ObjectNotFound } from '../client/errors.ts';
import { ConfigurationError } from '../errors.ts';
import { clientFor } from '../session/session.ts';
import { loadSettings, type Settings } from '../settings/index.ts';
import { applyDeployment } from './apply-deployment.ts';
import { buildImage, type ImageOptions, imageReference } from './build-image.ts';
import type { DeploymentFields } from './definition.ts';
import { type Deployment, toDefinition } from './deployment.ts';
import { findEntrypoints } from './entrypoints.ts';
import { LOOKING_ONLY } from './exported-flows.ts';
import { folder } from './sources.ts';

export interface DeployOptions {
  /** The pool of deployments that name none. Default: as the settings say. */
  readonly workPool?: string | undefined;
  /** The image that holds the code. A text is used as it is; with `build`, it is built and pushed first. */
  readonly image?: string | ImageOptions | undefined;
  readonly settings?: Settings | undefined;
  readonly print?: ((line: string) => void) | undefined;
}

/** A deployment that the server has now. */
export interface DeployedDeployment {
  readonly id: string;
  /** `flow/deployment`. */
  readonly fullName: string;
}

/**
 * Brings deployments to a work pool, whose workers then execute their runs. Nothing is sent before it is clear that the pool is there and
 * that the flows can be loaded.
 *
 * @example await deploy(deployment(etl, 'prod', { workPool: 'k8s' }), { image: 'ghcr.io/acme/etl:1' })
 */
export async function deploy(
  given: Deployment | readonly Deployment[],
  options: DeployOptions = {},
): Promise<DeployedDeployment[]> {
  if (process.env[LOOKING_ONLY] !== undefined) return [];
  const { settings = loadSettings(), print = (line: string) => console.log(line) } = options;
  const deployments = 'flowName' in given ? [given] : given;
  const directory = resolve('.');
  const client = clientFor(settings);
  try {
    return await deployTo(client, deployments, options, settings, directory, print);
  } finally {
    await client[Symbol.asyncDispose]();
  }
}

async function deployTo(
  client: ApiClient,
  deployments: readonly Deployment[],
  options: DeployOptions,
  settings: Settings,
  directory: string,
  print: (line: string) => void,
): Promise<DeployedDeployment[]> {
  const pools = await Promise.all(deployments.map((each) => requirePool(client, poolOf(each, options, settings))));
  const image = options.image === undefined ? undefined : imageReference(options.image, settings);
  if (image) for (const pool of pools) requireImagePool(pool);
  const entrypoints = await findEntrypoints(deployments, directory);
  if (options.image !== undefined && image) await buildImage(options.image, image, print);
  const deployed: DeployedDeployment[] = [];
  for (const [index, each] of deployments.entries()) {
    const pool = pools[index];
    if (!pool) continue;
    const definition = toDefinition(each, entrypoints[index] ?? '', placeOf(each, pool, image, directory));
    const { id } = await applyDeployment(client, definition);
    deployed.push({ id, fullName: `${each.flowName}/${each.name}` });
  }
  await announce(client, deployed, pools, print);
  return deployed;
}

function poolOf({ name, options }: Deployment, { workPool }: DeployOptions, settings: Settings): string {
  const pool = options.workPool ?? workPool ?? settings.get('PREFECT_DEPLOYMENTS_DEFAULT_WORK_POOL_NAME');
  if (pool) return pool;
  throw new ConfigurationError(`The deployment '${name}' names no work pool.`, {
    hint: 'Give `workPool`, or set PREFECT_DEFAULT_WORK_POOL_NAME.',
  });
}

async function requirePool(client: ApiClient, name: string): Promise<WorkPoolResponse> {
  try {
    return await client.call('GET /work_pools/{name}', { path: { name } });
  } catch (error) {
    if (!(error instanceof ObjectNotFound)) throw error;
    throw new ConfigurationError(`Could not find work pool '${name}'. Please create it before deploying this flow.`, {
      cause: error,
    });
  }
}

function requireImagePool({ name, type, base_job_template }: WorkPoolResponse): void {
  const { properties } = (base_job_template.variables ?? {}) as { properties?: Record<string, unknown> };
  if (properties && 'image' in properties) return;
  throw new ConfigurationError(`The work pool '${name}' of type '${type}' has no variable 'image', so it cannot run an image.`);
}

/** Where runs find the code: in the image, at the source that was named, or in this very folder. */
function placeOf(deployment: Deployment, pool: WorkPoolResponse, image: string | undefined, directory: string): DeploymentFields {
  const { source, jobVariables } = deployment.options;
  const fields = { work_pool_name: pool.name, job_variables: { ...jobVariables, ...(image ? { image } : {}) } };
  if (source) return { ...fields, path: null, pull_steps: source.pullSteps.map((step) => ({ ...step })) };
  if (image) return { ...fields, path: null, pull_steps: [] };
  if (pool.type !== 'process') {
    throw new ConfigurationError(`Workers of the pool '${pool.name}' cannot reach the code of '${deployment.name}'.`, {
      hint: 'Give an `image`, or a `source` such as git(…).',
    });
  }
  return { ...fields, path: null, pull_steps: folder(directory).pullSteps.map((step) => ({ ...step })) };
}

async function announce(
  client: ApiClient,
  deployed: readonly DeployedDeployment[],
  pools: readonly WorkPoolResponse[],
  print: (line: string) => void,
): Promise<void> {
  print('Successfully created/updated all deployments!\n');
  for (const { fullName } of deployed) print(`\t${fullName}  applied`);
  for (const pool of new Map(pools.map((each) => [each.name, each])).values()) {
    if (/:(push|managed)$/.test(pool.type)) continue;
    const online = await client.call('POST /work_pools/{work_pool_name}/workers/filter', {
      path: { work_pool_name: pool.name },
      body: { workers: { status: { any_: ['ONLINE'] } } },
    });
    if (online.length > 0) continue;
    print(
      `\nTo execute flow runs from these deployments, start a worker in a separate terminal that pulls work from the '${pool.name}' work pool:`,
    );
    print(`\n\t$ prefect worker start --pool '${pool.name}'`);
  }
  print('\nTo schedule a run, use the following command:');
  print(`\n\t$ prefect deployment run '${deployed[0]?.fullName ?? '[DEPLOYMENT_NAME]'}'\n`);
}
