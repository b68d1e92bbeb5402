import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesListObject, KubernetesObject, V1Job, V1Pod } from '@kubernetes/client-node';
import type { Logger } from 'prefect-ts/runner';
import { readApiFailure } from './api-error.ts';
import type { Cluster } from './cluster.ts';
import { FLOW_RUN_LABEL } from './job-manifest.ts';

/** Who follows one job. */
export interface JobListener {
  onJob(job: V1Job, isDeleted: boolean): void;
  onPod(pod: V1Pod, isDeleted: boolean): void;
  /** Changes may have been missed: read what is there. Comes first of all, too. */
  onGap(): void;
}

/** The label by which a Job's pods are known. */
export const JOB_NAME_LABEL = 'job-name';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Follows the jobs and pods of runs in one namespace, on two connections however many runs there are. It keeps no objects, survives
 * connections that break and versions that the cluster has forgotten (410), and connects only while someone listens.
 */
export class NamespaceWatch {
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #log: Logger;
  readonly #listeners = new Map<string, Set<JobListener>>();
  #connections: AbortController | undefined;

  constructor(cluster: Cluster, namespace: string, log: Logger) {
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#log = log;
  }

  /** Tells a listener of changes to a job and its pods until the returned function is called. */
  listen(jobName: string, listener: JobListener): () => void {
    const listeners = this.#listeners.get(jobName) ?? new Set();
    this.#listeners.set(jobName, listeners.add(listener));
    if (this.#connections) listener.onGap();
    else this.#connect();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(jobName);
      if (this.#listeners.size === 0) this.close();
    };
  }

  close(): void {
    this.#connections?.abort();
    this.#connections = undefined;
  }

  #connect(): void {
    const connections = new AbortController();
    this.#connections = connections;
    const namespace = this.#namespace;
    const { batch, core } = this.#cluster;
    const query = { namespace, labelSelector: FLOW_RUN_LABEL, limit: 1 };
    void this.#follow<V1Job>({
      kind: 'jobs',
      path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
      list: () => batch.listNamespacedJob(query),
      tell: (job, isDeleted) => this.#tell(job.metadata?.name, (listener) => listener.onJob(job, isDeleted)),
      signal: connections.signal,
    });
    void this.#follow<V1Pod>({
      kind: 'pods',
      path: `/api/v1/namespaces/${namespace}/pods`,
      list: () => core.listNamespacedPod(query),
      tell: (pod, isDeleted) => this.#tell(pod.metadata?.labels?.[JOB_NAME_LABEL], (listener) => listener.onPod(pod, isDeleted)),
      signal: connections.signal,
    });
  }

  #tell(jobName: string | undefined, say: (listener: JobListener) => void): void {
    for (const listener of this.#listeners.get(jobName ?? '') ?? []) say(listener);
  }

  async #follow<T extends KubernetesObject>(kind: FollowedKind<T>): Promise<void> {
    const { signal } = kind;
    let version: string | undefined;
    let failures = 0;
    while (!signal.aborted) {
      try {
        if (version === undefined) {
          version = (await kind.list()).metadata?.resourceVersion;
          for (const listeners of this.#listeners.values()) for (const listener of listeners) listener.onGap();
        }
        await this.#stream(kind, version, (object, type) => {
          failures = 0;
          version = object.metadata?.resourceVersion ?? version;
          if (type !== 'BOOKMARK') kind.tell(object, type === 'DELETED');
        });
      } catch (error) {
        if (signal.aborted) return;
        const { status, message } = readApiFailure(error);
        if (status === 410) version = undefined;
        failures += 1;
        const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
        const say = failures === 3 || failures % 10 === 0 ? this.#log.warning : this.#log.debug;
        say(`The watch of the ${kind.kind} in namespace '${this.#namespace}' broke (${failures} in a row): ${message}`);
        await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  /** One connection, to its end. Rejects when it ended for another reason than time. */
  async #stream<T extends KubernetesObject>(
    { path, signal }: FollowedKind<T>,
    resourceVersion: string | undefined,
    onEvent: (object: T, type: string) => void,
  ): Promise<void> {
    const ended = Promise.withResolvers<void>();
    const query = { labelSelector: FLOW_RUN_LABEL, allowWatchBookmarks: true, resourceVersion };
    const connection = await this.#cluster.watch.watch(
      path,
      query,
      (type, object) => {
        if (type === 'ERROR') ended.reject(object);
        else onEvent(object, type);
      },
      (error: unknown) => (error && !isTimeout(error) ? ended.reject(error) : ended.resolve()),
    );
    const stop = (): void => connection.abort();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      await ended.promise;
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }
}

interface FollowedKind<T extends KubernetesObject> {
  readonly kind: string;
  readonly path: string;
  readonly list: () => Promise<KubernetesListObject<T>>;
  readonly tell: (object: T, isDeleted: boolean) => void;
  readonly signal: AbortSignal;
}

/** Nothing changed for a while. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
