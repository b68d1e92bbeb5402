import type { DeploymentResponse, Flow, FlowRun } from '@prefect-ts/protocol';
import type { ApiClient } from 'prefect-ts/client';
import type { CancellationWatch, Logger, OnShutdown } from 'prefect-ts/runner';
import type { JobVariables } from './job-template/base-job-template.ts';
import type { JobConfiguration } from './job-template/job-configuration.ts';

/** A run to start, with what it belongs to. */
export interface FlowRunToStart extends FlowRun {
  readonly flow: Flow | undefined;
  readonly deployment: DeploymentResponse | undefined;
}

/** How the infrastructure of a run ended. */
export interface RunResult {
  /** 0 when the run ended by itself, or when nobody watched it end. */
  exitCode: number;
  /** What the infrastructure calls it: a process id, a container's name. */
  id: string;
  /** Why it ended, in words for a person, where the infrastructure says more than a number. */
  reason?: string;
  /** Whether the server already knows how the run ended. */
  crashReported?: boolean;
  /** Set where it was not followed to its end: it goes on without this worker, or it never came to be. */
  unwatched?: boolean;
}

/** What a worker gives to its type. */
export interface WorkerContext {
  readonly client: ApiClient;
  readonly log: Logger;
  readonly workerName: string;
  /** Tells which runs someone wants cancelled. */
  readonly cancellations: CancellationWatch;
  /** Aborted when there is no time for grace any more. */
  readonly killSignal: AbortSignal;
  /** How long a run that is to end has for it, in seconds, before it is ended by force. Default 30. */
  readonly graceSeconds?: number;
  /** How many Node processes a worker that starts processes itself keeps prepared; 0: none, and no Python either. Default 0. */
  readonly warmProcesses?: number;
  /** What becomes of runs that the shutdown interrupts. Default: they crashed. */
  readonly onShutdown?: OnShutdown;
}

/**
 * A type of worker: how a run is started on one kind of infrastructure. All else (polling, limits, templates, heartbeats, crash reports)
 * is the same for each type and is done by `startWorker`.
 *
 * @example
 * class NomadWorker extends BaseWorker<JobConfiguration & { image: string }> {
 *   static readonly type = 'nomad';
 *   static readonly description = 'Runs flows as Nomad batch jobs';
 *   static readonly variables = defineVariables({ properties: { image: { type: 'string', title: 'Image' } } });
 *   async run(flowRun, config, started, signal) {
 *     const job = await submitJob(config, signal);
 *     started(job.id);
 *     return { id: job.id, exitCode: await job.wait(signal) };
 *   }
 * }
 */
export abstract class BaseWorker<Config extends JobConfiguration = JobConfiguration> {
  protected readonly context: WorkerContext;

  constructor(context: WorkerContext) {
    this.context = context;
  }

  /**
   * Starts one run and stays with it until its infrastructure has ended.
   *
   * @param started to be called with the infrastructure's name for the run as soon as it has one
   * @param signal aborted when the worker shuts down
   * @throws what kept the run from starting; the run then becomes Crashed with that message
   */
  abstract run(flowRun: FlowRunToStart, config: Config, started: (id: string) => void, signal: AbortSignal): Promise<RunResult>;

  /**
   * Stays with a run that another process has started until its infrastructure has ended. Without it, runs of workers that are gone are not
   * watched any more.
   *
   * @throws {InfrastructureNotAvailableError} when it cannot be seen from here
   */
  watch?(flowRun: FlowRunToStart, config: Config, id: string, signal: AbortSignal): Promise<RunResult>;

  /** Looks for the infrastructure of a run whose worker was gone before it could tell the id. */
  find?(flowRunId: string, config: Config): Promise<string | undefined>;

  /** Ends the infrastructure of a run that another process may have started. Without it, runs that are pending cannot be cancelled. */
  kill?(id: string, graceSeconds: number, config: Config): Promise<void>;

  /**
   * Makes ready for runs, once, before the worker asks for any.
   *
   * @throws what makes it useless to start the worker
   */
  setUp?(): Promise<void>;

  /** Lets go of what the worker holds, when it has ended. */
  close?(): Promise<void>;
}

/** The class of a type of worker. */
export interface WorkerClass {
  new (context: WorkerContext): BaseWorker;
  /** The type of the work pools that it serves. */
  readonly type: string;
  /** One line for people who choose a type. */
  readonly description: string;
  readonly variables: JobVariables;
  readonly name: string;
}
