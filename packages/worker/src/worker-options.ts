import type { ApiClient } from 'prefect-ts/client';
import type { Logger } from 'prefect-ts/runner';

/** How a worker works. */
export interface WorkerOptions {
  client: ApiClient;
  pool: string;
  /** Default: the type's name and a random id. No `/` and no `%`. */
  name?: string | undefined;
  /** The queues of the pool to serve. Default: all. */
  queues?: readonly string[] | undefined;
  /** How many runs may be under way at once. Default: no limit. */
  limit?: number | undefined;
  /** How long before its time a run is taken. Default 10. */
  prefetchSeconds?: number | undefined;
  /** Seconds between polls. Default 10. */
  querySeconds?: number | undefined;
  /** Seconds between heartbeats. Default 30. */
  heartbeatSeconds?: number | undefined;
  /** Whether to create the pool when it is not there. Default true. */
  createPool?: boolean | undefined;
  /** Whether the server lists the worker among those of the pool; what the server itself runs is none. Default true. */
  listed?: boolean | undefined;
  /** The base job template of a pool that is created here. Default: that of the type. */
  jobTemplate?: Record<string, unknown> | undefined;
  /** Whether to end infrastructure of runs that are cancelled before they begin. Default false. */
  cancelPending?: boolean | undefined;
  /** How long runs that are cancelled, or that end with the worker, have for it before they are ended by force, in seconds. Default 30. */
  graceSeconds?: number | undefined;
  /** Polls once, waits for the runs it got, and ends. */
  runOnce?: boolean | undefined;
  /** How many Node processes a process worker keeps prepared; with 0 every run starts cold, Python's, too. Default 0. */
  warmProcesses?: number | undefined;
  /** Where to answer health checks. Default: nowhere. */
  health?: { host: string; port: number } | undefined;
  /** Prefect settings that the runs share, as environment variables. Default: the API's address. */
  settings?: Readonly<Record<string, string>> | undefined;
  log?: Logger | undefined;
}

/** A worker at work. */
export interface RunningWorker {
  readonly name: string;
  /** The port of the health checks; undefined when there are none. */
  readonly healthPort: number | undefined;
  /** Settles when the worker has ended; rejects when it cannot go on, for example because its credentials were refused. */
  readonly ended: Promise<void>;
  /** Polls now. */
  wake(): void;
  /** Ends the worker: its runs get 30 s to end, those that do not are ended by force. */
  stop(): Promise<void>;
  /** Ends the worker without grace. */
  kill(): Promise<void>;
}
