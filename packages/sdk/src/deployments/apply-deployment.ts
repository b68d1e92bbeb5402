import { type AutomationCreate, type DeploymentResponse, explainErrorAnswer } from '@prefect-ts/protocol';
import type { ApiClient } from '../client/client.ts';
import { ObjectNotFound, PrefectHTTPStatusError } from '../client/errors.ts';
import { PrefectError } from '../errors.ts';
import { type DeploymentDefinition, NEW_DEPLOYMENT } from './definition.ts';
import type { DeploymentTrigger } from './triggers.ts';

/** What became of a deployment. */
export interface AppliedDeployment {
  readonly id: string;
  /** Whether it is new. */
  readonly created: boolean;
}

/** The server did not take a deployment. */
export class DeploymentApplyError extends PrefectError {
  override readonly code = 'DEPLOYMENT_APPLY';
}

/** Creates a deployment, or brings the one of that name up to date, together with its triggers (contract, SDK 28.4). */
export async function applyDeployment(client: ApiClient, definition: DeploymentDefinition): Promise<AppliedDeployment> {
  try {
    const found = await findDeployment(client, `${definition.flowName}/${definition.name}`);
    const id = found ? await updateDeployment(client, found, definition) : await createDeployment(client, definition);
    await replaceTriggers(client, id, definition);
    return { id, created: found === undefined };
  } catch (error) {
    if (!(error instanceof PrefectHTTPStatusError)) throw error;
    const detail = explainErrorAnswer(error.body) ?? error.body;
    throw new DeploymentApplyError(`Deployment '${definition.flowName}/${definition.name}' was not applied: ${detail}`, {
      cause: error,
    });
  }
}

/** Finds a deployment by `flow/deployment`; undefined when there is none. */
export async function findDeployment(client: ApiClient, fullName: string): Promise<DeploymentResponse | undefined> {
  const slash = fullName.indexOf('/');
  const path = { flow_name: fullName.slice(0, slash), deployment_name: fullName.slice(slash + 1) };
  try {
    return await client.call('GET /deployments/name/{flow_name}/{deployment_name}', { path });
  } catch (error) {
    if (error instanceof ObjectNotFound) return undefined;
    throw error;
  }
}

async function updateDeployment(client: ApiClient, found: DeploymentResponse, { fields }: DeploymentDefinition): Promise<string> {
  // The labels of a deployment are fixed when it is made.
  const { labels: _labels, pull_steps = null, ...changes } = fields;
  await client.call('PATCH /deployments/{id}', { path: { id: found.id }, body: { ...changes, pull_steps } });
  return found.id;
}

async function createDeployment(client: ApiClient, { flowName, name, fields }: DeploymentDefinition): Promise<string> {
  const flow = await client.call('POST /flows/', { body: { name: flowName } });
  const body = { ...NEW_DEPLOYMENT, ...fields, name, flow_id: flow.id };
  const deployment = await client.call('POST /deployments/', { body });
  return deployment.id;
}

async function replaceTriggers(client: ApiClient, id: string, { name, triggers }: DeploymentDefinition): Promise<void> {
  const owner = `prefect.deployment.${id}`;
  try {
    await client.call('DELETE /automations/owned-by/{resource_id}', { path: { resource_id: owner } });
  } catch (error) {
    // Nothing to delete is as good as deleted.
    if (!(error instanceof ObjectNotFound)) throw error;
  }
  for (const [index, trigger] of triggers.entries()) {
    const body = toAutomation(trigger, `${name}__automation_${index + 1}`, id, owner);
    await client.call('POST /automations/', { body });
  }
}

function toAutomation(given: DeploymentTrigger, defaultName: string, deploymentId: string, owner: string): AutomationCreate {
  const { name, description, enabled, parameters, job_variables, schedule_after, ...trigger } = given;
  const action = {
    type: 'run-deployment',
    source: 'selected',
    deployment_id: deploymentId,
    parameters: parameters ?? null,
    job_variables: job_variables ?? null,
    schedule_after: schedule_after ?? 0,
  };
  // What a trigger holds is the server's to check: a definition may come from a file.
  return {
    name: name ?? defaultName,
    description: description ?? '',
    enabled: enabled ?? true,
    trigger: { type: 'event', ...trigger },
    actions: [action],
    owner_resource: owner,
  } as unknown as AutomationCreate;
}
