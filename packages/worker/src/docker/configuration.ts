import type { JobConfiguration } from '../job-template/job-configuration.ts';

/** The job configuration of a container. What a pool's own template leaves out is absent. */
export interface DockerConfiguration extends JobConfiguration {
  readonly image?: string | null;
  readonly registry_credentials?: RegistryCredentials | null;
  readonly image_pull_policy?: ImagePullPolicy | null;
  readonly networks?: readonly string[] | null;
  readonly network_mode?: string | null;
  readonly auto_remove?: boolean | null;
  /** Each as `host:container`, `host:container:ro` or `host:container:rw`. */
  readonly volumes?: readonly string[] | null;
  readonly stream_output?: boolean | null;
  /** For example `512m`. */
  readonly mem_limit?: string | number | null;
  /** Memory and swap together; -1 for no limit. */
  readonly memswap_limit?: string | number | null;
  readonly privileged?: boolean | null;
  /** Further options by the names of the Python client, for example `cap_add`. */
  readonly container_create_kwargs?: Readonly<Record<string, unknown>> | null;
  /** Seconds after which the container is watched no more. */
  readonly container_wait_timeout?: number | null;
}

export type ImagePullPolicy = 'IfNotPresent' | 'Always' | 'Never' | 'IfPossible';

/** The data of a block of the type `docker-registry-credentials`. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
  readonly registry_url: string;
}

/** A variable of a work pool, a deployment or a run says what the engine cannot do. */
export class DockerConfigurationError extends Error {
  override readonly name = 'DockerConfigurationError';
}
