import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { Logger } from 'prefect-ts/runner';
import { type InfrastructureEnd, InfrastructureNotFoundError } from '../infrastructure.ts';
import { isNotFound, mayPass } from './api-error.ts';
import type { Cluster } from './cluster.ts';
import { describeEnd, isFinished } from './job-end.ts';
import { FLOW_RUN_LABEL } from './job-manifest.ts';
import { JOB_NAME_LABEL, type JobListener, type NamespaceWatch } from './namespace-watch.ts';
import { followOutput, readLastLines } from './pod-output.ts';
import { findStartObstacle, hasStarted, type StartObstacle } from './pod-start.ts';
import type { RunReports } from './run-reports.ts';

export interface FollowJobOptions {
  readonly cluster: Cluster;
  readonly watch: NamespaceWatch;
  readonly namespace: string;
  readonly name: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly reports: (flowRunId: string) => RunReports;
  readonly streamOutput: boolean;
  readonly jobSeconds: number | undefined;
  readonly podSeconds: number;
}

const READ_AGAIN_MS = 2000;
const LAST_OUTPUT_MS = 5000;
const LINES_OF_UNBEGUN_RUN = 500;
/** Something is bringing a node for the pod. */
const NODE_IS_COMING = new Set(['TriggeredScaleUp', 'Nominated']);

/**
 * Stays with a job until Kubernetes has given its verdict, it is removed, or its time is over.
 *
 * @throws {InfrastructureNotFoundError} when the job is not there
 * @throws the reason of the signal when that is aborted
 */
export async function followJob(options: FollowJobOptions): Promise<InfrastructureEnd> {
  const following = new JobFollowing(options);
  try {
    return await following.end;
  } finally {
    following.stop();
  }
}

class JobFollowing implements JobListener {
  readonly end: Promise<InfrastructureEnd>;
  readonly #options: FollowJobOptions;
  readonly #ended = Promise.withResolvers<InfrastructureEnd>();
  readonly #stopped = new AbortController();
  readonly #pods = new Map<string, V1Pod>();
  readonly #outputs = new Map<string, Promise<void>>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #deafen: () => void;
  readonly #onAbort = (): void => this.#ended.reject(this.#options.signal.reason);
  #reports: RunReports | undefined;
  #job: V1Job | undefined;
  #isDeleted = false;
  #isEnding = false;
  #podTimeIsOver = false;

  constructor(options: FollowJobOptions) {
    this.#options = options;
    this.end = this.#ended.promise;
    const { signal, jobSeconds, podSeconds } = options;
    signal.addEventListener('abort', this.#onAbort);
    if (signal.aborted) this.#onAbort();
    this.#deafen = options.watch.listen(options.name, this);
    this.#after(podSeconds, () => this.#onPodTimeOver());
    if (jobSeconds !== undefined) this.#after(jobSeconds, () => this.#giveUp(`the job did not end within ${jobSeconds} seconds`));
  }

  stop(): void {
    this.#stopped.abort();
    this.#deafen();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }

  onJob(job: V1Job, isDeleted: boolean): void {
    this.#job = job;
    this.#isDeleted ||= isDeleted;
    this.#consider();
  }

  onPod(pod: V1Pod): void {
    this.#notePod(pod);
    this.#consider();
  }

  onGap(): void {
    this.#read().catch((error: unknown) => this.#ended.reject(error));
  }

  /** Reads what is there, for as long as that takes. */
  async #read(): Promise<void> {
    const { cluster, namespace, name, log } = this.#options;
    while (!this.#stopped.signal.aborted) {
      try {
        const [job, pods] = await Promise.all([cluster.batch.readNamespacedJob({ namespace, name }), this.#listPods()]);
        for (const pod of pods) this.#notePod(pod);
        return this.onJob(job, false);
      } catch (error) {
        if (isNotFound(error)) return this.#onMissing();
        if (!mayPass(error)) throw error;
        log.debug(`Job '${name}' could not be read: ${error}`);
        await sleep(READ_AGAIN_MS, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => undefined);
      }
    }
  }

  #onMissing(): void {
    const { namespace, name } = this.#options;
    if (this.#job) this.onJob(this.#job, true);
    else this.#ended.reject(new InfrastructureNotFoundError(`There is no job '${name}' in namespace '${namespace}'.`));
  }

  async #listPods(): Promise<V1Pod[]> {
    const { cluster, namespace, name } = this.#options;
    return (await cluster.core.listNamespacedPod({ namespace, labelSelector: `${JOB_NAME_LABEL}=${name}` })).items;
  }

  #notePod(pod: V1Pod): void {
    const { name = '', labels } = pod.metadata ?? {};
    this.#pods.set(name, pod);
    this.#reportsOf(labels)?.podChanged(pod);
    if (hasStarted(pod) && this.#options.streamOutput && !this.#outputs.has(name)) this.#outputs.set(name, this.#stream(name));
  }

  #reportsOf(labels: Readonly<Record<string, string>> | undefined): RunReports | undefined {
    const flowRunId = labels?.[FLOW_RUN_LABEL];
    if (flowRunId !== undefined) this.#reports ??= this.#options.reports(flowRunId);
    return this.#reports;
  }

  #stream(name: string): Promise<void> {
    const { cluster, namespace, log } = this.#options;
    const isOver = (): boolean => {
      const pod = this.#pods.get(name);
      return this.#isEnding || pod?.status?.phase === 'Succeeded' || pod?.status?.phase === 'Failed';
    };
    return followOutput(cluster, { namespace, name }, (line) => log.info(line), { ended: isOver, signal: this.#stopped.signal });
  }

  #consider(): void {
    const job = this.#job;
    if (!job || this.#isEnding) return;
    if (this.#isDeleted || isFinished(job)) {
      this.#isEnding = true;
      this.#conclude(job).then(this.#ended.resolve, this.#ended.reject);
      return;
    }
    const obstacle = this.#findObstacle();
    if (obstacle && (obstacle.isFinal || this.#podTimeIsOver)) void this.#onObstacle(obstacle);
  }

  #findObstacle(): StartObstacle | undefined {
    const pods = [...this.#pods.values()];
    return this.#job && !pods.some(hasStarted) ? findStartObstacle(this.#job, pods) : undefined;
  }

  #onPodTimeOver(): void {
    const { name, log, podSeconds } = this.#options;
    this.#podTimeIsOver = true;
    this.#consider();
    if (this.#isEnding || this.#findObstacle() || [...this.#pods.values()].some(hasStarted)) return;
    log.warning(`The pod of job '${name}' has not started after ${podSeconds} seconds; nothing is wrong with it so far.`);
  }

  async #onObstacle({ reason, isFinal }: StartObstacle): Promise<void> {
    const events = await this.#reportEvents();
    if (!isFinal && events.some((event) => NODE_IS_COMING.has(event.reason ?? ''))) return;
    const time = isFinal ? '' : ` within ${this.#options.podSeconds} seconds`;
    this.#giveUp(`the pod did not start${time}: ${reason}`);
  }

  /** Ends a job that nothing is to be expected of; it must not begin when its run is over. */
  #giveUp(reason: string): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const { cluster, namespace, name, log } = this.#options;
    cluster.batch
      .deleteNamespacedJob({ namespace, name, propagationPolicy: 'Background' })
      .catch((error: unknown) => {
        if (!isNotFound(error)) log.warning(`Job '${name}' could not be removed: ${error}`);
      })
      .then(() => this.#reports?.flush())
      .then(() => this.#ended.resolve({ exitCode: -1, reason }), this.#ended.reject);
  }

  async #conclude(job: V1Job): Promise<InfrastructureEnd> {
    // The job's end may overtake that of its pods.
    if (!this.#isDeleted) for (const pod of await this.#listPods().catch(() => [])) this.#notePod(pod);
    await Promise.race([Promise.all(this.#outputs.values()), sleep(LAST_OUTPUT_MS, undefined, { ref: false })]);
    const end = describeEnd(job, [...this.#pods.values()], this.#isDeleted);
    const reports = this.#reportsOf(job.metadata?.labels);
    if (end.exitCode === 0 || !reports) return end;
    if (await reports.isGivenBack()) return { exitCode: 0 };
    await this.#reportFailure(reports);
    return end;
  }

  async #reportFailure(reports: RunReports): Promise<void> {
    const { cluster, namespace } = this.#options;
    await this.#reportEvents();
    await reports.outputOfUnbegunRun(async () => {
      const lines = [...this.#pods.keys()].map((name) => readLastLines(cluster, { namespace, name }, LINES_OF_UNBEGUN_RUN));
      return (await Promise.all(lines)).flat().slice(-LINES_OF_UNBEGUN_RUN);
    });
    await reports.flush();
  }

  /** Puts what Kubernetes says about the pods into the run's logs. */
  async #reportEvents() {
    const { cluster, namespace, log } = this.#options;
    const reads = [...this.#pods.values()].map(async ({ metadata }) => {
      const fieldSelector = `involvedObject.uid=${metadata?.uid}`;
      return (await cluster.core.listNamespacedEvent({ namespace, fieldSelector })).items;
    });
    const events = await Promise.all(reads).catch((error: unknown) => {
      log.debug(`The events of the pods in namespace '${namespace}' could not be read: ${error}`);
      return [];
    });
    this.#reports?.podEvents(events.flat());
    return events.flat();
  }

  #after(seconds: number, act: () => void): void {
    const timer = setTimeout(act, seconds * 1000);
    timer.unref();
    this.#timers.push(timer);
  }
}
