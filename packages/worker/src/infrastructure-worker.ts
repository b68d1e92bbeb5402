import type { FlowRun } from '@prefect-ts/protocol';
import { BaseWorker, type FlowRunToStart, type RunResult, type WorkerClass, type WorkerContext } from './base-worker.ts';
import { followInfrastructure } from './follow-infrastructure.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { JobVariables } from './job-template/base-job-template.ts';
import type { JobConfiguration } from './job-template/job-configuration.ts';
import { reportCancelled } from './life-cycle/report-end.ts';

/** A type of worker whose runs live on a platform of their own. */
export interface InfrastructureType<Config extends JobConfiguration> {
  /** The type of its work pools: `docker`. */
  readonly type: string;
  /** What its workers are called: `DockerWorker`. */
  readonly name: string;
  /** One line for people who choose a type. */
  readonly description: string;
  readonly variables: JobVariables;
  /**
   * Makes the connection to the platform; called once, when a worker starts.
   *
   * @throws what makes it useless to start the worker at all
   */
  open(context: WorkerContext): Infrastructure<Config> | Promise<Infrastructure<Config>>;
}

const GRACE_SECONDS = 30;

/**
 * Makes the class of a type of worker from its platform. Such a worker starts runs and watches them, ends those that are cancelled, reports
 * those that crash, leaves them running when it is stopped, and watches those again that a worker before it has left.
 *
 * @example
 * export const NomadWorker = infrastructureWorker<NomadConfiguration>({
 *   type: 'nomad',
 *   name: 'NomadWorker',
 *   description: 'Runs flows as Nomad batch jobs',
 *   variables: nomadVariables,
 *   open: (context) => new NomadInfrastructure(context.log),
 * });
 */
export function infrastructureWorker<Config extends JobConfiguration>(type: InfrastructureType<Config>): WorkerClass {
  return class extends BaseWorker<Config> {
    static readonly type = type.type;
    static override readonly name = type.name;
    static readonly description = type.description;
    static readonly variables = type.variables;
    #infrastructure: Promise<Infrastructure<Config>> | undefined;

    override async setUp(): Promise<void> {
      await this.#open();
    }

    override async run(
      flowRun: FlowRunToStart,
      config: Config,
      started: (id: string) => void,
      signal: AbortSignal,
    ): Promise<RunResult> {
      const infrastructure = await this.#open();
      return this.#whileCancellable(flowRun, async (cancelled) => {
        let id: string;
        try {
          id = await infrastructure.start(flowRun, config, AbortSignal.any([signal, cancelled]));
        } catch (error) {
          if (!cancelled.aborted) throw error;
          await reportCancelled(this.context.client, flowRun, 'Flow run cancelled by worker (no infrastructure found).');
          return { id: '', exitCode: 0, unwatched: true };
        }
        started(id);
        return this.#follow(infrastructure, flowRun, config, id, signal, cancelled);
      });
    }

    override async watch(flowRun: FlowRunToStart, config: Config, id: string, signal: AbortSignal): Promise<RunResult> {
      const infrastructure = await this.#open();
      return this.#whileCancellable(flowRun, (cancelled) => this.#follow(infrastructure, flowRun, config, id, signal, cancelled));
    }

    override async find(flowRunId: string, config: Config): Promise<string | undefined> {
      return (await this.#open()).find?.(flowRunId, config);
    }

    override async kill(id: string, grace: number, config: Config): Promise<void> {
      await (await this.#open()).kill(id, grace, config);
    }

    override async close(): Promise<void> {
      await (await this.#infrastructure?.catch(() => undefined))?.close?.();
    }

    #open(): Promise<Infrastructure<Config>> {
      this.#infrastructure ??= Promise.resolve(type.open(this.context));
      return this.#infrastructure;
    }

    #follow(
      infrastructure: Infrastructure<Config>,
      flowRun: FlowRunToStart,
      config: Config,
      id: string,
      signal: AbortSignal,
      cancelled: AbortSignal,
    ): Promise<RunResult> {
      const { client, log, graceSeconds = GRACE_SECONDS } = this.context;
      return followInfrastructure({ client, log, infrastructure, flowRun, config, id, signal, cancelled, graceSeconds });
    }

    async #whileCancellable<T>(flowRun: FlowRun, work: (cancelled: AbortSignal) => Promise<T>): Promise<T> {
      const cancelled = new AbortController();
      if (flowRun.state_type === 'CANCELLING') cancelled.abort();
      const unwatch = this.context.cancellations.watch(flowRun.id, () => cancelled.abort());
      try {
        return await work(cancelled.signal);
      } finally {
        unwatch();
      }
    }
  };
}
