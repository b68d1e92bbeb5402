import type { GcpCredentials } from '../google/sign-in.ts';
import type { JobConfiguration } from '../job-template/job-configuration.ts';

/** A secret of Secret Manager and which version of it. */
export interface SecretKeySelector {
  readonly secret: string;
  readonly version: string;
}

/** The job configuration of a run that is a job of Cloud Run, as both versions of the API have it. */
export interface CloudRunConfiguration extends JobConfiguration {
  region: string;
  credentials?: GcpCredentials | null;
  prefect_api_key_secret?: SecretKeySelector | null;
  prefect_api_auth_string_secret?: SecretKeySelector | null;
  /** What `cloud-run-v2` has besides. */
  env_from_secrets?: Readonly<Record<string, SecretKeySelector>> | null;
  cloudsql_instances?: readonly string[] | null;
  keep_job?: boolean;
  /** In seconds. */
  timeout?: number;
  /** The body of the request that creates the job. */
  job_body: unknown;
}

/** The variables of a container whose values are secrets: those that hide the server's key and password, and the run's own. */
export function secretsOf(config: CloudRunConfiguration): Map<string, SecretKeySelector> {
  const secrets = new Map(Object.entries(config.env_from_secrets ?? {}));
  if (config.prefect_api_key_secret) secrets.set('PREFECT_API_KEY', config.prefect_api_key_secret);
  if (config.prefect_api_auth_string_secret) secrets.set('PREFECT_API_AUTH_STRING', config.prefect_api_auth_string_secret);
  return secrets;
}

/** The variables of a container that stand in its description; a secret takes the place of a value. */
export function plainVariables(
  config: CloudRunConfiguration,
  secrets: ReadonlyMap<string, SecretKeySelector>,
): { name: string; value: string }[] {
  return Object.entries(config.env).flatMap(([name, value]) => (value === null || secrets.has(name) ? [] : [{ name, value }]));
}
