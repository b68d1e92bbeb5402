import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowRunToStart } from '../base-worker.ts';
import {
  type Infrastructure,
  type InfrastructureEnd,
  InfrastructureNotFoundError,
  type WatchOptions,
} from '../infrastructure.ts';
import type { AzureClient, ContainerGroup } from './azure-client.ts';
import { innermostFailure, statusOf } from './azure-failure.ts';
import type { AzureCredentials, ContainerInstanceConfiguration } from './configuration.ts';
import { buildDeployment } from './deployment.ts';
import { groupIdentifier, groupName, parseGroupIdentifier } from './group-name.ts';
import { LogTail } from './log-tail.ts';

export interface ContainerInstanceOptions {
  connect(credentials: AzureCredentials | null | undefined, subscriptionId: string): AzureClient;
  readonly pollMs?: number | undefined;
}

/** Azure could not make the container group of a run. */
class DeploymentFailedError extends Error {
  override readonly name = 'DeploymentFailedError';
}

const START_SECONDS = 240;
const POLL_SECONDS = 5;
const DELETE_SECONDS = 30;
const DELETE_POLL_MS = 1000;

/** Runs as container groups of Azure Container Instances: one group with one container for each run. */
export class ContainerInstanceInfrastructure implements Infrastructure<ContainerInstanceConfiguration> {
  readonly #connect: ContainerInstanceOptions['connect'];
  readonly #pollMs: number | undefined;

  constructor({ connect, pollMs }: ContainerInstanceOptions) {
    this.#connect = connect;
    this.#pollMs = pollMs;
  }

  async start(flowRun: FlowRunToStart, config: ContainerInstanceConfiguration, signal: AbortSignal): Promise<string> {
    const client = this.#connect(config.aci_credentials, config.subscription_id);
    const name = groupName(flowRun);
    try {
      await this.#deploy(client, name, config, signal);
    } catch (error) {
      await endGroup(client, config.resource_group_name, name, false).catch(() => undefined);
      throw error;
    }
    return groupIdentifier(flowRun.id, name);
  }

  async watch(id: string, config: ContainerInstanceConfiguration, { log, signal }: WatchOptions): Promise<InfrastructureEnd> {
    const client = this.#connect(config.aci_credentials, config.subscription_id);
    const { resource_group_name: resourceGroup, keep_container_group: keep = false } = config;
    const name = parseGroupIdentifier(id);
    const output = config.stream_output ? new LogTail(client, resourceGroup, name, log) : undefined;
    let warnings: readonly string[] = [];
    let end: InfrastructureEnd | undefined;
    while (end === undefined) {
      const group = await readGroup(client, resourceGroup, name, signal);
      const all = warningsOf(group);
      for (const warning of all.filter((text) => !warnings.includes(text))) log.warning(`Container group '${name}': ${warning}`);
      warnings = all;
      end = endOf(group);
      await output?.print();
      if (end === undefined)
        await sleep(this.#pollMs ?? seconds(config.task_watch_poll_interval, POLL_SECONDS), undefined, { signal });
    }
    await endGroup(client, resourceGroup, name, keep).catch((error: Error) => {
      if (statusOf(error) !== 404) log.warning(`The container group '${name}' is left where it is: ${error.message}`);
    });
    return end;
  }

  /** Azure gives containers thirty seconds to end; another grace cannot be asked for. */
  async kill(id: string, _graceSeconds: number, config: ContainerInstanceConfiguration): Promise<void> {
    const client = this.#connect(config.aci_credentials, config.subscription_id);
    const name = parseGroupIdentifier(id);
    // Deleting what is not there counts as done with Azure, so this must be asked first.
    await readGroup(client, config.resource_group_name, name);
    await endGroup(client, config.resource_group_name, name, config.keep_container_group ?? false);
  }

  /** Puts the deployment, and waits until Azure has made the group. */
  async #deploy(client: AzureClient, name: string, config: ContainerInstanceConfiguration, signal: AbortSignal): Promise<void> {
    const { resource_group_name: resourceGroup, task_start_timeout_seconds: limit = START_SECONDS } = config;
    const deployment = `prefect-${name}`;
    const deadline = Date.now() + limit * 1000;
    const options = { abortSignal: signal };
    try {
      await client.deployments.createOrUpdate(resourceGroup, deployment, buildDeployment(config, name), options).submitted();
      for (;;) {
        const { properties } = await client.deployments.get(resourceGroup, deployment, options);
        if (properties?.provisioningState === 'Succeeded') return;
        if (properties?.provisioningState === 'Failed' || properties?.provisioningState === 'Canceled') {
          throw new DeploymentFailedError(
            `Azure could not make the container group '${name}': ${innermostFailure(properties.error) ?? properties.provisioningState}`,
          );
        }
        if (Date.now() >= deadline) {
          throw new DeploymentFailedError(`Azure has not made the container group '${name}' within ${limit} seconds.`);
        }
        await sleep(this.#pollMs ?? seconds(config.task_watch_poll_interval, POLL_SECONDS), undefined, { signal });
      }
    } catch (error) {
      signal.throwIfAborted();
      if (statusOf(error) === undefined) throw error;
      throw new DeploymentFailedError(`Azure refused the container group '${name}': ${refusal(error)}`, { cause: error });
    }
  }
}

const seconds = (value: number | undefined, preset: number): number => (value ?? preset) * 1000;

function refusal(error: unknown): string {
  const details = error instanceof Error && 'details' in error ? innermostFailure(error.details) : undefined;
  return details ?? innermostFailure(error) ?? String(error);
}

async function readGroup(
  client: AzureClient,
  resourceGroup: string,
  name: string,
  signal?: AbortSignal,
): Promise<ContainerGroup> {
  try {
    return await client.groups.get(resourceGroup, name, signal ? { abortSignal: signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    if (statusOf(error) !== 404) throw error;
    throw new InfrastructureNotFoundError(`There is no container group '${name}' in the resource group '${resourceGroup}'.`, {
      cause: error,
    });
  }
}

/** Stops a group that is kept; deletes any other, and waits a while until it is gone. */
async function endGroup(client: AzureClient, resourceGroup: string, name: string, keep: boolean): Promise<void> {
  if (keep) return client.groups.stop(resourceGroup, name);
  const poller = await client.groups.beginDelete(resourceGroup, name, { updateIntervalInMs: DELETE_POLL_MS });
  const enough = AbortSignal.timeout(DELETE_SECONDS * 1000);
  await poller.pollUntilDone({ abortSignal: enough }).catch((error: unknown) => {
    // Azure goes on with it by itself.
    if (!enough.aborted) throw error;
  });
}

function endOf(group: ContainerGroup): InfrastructureEnd | undefined {
  const [container] = group.containers;
  const state = container?.instanceView?.currentState;
  if (state?.state === 'Terminated') {
    const { exitCode = -1, detailStatus } = state;
    return exitCode === 0 || !detailStatus ? { exitCode } : { exitCode, reason: detailStatus };
  }
  if (group.provisioningState === 'Failed') {
    return { exitCode: -1, reason: warningsOf(group).at(-1) ?? 'its container group could not be started' };
  }
  return undefined;
}

function warningsOf(group: ContainerGroup): string[] {
  const events = [...(group.instanceView?.events ?? []), ...(group.containers[0]?.instanceView?.events ?? [])];
  return events.flatMap(({ type, name, message }) => (type === 'Warning' && message ? [`${name ?? 'Warning'}: ${message}`] : []));
}
