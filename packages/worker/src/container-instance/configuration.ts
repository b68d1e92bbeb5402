import type { JobConfiguration } from '../job-template/job-configuration.ts';

/** The data of an `azure-container-instance-credentials` block; without all three, what the environment offers. */
export interface AzureCredentials {
  readonly client_id?: string | null;
  readonly tenant_id?: string | null;
  readonly client_secret?: string | null;
}

/** A login for a registry: a `docker-registry-credentials` block. */
interface RegistryLogin {
  readonly registry_url: string;
  readonly username: string;
  readonly password: string;
}

/** A managed identity that may pull from a registry. */
interface RegistryIdentity {
  readonly registry_url: string;
  readonly identity: string;
}

/** The job configuration of a run that is a container group. */
export interface ContainerInstanceConfiguration extends JobConfiguration {
  resource_group_name: string;
  subscription_id: string;
  identities?: readonly string[] | null;
  entrypoint?: string | null;
  image_registry?: RegistryLogin | RegistryIdentity | null;
  gpu_count?: number | null;
  gpu_sku?: string | null;
  subnet_ids?: readonly string[] | null;
  dns_servers?: readonly string[] | null;
  aci_credentials?: AzureCredentials | null;
  stream_output?: boolean;
  task_start_timeout_seconds?: number;
  task_watch_poll_interval?: number;
  keep_container_group?: boolean;
  arm_template: unknown;
}
