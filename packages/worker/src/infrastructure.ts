import type { Logger } from 'prefect-ts/runner';
import type { FlowRunToStart } from './base-worker.ts';
import type { JobConfiguration } from './job-template/job-configuration.ts';

/**
 * A kind of place where runs are started. It holds no state about runs: an id and the configuration are enough to watch or to end one, from
 * any process, so that a worker that comes back finds what the one before it has started.
 */
export interface Infrastructure<Config extends JobConfiguration = JobConfiguration> {
  /**
   * Creates what the run needs and starts it.
   *
   * @param signal aborted when the worker shuts down or the run is cancelled: what is only being prepared may then be given up
   * @returns what the platform calls it, the `infrastructure_pid` of the run
   * @throws what kept it from starting; nothing of the run is left behind then
   */
  start(flowRun: FlowRunToStart, config: Config, signal: AbortSignal): Promise<string>;
  /**
   * Follows what was started, by this process or another, to its end; writes its output to `log` where the configuration asks for it.
   *
   * @throws the reason of the signal when that is aborted; what was started goes on
   * @throws {InfrastructureNotFoundError} when it is not there any more
   * @throws {InfrastructureNotAvailableError} when it cannot be seen from here
   */
  watch(id: string, config: Config, options: WatchOptions): Promise<InfrastructureEnd>;
  /**
   * Asks it to end, and ends it by force after the grace.
   *
   * @throws {InfrastructureNotFoundError} when it is not there any more
   * @throws {InfrastructureNotAvailableError} when it cannot be reached from here
   */
  kill(id: string, graceSeconds: number, config: Config): Promise<void>;
  /** Looks for what was started for a run, by a worker that was gone before it could tell the id. Gives its id. */
  find?(flowRunId: string, config: Config): Promise<string | undefined>;
  /** Lets go of connections. */
  close?(): Promise<void>;
}

export interface WatchOptions {
  readonly log: Logger;
  /** Aborted when the worker shuts down. */
  readonly signal: AbortSignal;
}

/** How the infrastructure of a run ended. */
export interface InfrastructureEnd {
  /** The exit status of the run's program; -1 where the platform lost it or could not start it. */
  readonly exitCode: number;
  /** Why, in words for a person, where the platform says more than a number: "it used more memory than its limit of 512m". */
  readonly reason?: string;
  /** Set where it was not followed to its end, on the configuration's wish, and goes on. */
  readonly unwatched?: boolean;
}

/** What an id names is not there any more. */
export class InfrastructureNotFoundError extends Error {
  override readonly name = 'InfrastructureNotFoundError';
}

/** What an id names may be there, but cannot be reached from here: it belongs to another host or cluster. */
export class InfrastructureNotAvailableError extends Error {
  override readonly name = 'InfrastructureNotAvailableError';
}
