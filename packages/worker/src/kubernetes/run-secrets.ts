import type { V1Job } from '@kubernetes/client-node';
import { readApiFailure } from './api-error.ts';
import type { Cluster } from './cluster.ts';
import type { EnvEntry, JobManifest } from './job-manifest.ts';
import { toObjectName } from './labels.ts';
import type { KubernetesSettings, SecretKey } from './settings.ts';

const API_KEY = 'PREFECT_API_KEY';
const AUTH_STRING = 'PREFECT_API_AUTH_STRING';
const KEY_OF_OWN_SECRET = 'value';

/** Replaces values of variables by references to the secrets that hold them. */
export function referToSecrets(env: readonly EnvEntry[], secrets: Readonly<Record<string, SecretKey | undefined>>): EnvEntry[] {
  const replaced = env.map((entry) => {
    const secret = secrets[entry.name];
    return secret ? reference(entry.name, secret) : entry;
  });
  const named = new Set(env.map(({ name }) => name));
  const added = Object.entries(secrets).flatMap(([name, secret]) =>
    secret && !named.has(name) ? [reference(name, secret)] : [],
  );
  return [...replaced, ...added];
}

/** Where a worker's runs find their credentials: the secrets that the settings name, or one that is made here of the API key. */
export async function credentialSecrets(
  cluster: Cluster,
  settings: KubernetesSettings,
  run: { namespace: string; workerName: string; apiKey: string | null | undefined },
): Promise<Record<string, SecretKey | undefined>> {
  const made = settings.apiKeySecret === undefined && settings.createSecretForApiKey && run.apiKey;
  const apiKey = made ? await keepApiKey(cluster, run.namespace, run.workerName, made) : settings.apiKeySecret;
  return { [API_KEY]: apiKey, [AUTH_STRING]: settings.authStringSecret };
}

async function keepApiKey(cluster: Cluster, namespace: string, workerName: string, apiKey: string): Promise<SecretKey> {
  const name = `prefect-${toObjectName(workerName, 200)}-api-key`;
  const body = { metadata: { name, namespace }, stringData: { [KEY_OF_OWN_SECRET]: apiKey } };
  try {
    await cluster.core.createNamespacedSecret({ namespace, body });
  } catch (error) {
    if (readApiFailure(error).status !== 409) throw error;
    await cluster.core.replaceNamespacedSecret({ namespace, name, body });
  }
  return { name, key: KEY_OF_OWN_SECRET };
}

/** The secret that holds the environment of one run. */
export interface EnvSecret {
  /** Ties the secret to its job, so that both go together. */
  ownedBy(job: V1Job): Promise<void>;
  /** Removes the secret of a job that was not made. */
  remove(): Promise<void>;
}

/** Moves the values of a run's environment out of its job into a secret. Changes the manifest. */
export async function keepEnvInSecret(cluster: Cluster, manifest: JobManifest, env: EnvEntry[]): Promise<EnvSecret> {
  const { name, namespace, labels } = manifest.metadata;
  const values = env.flatMap((entry) => ('value' in entry ? [[entry.name, entry.value] as const] : []));
  const body = { metadata: { name, namespace, labels }, stringData: Object.fromEntries(values) };
  await cluster.core.createNamespacedSecret({ namespace, body });
  const secrets = Object.fromEntries(values.map(([key]) => [key, { name, key }]));
  env.splice(0, env.length, ...referToSecrets(env, secrets));
  return {
    async ownedBy(job) {
      const owner = { apiVersion: 'batch/v1', kind: 'Job', name, uid: job.metadata?.uid ?? '' };
      await cluster.core.replaceNamespacedSecret({
        namespace,
        name,
        body: { ...body, metadata: { ...body.metadata, ownerReferences: [owner] } },
      });
    },
    async remove() {
      await cluster.core.deleteNamespacedSecret({ namespace, name }).catch(() => undefined);
    },
  };
}

function reference(name: string, { name: secret, key }: SecretKey): EnvEntry {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
