import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SECOND } from '@prefect-ts/protocol';
import { parseDuration } from './schedules/index.ts';

/** What the server can be told, resolved. */
export interface ServerSettings {
  /** What all of this was read from, for clients that ask how the server is set. */
  readonly environment: Environment;
  readonly home: string;
  readonly host: string;
  readonly port: number;
  /** Where API clients reach this server from outside, when it is not `http://host:port/api`. */
  readonly publicApiUrl: string | null;
  readonly apiBasePath: string;
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
  /** The longest that a read may take. */
  readonly databaseTimeoutSeconds: number;
  /** `user:password` that every request must carry. */
  readonly authString: string | null;
  /** 32 bytes in URL-safe base64; without it a key is made in `home`. */
  readonly encryptionKey: string | null;
  readonly csrf: { readonly enabled: boolean; readonly tokenSeconds: number };
  readonly logLevel: string;
  readonly uiEnabled: boolean;
  /** Where the dashboard is served. */
  readonly uiBasePath: string;
  /** The folder of the dashboard's build. */
  readonly uiDirectory: string;
  readonly servicesEnabled: boolean;
  /** Whether the block types that the server knows are there from the start. */
  readonly registerBlocks: boolean;
  /** The default and the largest `limit` of a list. */
  readonly defaultLimit: number;
  /** Bytes of compact JSON; 0 is no limit. */
  readonly maxParameterSize: number;
  readonly maxCacheKeyLength: number;
  readonly tagSlotWaitSeconds: number;
  /** The longest that a caller is told to wait for a slot of a limit. */
  readonly maxSlotWaitSeconds: number;
  readonly deploymentSlotWaitSeconds: number;
  readonly initialDeploymentLeaseSeconds: number;
  readonly maxEventBytes: number;
  /** The largest `max_scheduled_runs` of a schedule. */
  readonly maxScheduledRunsOfSchedule: number;
  readonly scheduler: {
    readonly enabled: boolean;
    readonly loopSeconds: number;
    readonly recentLoopSeconds: number;
    readonly minRuns: number;
    readonly maxRuns: number;
    readonly minScheduledSeconds: number;
    readonly maxScheduledSeconds: number;
  };
  readonly lateRuns: { readonly enabled: boolean; readonly loopSeconds: number; readonly afterSeconds: number };
  readonly pauseExpirations: { readonly enabled: boolean; readonly loopSeconds: number };
  readonly foreman: {
    readonly enabled: boolean;
    readonly loopSeconds: number;
    /** Heartbeats that a worker may miss, less one. */
    readonly inactivityMultiple: number;
    /** Seconds between the heartbeats of a worker that did not say. */
    readonly fallbackHeartbeatSeconds: number;
    /** Seconds without a poll after which deployments and queues are not ready. */
    readonly deploymentPollSeconds: number;
    readonly workQueuePollSeconds: number;
  };
  readonly repossessor: { readonly enabled: boolean; readonly loopSeconds: number };
  readonly cancellationCleanup: {
    readonly enabled: boolean;
    readonly loopSeconds: number;
    /** How long a run may take to end once it was asked to. */
    readonly cancellingTimeoutSeconds: number;
  };
  readonly workerCleanups: {
    readonly enabled: boolean;
    readonly loopSeconds: number;
    /** Taken back so many at once. */
    readonly batchSize: number;
    /** How long a worker has for a cleanup before another may have it. */
    readonly leaseSeconds: number;
    /** Handed out so often before it is given up. */
    readonly maxDeliveries: number;
  };
  readonly lostRuns: {
    readonly enabled: boolean;
    readonly loopSeconds: number;
    /** Seconds between the heartbeats of a run that was heard only once. */
    readonly usualHeartbeatSeconds: number;
  };
  readonly eventRetention: {
    readonly enabled: boolean;
    readonly loopSeconds: number;
    /** How long events are kept. */
    readonly seconds: number;
    /** Kinds of events that are kept for less, in seconds by name. */
    readonly overrides: Readonly<Record<string, number>>;
    readonly eventsAtOnce: number;
  };
  readonly automations: {
    readonly enabled: boolean;
    /** Seconds between two looks for what did not happen. */
    readonly granularitySeconds: number;
    /** How long a bucket is kept behind its end. */
    readonly expiredBucketSeconds: number;
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting has a value that cannot be read. */
export class InvalidSettingError extends Error {
  override readonly name = 'InvalidSettingError';
}

/**
 * Reads the server's settings. `environment` holds the reference's names (`PREFECT_SERVER_…`, older spellings included), from wherever
 * they were set.
 *
 * @throws InvalidSettingError naming the setting, its value and what it should be.
 */
export function readServerSettings(environment: Environment): ServerSettings {
  const read = new SettingReader(environment);
  const home = read.text(['PREFECT_HOME']) ?? join(homedir(), '.prefect');
  return {
    home,
    host: read.text(['PREFECT_SERVER_API_HOST']) ?? '127.0.0.1',
    port: read.number(['PREFECT_SERVER_API_PORT'], 4200),
    publicApiUrl: read.text(['PREFECT_UI_API_URL', 'PREFECT_SERVER_UI_API_URL']),
    apiBasePath: read.text(['PREFECT_SERVER_API_BASE_PATH']) ?? '/api',
    databaseUrl:
      read.text(['PREFECT_SERVER_DATABASE_CONNECTION_URL', 'PREFECT_API_DATABASE_CONNECTION_URL']) ?? join(home, 'prefect.db'),
    databasePoolSize: read.number(['PREFECT_SERVER_DATABASE_SQLALCHEMY_POOL_SIZE', 'PREFECT_SQLALCHEMY_POOL_SIZE'], 10),
    databaseTimeoutSeconds: read.number(['PREFECT_SERVER_DATABASE_TIMEOUT', 'PREFECT_API_DATABASE_TIMEOUT'], 10),
    authString: read.text(['PREFECT_SERVER_API_AUTH_STRING']),
    encryptionKey: read.text(['PREFECT_SERVER_ENCRYPTION_KEY', 'ORION_ENCRYPTION_KEY']),
    csrf: {
      enabled: read.flag(['PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED', 'PREFECT_SERVER_CSRF_PROTECTION_ENABLED'], false),
      tokenSeconds: read.seconds(['PREFECT_SERVER_API_CSRF_TOKEN_EXPIRATION', 'PREFECT_SERVER_CSRF_TOKEN_EXPIRATION'], 3600),
    },
    registerBlocks: read.flag(['PREFECT_SERVER_REGISTER_BLOCKS_ON_START', 'PREFECT_API_BLOCKS_REGISTER_ON_START'], true),
    environment,
    logLevel: read.text(['PREFECT_SERVER_LOGGING_LEVEL', 'PREFECT_LOGGING_SERVER_LEVEL']) ?? 'WARNING',
    uiEnabled: read.flag(['PREFECT_SERVER_UI_ENABLED', 'PREFECT_UI_ENABLED'], true),
    uiBasePath: read.text(['PREFECT_SERVER_UI_SERVE_BASE', 'PREFECT_UI_SERVE_BASE']) ?? '/',
    uiDirectory: read.text(['PREFECT_SERVER_UI_STATIC_DIRECTORY', 'PREFECT_UI_STATIC_DIRECTORY']) ?? builtDashboard(),
    servicesEnabled: true,
    defaultLimit: read.number(['PREFECT_SERVER_API_DEFAULT_LIMIT', 'PREFECT_API_DEFAULT_LIMIT'], 200),
    maxParameterSize: read.number(['PREFECT_SERVER_API_MAX_PARAMETER_SIZE'], 524_288),
    maxCacheKeyLength: read.number(['PREFECT_SERVER_TASKS_MAX_CACHE_KEY_LENGTH', 'PREFECT_API_TASK_CACHE_KEY_MAX_LENGTH'], 2000),
    tagSlotWaitSeconds: read.number(
      ['PREFECT_SERVER_TASKS_TAG_CONCURRENCY_SLOT_WAIT_SECONDS', 'PREFECT_TASK_RUN_TAG_CONCURRENCY_SLOT_WAIT_SECONDS'],
      10,
    ),
    maxSlotWaitSeconds: read.number(['PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS'], 30),
    deploymentSlotWaitSeconds: read.number(
      ['PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS', 'PREFECT_DEPLOYMENT_CONCURRENCY_SLOT_WAIT_SECONDS'],
      30,
    ),
    initialDeploymentLeaseSeconds: read.number(['PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION'], 300),
    maxEventBytes: read.number(['PREFECT_SERVER_EVENTS_MAXIMUM_SIZE_BYTES'], 1_500_000),
    maxScheduledRunsOfSchedule: read.number(
      ['PREFECT_SERVER_DEPLOYMENT_SCHEDULE_MAX_SCHEDULED_RUNS', 'PREFECT_DEPLOYMENT_SCHEDULE_MAX_SCHEDULED_RUNS'],
      50,
    ),
    scheduler: {
      enabled: read.flag(service('SCHEDULER_ENABLED'), true),
      loopSeconds: read.number(service('SCHEDULER_LOOP_SECONDS'), 60),
      recentLoopSeconds: read.number(service('SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS'), 5),
      minRuns: read.number(service('SCHEDULER_MIN_RUNS'), 3),
      maxRuns: read.number(service('SCHEDULER_MAX_RUNS'), 100),
      minScheduledSeconds: read.number(service('SCHEDULER_MIN_SCHEDULED_TIME'), 3600),
      maxScheduledSeconds: read.number(service('SCHEDULER_MAX_SCHEDULED_TIME'), 100 * 86_400),
    },
    lateRuns: {
      enabled: read.flag(service('LATE_RUNS_ENABLED'), true),
      loopSeconds: read.number(service('LATE_RUNS_LOOP_SECONDS'), 5),
      afterSeconds: read.number(service('LATE_RUNS_AFTER_SECONDS'), 15),
    },
    pauseExpirations: {
      enabled: read.flag(service('PAUSE_EXPIRATIONS_ENABLED'), true),
      loopSeconds: read.number(service('PAUSE_EXPIRATIONS_LOOP_SECONDS'), 5),
    },
    foreman: {
      enabled: read.flag(service('FOREMAN_ENABLED'), true),
      loopSeconds: read.number(service('FOREMAN_LOOP_SECONDS'), 15),
      inactivityMultiple: read.number(service('FOREMAN_INACTIVITY_HEARTBEAT_MULTIPLE'), 3),
      fallbackHeartbeatSeconds: read.number(service('FOREMAN_FALLBACK_HEARTBEAT_INTERVAL_SECONDS'), 30),
      deploymentPollSeconds: read.number(service('FOREMAN_DEPLOYMENT_LAST_POLLED_TIMEOUT_SECONDS'), 60),
      workQueuePollSeconds: read.number(service('FOREMAN_WORK_QUEUE_LAST_POLLED_TIMEOUT_SECONDS'), 60),
    },
    repossessor: {
      enabled: read.flag(service('REPOSSESSOR_ENABLED'), true),
      loopSeconds: read.number(service('REPOSSESSOR_LOOP_SECONDS'), 15),
    },
    cancellationCleanup: {
      enabled: read.flag(service('CANCELLATION_CLEANUP_ENABLED'), true),
      loopSeconds: read.number(service('CANCELLATION_CLEANUP_LOOP_SECONDS'), 20),
      cancellingTimeoutSeconds: read.number(service('CANCELLATION_CLEANUP_CANCELLING_TIMEOUT_SECONDS'), 300),
    },
    workerCleanups: {
      enabled: read.flag(service('CLEANUP_RECONCILER_ENABLED'), true),
      loopSeconds: read.number(service('CLEANUP_RECONCILER_LOOP_SECONDS'), 5),
      batchSize: read.number(service('CLEANUP_RECONCILER_BATCH_SIZE'), 100),
      leaseSeconds: read.number(['PREFECT_SERVER_WORKER_CHANNEL_CLEANUP_LEASE_SECONDS'], 30),
      maxDeliveries: read.number(['PREFECT_SERVER_WORKER_CHANNEL_CLEANUP_MAX_DELIVERY_ATTEMPTS'], 3),
    },
    lostRuns: {
      enabled: read.flag(service('LOST_RUNS_ENABLED'), true),
      loopSeconds: read.number(service('LOST_RUNS_LOOP_SECONDS'), 10),
      usualHeartbeatSeconds: read.number(service('LOST_RUNS_USUAL_HEARTBEAT_SECONDS'), 180),
    },
    eventRetention: {
      // The setting lists what is cleaned up; a mere flag never meant events.
      enabled: /^(true|false|.*\bevents\b.*)$/i.test(read.text(service('DB_VACUUM_ENABLED')) ?? 'events'),
      loopSeconds: read.number(service('DB_VACUUM_LOOP_SECONDS'), 3600),
      seconds: read.number(['PREFECT_SERVER_EVENTS_RETENTION_PERIOD', 'PREFECT_EVENTS_RETENTION_PERIOD'], 7 * 86_400),
      overrides: read.secondsByName(service('DB_VACUUM_EVENT_RETENTION_OVERRIDES')),
      eventsAtOnce: read.number(service('DB_VACUUM_BATCH_SIZE'), 200),
    },
    automations: {
      enabled: read.flag(service('TRIGGERS_ENABLED'), true),
      granularitySeconds: read.number(['PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY', 'PREFECT_EVENTS_PROACTIVE_GRANULARITY'], 5),
      expiredBucketSeconds: read.number(
        ['PREFECT_SERVER_EVENTS_EXPIRED_BUCKET_BUFFER', 'PREFECT_EVENTS_EXPIRED_BUCKET_BUFFER'],
        60,
      ),
    },
  };
}

/** The build that the package of the dashboard carries. */
function builtDashboard(): string {
  return fileURLToPath(new URL('dist', import.meta.resolve('@prefect-ts/ui/package.json')));
}

/** Settings of the older services answer to two names. */
function service(name: string): string[] {
  return [`PREFECT_SERVER_SERVICES_${name}`, `PREFECT_API_SERVICES_${name}`];
}

class SettingReader {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  text(names: readonly string[]): string | null {
    return this.#find(names)?.value ?? null;
  }

  number(names: readonly string[], fallback: number): number {
    const found = this.#find(names);
    if (!found) return fallback;
    const value = Number(found.value);
    if (!Number.isFinite(value)) throw new InvalidSettingError(`${found.name} is "${found.value}" and should be a number.`);
    return value;
  }

  /** Seconds, as a number or as an ISO 8601 duration. */
  seconds(names: readonly string[], fallback: number): number {
    const found = this.#find(names);
    const duration = found && parseDuration(found.value);
    return duration === undefined ? this.number(names, fallback) : duration / SECOND;
  }

  flag(names: readonly string[], fallback: boolean): boolean {
    const found = this.#find(names);
    if (!found) return fallback;
    const value = found.value.toLowerCase();
    if (['1', 'true', 'yes', 'on', 't', 'y'].includes(value)) return true;
    if (['0', 'false', 'no', 'off', 'f', 'n'].includes(value)) return false;
    throw new InvalidSettingError(`${found.name} is "${found.value}" and should be true or false.`);
  }

  /** A JSON object of seconds. */
  secondsByName(names: readonly string[]): Record<string, number> {
    const found = this.#find(names);
    if (!found) return {};
    const value = jsonOf(found.value);
    if (typeof value !== 'object' || value === null || !Object.values(value).every(Number.isFinite))
      throw new InvalidSettingError(`${found.name} is "${found.value}" and should be a JSON object of names and seconds.`);
    return value as Record<string, number>;
  }

  #find(names: readonly string[]): { name: string; value: string } | undefined {
    for (const name of names) {
      const value = this.#environment[name];
      if (value !== undefined && value !== '') return { name, value };
    }
    return undefined;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
