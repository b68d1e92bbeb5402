import type { DeploymentCreate, VersionInfo } from '@prefect-ts/protocol';
import type { DeploymentTrigger } from './triggers.ts';

/** The fields of a deployment on the wire, besides its name and flow. */
export type DeploymentFields = Omit<DeploymentCreate, 'name' | 'flow_id'>;

/**
 * A deployment as plain data: what the server gets, and what `prefect.yaml`, Terraform and code agree on. Only what was said is in
 * `fields`; an update leaves the rest as it is.
 */
export interface DeploymentDefinition {
  readonly flowName: string;
  readonly name: string;
  readonly fields: Readonly<DeploymentFields>;
  readonly triggers: readonly DeploymentTrigger[];
}

/** What a new deployment has in the fields that nobody mentioned. */
export const NEW_DEPLOYMENT: DeploymentFields = {
  paused: false,
  schedules: [],
  concurrency_limit: null,
  concurrency_options: null,
  enforce_parameter_schema: true,
  parameters: {},
  tags: [],
  labels: {},
  work_queue_name: null,
  work_pool_name: null,
  storage_document_id: null,
  infrastructure_document_id: null,
  description: null,
  job_variables: {},
};

/** The version of a deployment whose code nobody versioned otherwise. */
export function simpleVersion(version: string): VersionInfo {
  return { type: 'prefect:simple', version };
}
