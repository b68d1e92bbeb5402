import type { Task } from '@aws-sdk/client-ecs';
import type { Logger } from 'prefect-ts/runner';
import { isRecord } from '../job-template/placeholders.ts';
import type { AwsAccount } from './clients.ts';
import type { EcsTimes } from './times.ts';

type Waiting = PromiseWithResolvers<Task | undefined>;

/** As many as one request may ask for. */
const MOST_TASKS = 100;

/** Looks at all tasks of a cluster that someone waits for with one request, now and then: AWS limits requests, not tasks. */
export class TaskPoll {
  readonly #account: AwsAccount;
  readonly #cluster: string;
  readonly #seconds: number;
  readonly #times: EcsTimes;
  readonly #log: Logger;
  readonly #waiting = new Map<string, Waiting[]>();
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(account: AwsAccount, cluster: string, seconds: number, times: EcsTimes, log: Logger) {
    this.#account = account;
    this.#cluster = cluster;
    this.#seconds = seconds;
    this.#times = times;
    this.#log = log;
  }

  /** The task as it is at the next look; undefined when ECS does not know it. Rejects when the signal aborts, or AWS refuses us. */
  async next(taskArn: string, signal: AbortSignal): Promise<Task | undefined> {
    signal.throwIfAborted();
    const waiting: Waiting = Promise.withResolvers();
    const leave = () => {
      this.#leave(taskArn, waiting);
      waiting.reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting.set(taskArn, [...(this.#waiting.get(taskArn) ?? []), waiting]);
    this.#schedule();
    try {
      return await waiting.promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #leave(taskArn: string, waiting: Waiting): void {
    const others = this.#waiting.get(taskArn)?.filter((other) => other !== waiting) ?? [];
    if (others.length > 0) this.#waiting.set(taskArn, others);
    else this.#waiting.delete(taskArn);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    if (this.#timer || this.#waiting.size === 0) return;
    const seconds = Math.min(this.#seconds * 2 ** this.#failures, Math.max(this.#times.longestPoll, this.#seconds));
    this.#timer = setTimeout(() => void this.#look(), seconds * 1000);
  }

  async #look(): Promise<void> {
    const arns = [...this.#waiting.keys()];
    try {
      for (let start = 0; start < arns.length; start += MOST_TASKS) await this.#describe(arns.slice(start, start + MOST_TASKS));
      if (this.#failures > 0) this.#log.info(`ECS answers again about tasks of the cluster '${this.#cluster}'.`);
      this.#failures = 0;
    } catch (error) {
      this.#onTrouble(error);
    }
    this.#timer = undefined;
    this.#schedule();
  }

  async #describe(arns: string[]): Promise<void> {
    const { ecs, sdk } = this.#account;
    const request = new sdk.DescribeTasksCommand({ cluster: this.#cluster, tasks: arns, include: ['TAGS'] });
    const { tasks = [], failures = [] } = await ecs.send(request);
    const byArn = new Map(tasks.map((task) => [task.taskArn, task]));
    for (const { arn, reason, detail } of failures) {
      if (reason !== 'MISSING') this.#log.debug(`ECS says of ${arn}: ${[reason, detail].filter(Boolean).join(' ')}`);
    }
    for (const arn of arns) for (const { resolve } of this.#take(arn)) resolve(byArn.get(arn));
  }

  #take(arn: string): readonly Waiting[] {
    const waiting = this.#waiting.get(arn) ?? [];
    this.#waiting.delete(arn);
    return waiting;
  }

  #onTrouble(error: unknown): void {
    if (!isPassingTrouble(error)) {
      for (const arn of [...this.#waiting.keys()]) for (const { reject } of this.#take(arn)) reject(error);
      return;
    }
    if (this.#waiting.size === 0) return;
    this.#failures += 1;
    const message = error instanceof Error ? error.message || error.name : String(error);
    const say = this.#failures === 1 ? this.#log.warning : this.#log.debug;
    say(`ECS did not answer about tasks of the cluster '${this.#cluster}', which is tried again: ${message}`);
  }
}

/** Whether trying again can help: the network, throttling and trouble inside AWS pass, a refusal does not. */
function isPassingTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A role's credentials come over the network, too.
  if (error.name === 'CredentialsProviderError') return true;
  if (!('$metadata' in error) || !isRecord(error.$metadata)) return false;
  const status = error.$metadata.httpStatusCode;
  // No status: nothing was answered.
  if (typeof status !== 'number' || status >= 500 || status === 429) return true;
  return /throttl|too ?many ?requests|limit ?exceeded/i.test(error.name);
}
