import type { Socket } from 'node:net';
import { type ApiClient, clientFromSettings } from '../client/index.ts';
import { type AbortNode, processNode } from '../context/abort.ts';
import { attributionHeaders } from '../context/attribution.ts';
import { currentContext } from '../context/context.ts';
import { ConfigurationError } from '../errors.ts';
import { EventSender } from '../events/event-sender.ts';
import { LEVELS } from '../logging/levels.ts';
import { LogSender } from '../logging/log-sender.ts';
import { Pulse } from '../pulse/pulse.ts';
import { localStore, type ResultStore } from '../results/local-store.ts';
import { loadSettings, type Settings } from '../settings/index.ts';

/** A process's relation to one server: settings, and the channels that runs report through. */
export interface Session {
  readonly settings: Settings;
  readonly client: ApiClient;
  readonly events: EventSender;
  readonly logs: LogSender;
  readonly maxEventBytes: number;
  /** The lowest level of logs that are kept. */
  readonly logLevel: number;
  readonly logsToApi: boolean;
  /** A text without the secrets of the settings. */
  masked(text: string): string;
  /** What the settings say for flows and tasks that say nothing themselves. */
  readonly defaults: RunDefaults;
  /** Where results are kept by default. */
  readonly results: ResultStore;
  /** What the server hears again and again while work goes on. */
  readonly pulse: Pulse;
  /** Lets {@link Session.flush} wait for something that nobody else waits for. */
  outstanding(work: Promise<unknown>): void;
  /** The root of what can be stopped. */
  readonly node: AbortNode;
  /** Sends what is waiting. Never throws; what cannot be sent in time is reported on standard error. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Settings that each run asks for, read once. */
export interface RunDefaults {
  readonly taskRetries: number;
  readonly taskPersist: boolean | undefined;
  readonly flowRetries: number;
  readonly flowRetryDelay: number;
  readonly persist: boolean;
  readonly logConsole: boolean;
  readonly refreshCache: boolean;
  readonly disableCaching: boolean;
  readonly noCacheByDefault: boolean;
  /** Tasks of a flow that run at once; undefined: no bound. */
  readonly concurrency: number | undefined;
  /** Seconds between heartbeats; undefined: none. */
  readonly heartbeatSeconds: number | undefined;
  readonly uiUrl: string | undefined;
}

const LONGEST_OUTSTANDING_MS = 5000;
const LONGEST_LOG_FLUSH_MS = 5000;
const LONGEST_EVENT_FLUSH_MS = 30_000;

const sessions = new Map<string, Session>();

/** The session of the surrounding run; outside of one, the process's own, opened from the settings at the first use. */
export function currentSession(): Session {
  return currentContext().session ?? sessionFor(loadSettings());
}

/** The session for these settings; one for each server and identity in a process. */
export function sessionFor(settings: Settings): Session {
  const identity = JSON.stringify(settings.toEnvironment());
  const known = sessions.get(identity);
  if (known) return known;
  const opened = openSession(settings);
  const session: Session = {
    ...opened,
    close: async () => {
      sessions.delete(identity);
      if (sessions.size === 0) process.off('beforeExit', flushAll);
      await opened.close();
    },
  };
  if (sessions.size === 0) process.on('beforeExit', flushAll);
  sessions.set(identity, session);
  return session;
}

function openSession(settings: Settings): Session {
  const client = clientFor(settings);
  const warn = (message: string) => process.stderr.write(`${message}\n`);
  const events = new EventSender({
    warn,
    maxQueued: settings.get('PREFECT_EVENTS_WORKER_MAX_QUEUE_SIZE'),
    open: async () => {
      let connection: Socket | undefined;
      const socket = await client.openSocket('/events/in', {
        onConnection: (each) => {
          connection = each;
        },
      });
      if (!connection) throw new ConfigurationError('The websocket of events has no connection.');
      return { socket, connection };
    },
  });
  const logs = new LogSender({
    post: async (batch) => {
      await client.call('POST /logs/', { body: batch });
    },
    warn,
    intervalMs: settings.get('PREFECT_LOGGING_TO_API_BATCH_INTERVAL') * 1000,
    batchBytes: settings.get('PREFECT_LOGGING_TO_API_BATCH_SIZE'),
    maxLogBytes: settings.get('PREFECT_LOGGING_TO_API_MAX_LOG_SIZE'),
  });
  const pulse = new Pulse(settings);
  const outstanding = new Set<Promise<unknown>>();
  const flush = async () => {
    await settledWithin(outstanding, LONGEST_OUTSTANDING_MS);
    const [eventsSent, logsSent] = await Promise.all([events.drain(LONGEST_EVENT_FLUSH_MS), logs.flush(LONGEST_LOG_FLUSH_MS)]);
    if (!logsSent) warn(`${logs.unsent} log lines could not be delivered to ${client.apiUrl} yet.`);
    if (!eventsSent) warn(`${events.unconfirmed} events could not be delivered to ${client.apiUrl}.`);
  };
  const close = async () => {
    await flush();
    await Promise.all([events.close(), logs.close(), client.close(), pulse.close()]);
  };
  const apiKey = settings.get('PREFECT_API_KEY');
  return {
    settings,
    client,
    events,
    logs,
    maxEventBytes: settings.get('PREFECT_SERVER_EVENTS_MAXIMUM_SIZE_BYTES'),
    logLevel: settings.get('PREFECT_DEBUG_MODE') ? LEVELS.DEBUG : LEVELS[settings.get('PREFECT_LOGGING_LEVEL')],
    logsToApi: settings.get('PREFECT_LOGGING_TO_API_ENABLED'),
    masked: (text) => (apiKey ? text.replaceAll(apiKey, '********') : text),
    defaults: readDefaults(settings),
    results: localStore(settings.get('PREFECT_RESULTS_LOCAL_STORAGE_PATH')),
    pulse,
    outstanding: (work) => {
      const settled = work.catch(() => {}).finally(() => outstanding.delete(settled));
      outstanding.add(settled);
    },
    node: processNode,
    flush,
    close,
  };
}

async function settledWithin(work: ReadonlySet<Promise<unknown>>, ms: number): Promise<void> {
  if (work.size === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([Promise.all(work), late]);
  clearTimeout(timer);
}

const SHORTEST_HEARTBEAT_SECONDS = 30;

function readDefaults(settings: Settings): RunDefaults {
  const heartbeat = settings.get('PREFECT_FLOWS_HEARTBEAT_FREQUENCY');
  const flowDelay = settings.get('PREFECT_FLOWS_DEFAULT_RETRY_DELAY_SECONDS');
  return {
    taskRetries: settings.get('PREFECT_TASKS_DEFAULT_RETRIES'),
    taskPersist: settings.get('PREFECT_TASKS_DEFAULT_PERSIST_RESULT') ?? undefined,
    flowRetries: settings.get('PREFECT_FLOWS_DEFAULT_RETRIES'),
    flowRetryDelay: typeof flowDelay === 'number' ? flowDelay : (flowDelay[0] ?? 0),
    persist: settings.get('PREFECT_RESULTS_PERSIST_BY_DEFAULT'),
    logConsole: settings.get('PREFECT_LOGGING_LOG_PRINTS'),
    refreshCache: settings.get('PREFECT_TASKS_REFRESH_CACHE'),
    disableCaching: settings.get('PREFECT_TASKS_DISABLE_CACHING'),
    noCacheByDefault: settings.get('PREFECT_TASKS_DEFAULT_NO_CACHE'),
    concurrency: settings.get('PREFECT_TASKS_RUNNER_THREAD_POOL_MAX_WORKERS') ?? undefined,
    heartbeatSeconds: heartbeat ? Math.max(SHORTEST_HEARTBEAT_SECONDS, heartbeat) : undefined,
    uiUrl: settings.get('PREFECT_UI_URL') ?? undefined,
  };
}

/** A client made from settings, that says in which run it is used. */
export function clientFor(settings: Settings): ApiClient {
  return clientFromSettings(settings, { contextHeaders: attributionHeaders });
}

/** Flushes every open session. */
export async function flushAll(): Promise<void> {
  await Promise.all([...sessions.values()].map((session) => session.flush()));
}
