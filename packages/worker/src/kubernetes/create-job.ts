import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Job } from '@kubernetes/client-node';
import { type ApiFailure, mayPass, readApiFailure } from './api-error.ts';
import type { Cluster } from './cluster.ts';
import type { JobManifest } from './job-manifest.ts';

/** The cluster did not take a job. */
class JobCreationError extends Error {
  override readonly name = 'JobCreationError';
}

const ATTEMPTS = 3;
const PAUSE_MS = 1000;
const MOST_JITTER_MS = 3000;

/**
 * Creates a job. Tries again where the API server is away or busy; the job's name makes sure that there is only one.
 *
 * @throws {JobCreationError} with what the cluster says, and what may help
 */
export async function createJob(cluster: Cluster, manifest: JobManifest, signal: AbortSignal): Promise<V1Job> {
  const { namespace, name } = manifest.metadata;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      // The manifest is the user's; the API server checks it.
      return await cluster.batch.createNamespacedJob({ namespace, body: manifest as unknown as V1Job });
    } catch (error) {
      const failure = readApiFailure(error);
      // The answer to the attempt before was lost.
      if (failure.status === 409 && attempt > 1) return cluster.batch.readNamespacedJob({ namespace, name });
      if (!mayPass(error) || attempt === ATTEMPTS)
        throw new JobCreationError(explain(failure, cluster, namespace), { cause: error });
    }
    await sleep(PAUSE_MS + Math.random() * MOST_JITTER_MS, undefined, { signal });
  }
}

function explain(failure: ApiFailure, cluster: Cluster, namespace: string): string {
  const hint = findHint(failure, cluster, namespace);
  const said = failure.message.replace(/\.$/, '');
  return `Unable to create Kubernetes job: ${failure.reason}: ${said}${hint ? `. Hint: ${hint}` : ''}`;
}

function findHint({ status, message }: ApiFailure, { server }: Cluster, namespace: string): string | undefined {
  switch (status) {
    case undefined:
      return `the API server ${server} was not reached; is it the right one, and may this machine connect to it?`;
    case 401:
      return `the cluster ${server} does not know the credentials of the worker`;
    case 403:
      if (message.includes('exceeded quota')) return `the resource quota of namespace '${namespace}' is used up`;
      return `the account of the worker needs the verbs create, get, list, watch and delete on jobs, and get, list and watch on pods, in namespace '${namespace}'`;
    case 404:
      return `is there a namespace '${namespace}' in the cluster ${server}?`;
    case 422:
    case 400:
      return 'the job manifest of the work pool, or a job variable, is not what Kubernetes takes';
    default:
      return undefined;
  }
}
