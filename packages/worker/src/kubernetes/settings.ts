/** Where a key lies in a cluster. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** How secrets reach the runs of a Kubernetes worker. */
export interface KubernetesSettings {
  /** A secret that holds the API key, in the namespace of the jobs. */
  readonly apiKeySecret: SecretKey | undefined;
  /** The same for the `user:password` of a self-hosted server. */
  readonly authStringSecret: SecretKey | undefined;
  /** Whether the worker makes a secret of its API key for its runs. */
  readonly createSecretForApiKey: boolean;
  /** Whether the whole environment of a run is kept in a secret, which goes with its job. */
  readonly storeEnvAsSecret: boolean;
}

const PREFIX = 'PREFECT_INTEGRATIONS_KUBERNETES_WORKER_';
const DEFAULT_KEY = 'value';

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the settings of a Kubernetes worker, `PREFECT_INTEGRATIONS_KUBERNETES_WORKER_…`, from an environment. */
export function readKubernetesSettings(env: Env): KubernetesSettings {
  return {
    apiKeySecret: secretKey(env, 'API_KEY'),
    authStringSecret: secretKey(env, 'API_AUTH_STRING'),
    createSecretForApiKey: isOn(env, 'CREATE_SECRET_FOR_API_KEY'),
    storeEnvAsSecret: isOn(env, 'STORE_ENV_AS_SECRET'),
  };
}

function secretKey(env: Env, what: string): SecretKey | undefined {
  const name = env[`${PREFIX}${what}_SECRET_NAME`];
  return name ? { name, key: env[`${PREFIX}${what}_SECRET_KEY`] || DEFAULT_KEY } : undefined;
}

function isOn(env: Env, name: string): boolean {
  return /^(1|true|t|yes|y|on)$/i.test(env[`${PREFIX}${name}`] ?? '');
}
