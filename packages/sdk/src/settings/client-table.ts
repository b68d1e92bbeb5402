import { bool, delays, float, int, json, level, list, oneOf, orNone, text, textByName } from './kinds.ts';
import { optional, secret, setting } from './setting.ts';

/** Settings of clients: the SDK, workers, runners and the command line. */
export const CLIENT_SETTINGS = {
  PREFECT_HOME: setting(text, ({ home }) => home, 'Folder of profiles, the local database, results and logs'),
  PREFECT_PROFILES_PATH: setting(text, ({ home }) => `${home}/profiles.toml`, 'File of the profiles'),
  PREFECT_DEBUG_MODE: setting(bool, false, 'Log at level DEBUG everywhere'),
  PREFECT_UI_URL: setting<string | null>(text, uiUrl, 'Address of the dashboard, for links in logs and messages'),
  PREFECT_SILENCE_API_URL_MISCONFIGURATION: setting(bool, false, 'Do not warn about an API URL that looks wrong'),

  PREFECT_API_URL: optional(text, 'Address of the API; ends in /api'),
  PREFECT_API_KEY: secret('Key sent as a bearer token'),
  PREFECT_API_AUTH_STRING: secret('user:password sent as basic authentication; wins over the key'),
  PREFECT_API_REQUEST_TIMEOUT: setting(float, 60, 'Seconds a request may take'),
  PREFECT_API_ENABLE_HTTP2: setting(bool, false, 'Speak HTTP/2 with the API'),
  PREFECT_API_TLS_INSECURE_SKIP_VERIFY: setting(bool, false, 'Accept any certificate of the API; only for trials'),
  PREFECT_API_SSL_CERT_FILE: optional(text, 'File of certificates to trust', { aliases: ['SSL_CERT_FILE'] }),

  PREFECT_CLI_COLORS: setting(bool, true, 'Colour what the command line prints'),
  PREFECT_CLI_PROMPT: optional(bool, 'Ask questions; unset means: when a terminal is there'),
  PREFECT_CLI_WRAP_LINES: setting(bool, true, 'Wrap long lines at the width of the terminal'),

  PREFECT_CLIENT_MAX_RETRIES: setting(int, 5, 'Extra tries of a request that failed for a passing reason'),
  PREFECT_CLIENT_RETRY_JITTER_FACTOR: setting(float, 0.2, 'How far a wait between tries may grow, as a share of it'),
  PREFECT_CLIENT_RETRY_EXTRA_CODES: setting(list, [], 'Further HTTP status codes to try again on'),
  PREFECT_CLIENT_CSRF_SUPPORT_ENABLED: setting(bool, true, 'Fetch and send CSRF tokens where the server wants them'),
  PREFECT_CLIENT_CUSTOM_HEADERS: setting(textByName, {}, 'Headers added to every request, as a JSON object'),
  PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED: setting(bool, true, 'Compare versions with the server once per process'),
  PREFECT_CLIENT_METRICS_ENABLED: setting(bool, false, 'Serve Prometheus metrics from the client process', {
    aliases: ['PREFECT_CLIENT_ENABLE_METRICS'],
  }),
  PREFECT_CLIENT_METRICS_PORT: setting(int, 4201, 'Port of the client metrics'),

  PREFECT_DEPLOYMENTS_DEFAULT_WORK_POOL_NAME: optional(text, 'Work pool of deployments that name none', {
    aliases: ['PREFECT_DEFAULT_WORK_POOL_NAME'],
  }),
  PREFECT_DEPLOYMENTS_DEFAULT_DOCKER_BUILD_NAMESPACE: optional(text, 'Registry namespace of images built by a deploy', {
    aliases: ['PREFECT_DEFAULT_DOCKER_BUILD_NAMESPACE'],
  }),

  PREFECT_EVENTS_WORKER_MAX_QUEUE_SIZE: setting(int, 0, 'Events a process holds back while the server is away; 0: no bound'),
  PREFECT_EXPERIMENTS_WARN: setting(bool, true, 'Warn when an experimental feature is used', {
    aliases: ['PREFECT_EXPERIMENTAL_WARN'],
  }),

  PREFECT_FLOWS_HEARTBEAT_FREQUENCY: setting(orNone(int), 180, 'Seconds between heartbeats of a flow run; at least 30', {
    aliases: ['PREFECT_RUNNER_HEARTBEAT_FREQUENCY'],
  }),
  PREFECT_FLOWS_DEFAULT_RETRIES: setting(int, 0, 'Retries of flows that set none', {
    aliases: ['PREFECT_FLOW_DEFAULT_RETRIES'],
  }),
  PREFECT_FLOWS_DEFAULT_RETRY_DELAY_SECONDS: setting(delays, 0, 'Seconds before a flow is retried', {
    aliases: ['PREFECT_FLOW_DEFAULT_RETRY_DELAY_SECONDS'],
  }),

  PREFECT_INTERNAL_LOGGING_LEVEL: setting(level, 'ERROR', 'Level of logs about the machinery itself', {
    aliases: ['PREFECT_LOGGING_INTERNAL_LEVEL'],
  }),
  PREFECT_LOGGING_LEVEL: setting(level, 'INFO', 'Level of logs'),
  PREFECT_LOGGING_CONFIG_PATH: setting(text, ({ home }) => `${home}/logging.yml`, 'File with a logging configuration', {
    aliases: ['PREFECT_LOGGING_SETTINGS_PATH'],
  }),
  PREFECT_LOGGING_EXTRA_LOGGERS: setting(list, [], 'Further loggers whose lines go to the API'),
  PREFECT_LOGGING_LOG_PRINTS: setting(bool, false, 'Turn what a flow prints into logs'),
  PREFECT_LOGGING_COLORS: setting(bool, true, 'Colour logs in a terminal'),
  PREFECT_LOGGING_MARKUP: setting(bool, false, 'Read style markup in messages of logs'),
  PREFECT_LOGGING_TO_API_ENABLED: setting(bool, true, 'Send logs of runs to the API'),
  PREFECT_LOGGING_TO_API_BATCH_INTERVAL: setting(float, 2, 'Seconds between batches of logs'),
  PREFECT_LOGGING_TO_API_BATCH_SIZE: setting(int, 4_000_000, 'Bytes of one batch of logs'),
  PREFECT_LOGGING_TO_API_MAX_LOG_SIZE: setting(int, 1_000_000, 'Bytes of one log; longer ones are dropped'),
  PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW: setting(
    oneOf('warn', 'error', 'ignore'),
    'warn',
    'What happens when a log is written outside a run',
  ),

  PREFECT_PLUGINS_ENABLED: setting(bool, false, 'Load plugins', { aliases: ['PREFECT_EXPERIMENTS_PLUGINS_ENABLED'] }),
  PREFECT_PLUGINS_ALLOW: optional(list, 'Plugins that may load', { aliases: ['PREFECT_EXPERIMENTS_PLUGINS_ALLOW'] }),
  PREFECT_PLUGINS_DENY: optional(list, 'Plugins that may not load', { aliases: ['PREFECT_EXPERIMENTS_PLUGINS_DENY'] }),
  PREFECT_PLUGINS_SETUP_TIMEOUT_SECONDS: setting(float, 20, 'Seconds a plugin may take to set up', {
    aliases: ['PREFECT_EXPERIMENTS_PLUGINS_SETUP_TIMEOUT_SECONDS'],
  }),
  PREFECT_PLUGINS_STRICT: setting(bool, false, 'Stop when a plugin fails', {
    aliases: ['PREFECT_EXPERIMENTS_PLUGINS_STRICT'],
  }),
  PREFECT_PLUGINS_SAFE_MODE: setting(bool, false, 'Find plugins without running them', {
    aliases: ['PREFECT_EXPERIMENTS_PLUGINS_SAFE_MODE'],
  }),

  PREFECT_RESULTS_DEFAULT_SERIALIZER: setting(text, 'json', 'Serializer of results'),
  PREFECT_RESULTS_PERSIST_BY_DEFAULT: setting(bool, false, 'Keep results of flows and tasks that do not say'),
  PREFECT_RESULTS_DEFAULT_STORAGE_BLOCK: optional(text, 'Storage block of results, as type-slug/name', {
    aliases: ['PREFECT_DEFAULT_RESULT_STORAGE_BLOCK'],
  }),
  PREFECT_RESULTS_LOCAL_STORAGE_PATH: setting(text, ({ home }) => `${home}/storage`, 'Folder of results kept locally', {
    aliases: ['PREFECT_LOCAL_STORAGE_PATH'],
  }),

  PREFECT_RUNNER_PROCESS_LIMIT: setting(orNone(int), 5, 'Runs a runner starts at once'),
  PREFECT_RUNNER_POLL_FREQUENCY: setting(float, 10, 'Seconds between polls of a runner'),
  PREFECT_RUNNER_CRASH_ON_CANCELLATION_FAILURE: setting(bool, false, 'Kill runs when the runner can no longer hear of cancels'),
  PREFECT_RUNNER_AUTO_INSTALL_DEPENDENCIES: setting(bool, false, 'Install what a flow needs before it runs'),
  PREFECT_RUNNER_SERVER_ENABLE: setting(bool, false, 'Serve the health of a runner over HTTP'),
  PREFECT_RUNNER_SERVER_HOST: setting(text, 'localhost', 'Host of the health server of a runner'),
  PREFECT_RUNNER_SERVER_PORT: setting(int, 8080, 'Port of the health server of a runner'),
  PREFECT_RUNNER_SERVER_LOG_LEVEL: setting(level, 'ERROR', 'Level of logs of the health server of a runner'),
  PREFECT_RUNNER_SERVER_MISSED_POLLS_TOLERANCE: setting(int, 2, 'Missed polls after which a runner counts as unhealthy'),

  PREFECT_TASKS_REFRESH_CACHE: setting(bool, false, 'Run tasks even where a cached result exists, and renew it'),
  PREFECT_TASKS_DEFAULT_NO_CACHE: setting(bool, false, 'Tasks that name no cache policy are not cached'),
  PREFECT_TASKS_DISABLE_CACHING: setting(bool, false, 'Ignore and write no cached results at all'),
  PREFECT_TASKS_DEFAULT_RETRIES: setting(int, 0, 'Retries of tasks that set none', {
    aliases: ['PREFECT_TASK_DEFAULT_RETRIES'],
  }),
  PREFECT_TASKS_DEFAULT_RETRY_DELAY_SECONDS: setting(delays, 0, 'Seconds before a task is retried', {
    aliases: ['PREFECT_TASK_DEFAULT_RETRY_DELAY_SECONDS'],
  }),
  PREFECT_TASKS_DEFAULT_PERSIST_RESULT: optional(bool, 'Keep results of tasks that do not say; unset: as their flow'),
  PREFECT_TASKS_RUNNER_THREAD_POOL_MAX_WORKERS: optional(int, 'Tasks of a flow that run at once; unset: no bound', {
    aliases: ['PREFECT_TASK_RUNNER_THREAD_POOL_MAX_WORKERS'],
  }),
  PREFECT_TASKS_RUNNER_PROCESS_POOL_MAX_WORKERS: optional(int, 'Processes that a flow spreads its tasks over'),
  PREFECT_TASKS_SCHEDULING_DEFAULT_STORAGE_BLOCK: optional(text, 'Storage block of inputs of background tasks', {
    aliases: ['PREFECT_TASK_SCHEDULING_DEFAULT_STORAGE_BLOCK'],
  }),
  PREFECT_TASKS_SCHEDULING_DELETE_FAILED_SUBMISSIONS: setting(bool, true, 'Remove a background task that could not be sent', {
    aliases: ['PREFECT_TASK_SCHEDULING_DELETE_FAILED_SUBMISSIONS'],
  }),

  PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS: setting(bool, false, 'Accepted for Python clients; nothing is sent'),
  PREFECT_TELEMETRY_RESOURCE_METRICS_INTERVAL_SECONDS: setting(int, 10, 'Accepted for Python clients; nothing is sent'),

  PREFECT_TESTING_TEST_MODE: setting(bool, false, 'Tests are running: profiles are ignored', {
    aliases: ['PREFECT_TEST_MODE'],
  }),
  PREFECT_TESTING_UNIT_TEST_MODE: setting(bool, false, 'Unit tests are running', { aliases: ['PREFECT_UNIT_TEST_MODE'] }),
  PREFECT_TESTING_UNIT_TEST_LOOP_DEBUG: setting(bool, true, 'Accepted for Python clients; has no effect', {
    aliases: ['PREFECT_UNIT_TEST_LOOP_DEBUG'],
  }),
  PREFECT_TESTING_TEST_SETTING: setting<unknown>(json, 'FOO', 'A setting without effect, for tests of settings', {
    aliases: ['PREFECT_TEST_SETTING'],
  }),

  PREFECT_WORKER_DEBUG_MODE: setting(bool, false, 'Log at level DEBUG in workers'),
  PREFECT_WORKER_HEARTBEAT_SECONDS: setting(float, 30, 'Seconds between heartbeats of a worker'),
  PREFECT_WORKER_QUERY_SECONDS: setting(float, 10, 'Seconds between polls of a worker'),
  PREFECT_WORKER_PREFETCH_SECONDS: setting(float, 10, 'How long before its time a run is handed to a worker'),
  PREFECT_WORKER_ENABLE_CANCELLATION: setting(bool, false, 'Workers cancel runs that have not started'),
  PREFECT_WORKER_CANCELLATION_POLL_SECONDS: setting(float, 120, 'Seconds between looks for cancelled runs'),
  PREFECT_WORKER_WARM_PROCESSES: setting(int, 1, 'Processes that a process worker prepares for its next runs; 0 starts all cold'),
  PREFECT_WORKER_WEBSERVER_HOST: setting(text, '0.0.0.0', 'Host of the health server of a worker'),
  PREFECT_WORKER_WEBSERVER_PORT: setting(int, 8080, 'Port of the health server of a worker'),
} as const;

function uiUrl(known: { text(name: string): string | null }): string | null {
  return known.text('PREFECT_API_URL')?.replace(/\/api\/?$/, '') ?? null;
}
