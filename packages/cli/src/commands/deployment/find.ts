import type { DeploymentResponse } from '@prefect-ts/protocol';
import { orMissing, seeList } from '../../answers.ts';
import { UsageError } from '../../errors.ts';
import type { Session } from '../../session.ts';

/** Reads the deployment of a name as people write it: `flow/deployment`. */
export async function findDeployment(session: Session, name: string): Promise<DeploymentResponse> {
  const [flow_name, deployment_name] = splitName(name);
  const client = await session.client();
  return orMissing(
    client.call('GET /deployments/name/{flow_name}/{deployment_name}', { path: { flow_name, deployment_name } }),
    `Deployment '${name}' not found!`,
    seeList('deployment'),
  );
}

export async function findDeploymentById(session: Session, id: string): Promise<DeploymentResponse> {
  const client = await session.client();
  return orMissing(
    client.call('GET /deployments/{id}', { path: { id } }),
    `Deployment '${id}' not found!`,
    seeList('deployment'),
  );
}

/** The name of a deployment as people write it. */
export async function fullName(session: Session, deployment: DeploymentResponse): Promise<string> {
  const client = await session.client();
  const flow = await client.call('GET /flows/{id}', { path: { id: deployment.flow_id } });
  return `${flow.name}/${deployment.name}`;
}

function splitName(name: string): [string, string] {
  const at = name.indexOf('/');
  if (at < 1 || at === name.length - 1) {
    throw new UsageError(`Invalid deployment name '${name}'. Expected the form FLOW_NAME/DEPLOYMENT_NAME.`);
  }
  return [name.slice(0, at), name.slice(at + 1)];
}
