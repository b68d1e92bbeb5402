import { bool, float, int, level, seconds, text } from './kinds.ts';
import { optional, secret, setting } from './setting.ts';

/** Settings of the server: what it listens on, its data, its dashboard and its limits. What its background services do is in the next file. */
export const SERVER_SETTINGS = {
  PREFECT_SERVER_API_AUTH_STRING: secret('user:password that every request must carry'),
  PREFECT_SERVER_API_HOST: setting(text, '127.0.0.1', 'Address the server listens on'),
  PREFECT_SERVER_API_PORT: setting(int, 4200, 'Port the server listens on'),
  PREFECT_SERVER_API_BASE_PATH: optional(text, 'Path of the API in place of /api'),
  PREFECT_SERVER_API_TLS_CERT_FILE: optional(text, 'File with the certificate of the server; with it, the server speaks TLS'),
  PREFECT_SERVER_API_TLS_KEY_FILE: optional(text, 'File with the key of that certificate'),
  PREFECT_SERVER_API_TRUSTED_PROXIES: setting(
    text,
    'loopback',
    'Proxies whose X-Forwarded headers count: addresses, networks, *',
  ),
  PREFECT_SERVER_API_DEFAULT_LIMIT: setting(int, 200, 'Objects in an answer, when none is asked for and at most', {
    aliases: ['PREFECT_API_DEFAULT_LIMIT'],
  }),
  PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: setting(int, 5, 'Seconds an idle connection is kept open'),
  PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED: setting(bool, false, 'Changes need a CSRF token', {
    aliases: ['PREFECT_SERVER_CSRF_PROTECTION_ENABLED'],
  }),
  PREFECT_SERVER_API_CSRF_TOKEN_EXPIRATION: setting(seconds, 3600, 'How long a CSRF token is good for', {
    aliases: ['PREFECT_SERVER_CSRF_TOKEN_EXPIRATION'],
  }),
  PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS: setting(text, '*', 'Origins whose pages may call the API', {
    aliases: ['PREFECT_SERVER_CORS_ALLOWED_ORIGINS'],
  }),
  PREFECT_SERVER_API_CORS_ALLOWED_METHODS: setting(text, '*', 'Methods that pages of other origins may use', {
    aliases: ['PREFECT_SERVER_CORS_ALLOWED_METHODS'],
  }),
  PREFECT_SERVER_API_CORS_ALLOWED_HEADERS: setting(text, '*', 'Headers that pages of other origins may send', {
    aliases: ['PREFECT_SERVER_CORS_ALLOWED_HEADERS'],
  }),
  PREFECT_SERVER_API_WEBSOCKET_PING_INTERVAL: setting(float, 20, 'Seconds between pings on a websocket'),
  PREFECT_SERVER_API_WEBSOCKET_PING_TIMEOUT: setting(float, 20, 'Seconds to wait for the answer to a ping'),
  PREFECT_SERVER_API_MAX_PARAMETER_SIZE: setting(int, 524_288, 'Bytes of the parameters of a run; 0: no bound'),

  PREFECT_SERVER_MANAGED_POOLS_ENABLED: setting(bool, false, 'Run flows of managed pools on the machine of the server'),
  PREFECT_SERVER_MANAGED_POOLS_MEMORY_LIMIT: setting(int, 2048, 'Memory that one of their runs may use, in MiB'),
  PREFECT_SERVER_MANAGED_POOLS_TIME_LIMIT: setting(float, 86_400, 'Seconds that one of their runs may take'),
  PREFECT_SERVER_MANAGED_POOLS_RUN_LIMIT: setting(int, 10, 'Their runs that may be under way at once'),

  PREFECT_SERVER_UI_ENABLED: setting(bool, true, 'Serve the dashboard', { aliases: ['PREFECT_UI_ENABLED'] }),
  PREFECT_SERVER_UI_V2_ENABLED: setting(bool, true, 'Accepted for older configurations; there is one dashboard'),
  PREFECT_SERVER_UI_API_URL: optional(text, 'Address of the API told to the dashboard', { aliases: ['PREFECT_UI_API_URL'] }),
  PREFECT_SERVER_UI_SERVE_BASE: setting(text, '/', 'Path the dashboard is served under', { aliases: ['PREFECT_UI_SERVE_BASE'] }),
  PREFECT_SERVER_UI_STATIC_DIRECTORY: optional(text, 'Folder of another build of the dashboard', {
    aliases: ['PREFECT_UI_STATIC_DIRECTORY'],
  }),
  PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT: setting(bool, false, 'Accepted for older configurations; there is none'),

  PREFECT_SERVER_LOGGING_LEVEL: setting(level, 'WARNING', 'Level of logs of the server', {
    aliases: ['PREFECT_LOGGING_SERVER_LEVEL'],
  }),
  PREFECT_SERVER_ANALYTICS_ENABLED: setting(bool, false, 'Accepted for older configurations; nothing is ever sent'),
  PREFECT_SERVER_METRICS_ENABLED: setting(bool, false, 'Serve Prometheus metrics under /api/metrics', {
    aliases: ['PREFECT_API_ENABLE_METRICS'],
  }),
  PREFECT_SERVER_NOTIFICATIONS_ALLOW_PRIVATE_ADDRESSES: optional(
    bool,
    'Webhooks and notifications may go to private networks; by default where only this machine reaches the server',
  ),
  PREFECT_SERVER_NOTIFICATIONS_TIMEOUT_SECONDS: setting(float, 20, 'Seconds an attempt to send a notification may take'),
  PREFECT_SERVER_LOGS_RETENTION_PERIOD: optional(seconds, 'How long lines of log are kept; by default as long as their runs'),
  PREFECT_SERVER_LOG_RETRYABLE_ERRORS: setting(bool, false, 'Log what made the server answer 503', {
    aliases: ['PREFECT_API_LOG_RETRYABLE_ERRORS'],
  }),
  PREFECT_SERVER_REGISTER_BLOCKS_ON_START: setting(bool, true, 'Make the built-in block types at start', {
    aliases: ['PREFECT_API_BLOCKS_REGISTER_ON_START'],
  }),
  PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION: setting(bool, true, 'Accepted for older configurations; has no effect', {
    aliases: ['PREFECT_MEMOIZE_BLOCK_AUTO_REGISTRATION'],
  }),
  PREFECT_SERVER_MEMO_STORE_PATH: setting(
    text,
    ({ home }) => `${home}/memo_store.toml`,
    'Accepted for older configurations; has no effect',
    { aliases: ['PREFECT_MEMO_STORE_PATH'] },
  ),
  PREFECT_SERVER_DEPLOYMENT_SCHEDULE_MAX_SCHEDULED_RUNS: setting(int, 50, 'Runs made ahead for a deployment on demand', {
    aliases: ['PREFECT_DEPLOYMENT_SCHEDULE_MAX_SCHEDULED_RUNS'],
  }),
  PREFECT_SERVER_EPHEMERAL_ENABLED: setting(bool, false, 'Python clients without an API URL may start a server of their own', {
    aliases: ['PREFECT_SERVER_ALLOW_EPHEMERAL_MODE'],
  }),
  PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS: setting(int, 20, 'Seconds such a server may take to start'),

  PREFECT_SERVER_DATABASE_CONNECTION_URL: secret('Where the data is: sqlite:///path or postgresql://user:password@host/name', {
    aliases: ['PREFECT_API_DATABASE_CONNECTION_URL'],
  }),
  PREFECT_SERVER_DATABASE_DRIVER: optional(text, 'Kind of database, where no URL is given', {
    aliases: ['PREFECT_API_DATABASE_DRIVER'],
  }),
  PREFECT_SERVER_DATABASE_HOST: optional(text, 'Host of the database, where no URL is given', {
    aliases: ['PREFECT_API_DATABASE_HOST'],
  }),
  PREFECT_SERVER_DATABASE_PORT: optional(int, 'Port of the database, where no URL is given', {
    aliases: ['PREFECT_API_DATABASE_PORT'],
  }),
  PREFECT_SERVER_DATABASE_USER: optional(text, 'User of the database, where no URL is given', {
    aliases: ['PREFECT_API_DATABASE_USER'],
  }),
  PREFECT_SERVER_DATABASE_NAME: optional(text, 'Name of the database, where no URL is given', {
    aliases: ['PREFECT_API_DATABASE_NAME'],
  }),
  PREFECT_SERVER_DATABASE_PASSWORD: secret('Password of the database; also put into the URL where it says so', {
    aliases: ['PREFECT_API_DATABASE_PASSWORD'],
  }),
  PREFECT_SERVER_DATABASE_ECHO: setting(bool, false, 'Log each SQL statement', { aliases: ['PREFECT_API_DATABASE_ECHO'] }),
  PREFECT_SERVER_DATABASE_MIGRATE_ON_START: setting(bool, true, 'Bring the schema up to date at start', {
    aliases: ['PREFECT_API_DATABASE_MIGRATE_ON_START'],
  }),
  PREFECT_SERVER_DATABASE_TIMEOUT: setting<number | null>(float, 10, 'Seconds a statement may take', {
    aliases: ['PREFECT_API_DATABASE_TIMEOUT'],
  }),
  PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT: setting<number | null>(float, 5, 'Seconds to wait for a connection', {
    aliases: ['PREFECT_API_DATABASE_CONNECTION_TIMEOUT'],
  }),
  PREFECT_SERVER_DATABASE_MIGRATION_TIMEOUT: optional(float, 'Seconds a migration may take'),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_POOL_SIZE: setting(int, 5, 'Connections to PostgreSQL kept open', {
    aliases: ['PREFECT_SQLALCHEMY_POOL_SIZE'],
  }),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_MAX_OVERFLOW: setting(int, 10, 'Further connections to PostgreSQL under load', {
    aliases: ['PREFECT_SQLALCHEMY_MAX_OVERFLOW'],
  }),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_POOL_RECYCLE: setting(int, 3600, 'Seconds after which a connection is renewed'),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_POOL_TIMEOUT: setting<number | null>(float, 30, 'Seconds to wait for a free connection'),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_APPLICATION_NAME: optional(
    text,
    'Name that PostgreSQL shows for the connections',
  ),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_SEARCH_PATH: optional(text, 'PostgreSQL schema of the tables'),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_STATEMENT_CACHE_SIZE: optional(
    int,
    'Accepted for older configurations; has no effect',
  ),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_PREPARED_STATEMENT_CACHE_SIZE: optional(
    int,
    'Accepted for older configurations; has no effect',
  ),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_ENABLED: setting(bool, false, 'Encrypt the connection to PostgreSQL'),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_CA_FILE: optional(text, 'Certificates that PostgreSQL must be signed by'),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_CERT_FILE: optional(text, 'Certificate shown to PostgreSQL'),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_KEY_FILE: optional(text, 'Key of that certificate'),
  PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_CHECK_HOSTNAME: setting(
    bool,
    true,
    'The certificate of PostgreSQL must name its host',
  ),

  PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE: setting(
    text,
    'prefect.server.concurrency.lease_storage.memory',
    'Where leases of concurrency slots are kept',
  ),
  PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION: setting(
    float,
    300,
    'Seconds a run of a limited deployment has to start',
  ),
  PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS: setting(
    float,
    30,
    'Seconds after which a client asks again for a slot',
  ),
  PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS: setting(
    float,
    30,
    'Seconds after which a run asks again for a slot of its deployment',
    { aliases: ['PREFECT_DEPLOYMENT_CONCURRENCY_SLOT_WAIT_SECONDS'] },
  ),
  PREFECT_SERVER_DOCKET_NAME: setting(text, 'prefect-server', 'Name under which servers share background work'),
  PREFECT_SERVER_DOCKET_URL: setting(text, 'memory://', 'What carries background work between servers'),
  PREFECT_SERVER_FLOW_RUN_GRAPH_MAX_NODES: setting(int, 10_000, 'Nodes the graph of a run may have', {
    aliases: ['PREFECT_API_MAX_FLOW_RUN_GRAPH_NODES'],
  }),
  PREFECT_SERVER_FLOW_RUN_GRAPH_MAX_ARTIFACTS: setting(int, 10_000, 'Artifacts the graph of a run may have', {
    aliases: ['PREFECT_API_MAX_FLOW_RUN_GRAPH_ARTIFACTS'],
  }),
  PREFECT_SERVER_TASKS_MAX_CACHE_KEY_LENGTH: setting(int, 2000, 'Characters a cache key may have', {
    aliases: ['PREFECT_API_TASK_CACHE_KEY_MAX_LENGTH'],
  }),
  PREFECT_SERVER_TASKS_TAG_CONCURRENCY_SLOT_WAIT_SECONDS: setting(
    float,
    10,
    'Seconds after which a task asks again for a slot of its tag',
    { aliases: ['PREFECT_TASK_RUN_TAG_CONCURRENCY_SLOT_WAIT_SECONDS'] },
  ),
  PREFECT_SERVER_TASKS_SCHEDULING_MAX_SCHEDULED_QUEUE_SIZE: setting(int, 1000, 'Background tasks that may wait', {
    aliases: ['PREFECT_TASK_SCHEDULING_MAX_SCHEDULED_QUEUE_SIZE'],
  }),
  PREFECT_SERVER_TASKS_SCHEDULING_MAX_RETRY_QUEUE_SIZE: setting(int, 100, 'Background tasks that may wait for another try', {
    aliases: ['PREFECT_TASK_SCHEDULING_MAX_RETRY_QUEUE_SIZE'],
  }),
  PREFECT_SERVER_TASKS_SCHEDULING_PENDING_TASK_TIMEOUT: setting(
    seconds,
    0,
    'How long a background task may stay pending; 0: for ever',
    { aliases: ['PREFECT_TASK_SCHEDULING_PENDING_TASK_TIMEOUT'] },
  ),
  PREFECT_SERVER_WORKER_CHANNEL_CLEANUP_QUEUE_STORAGE: setting(
    text,
    'prefect.server.worker_communication.cleanup_queue.memory',
    'Where clean-up work for workers is kept',
  ),
  PREFECT_SERVER_WORKER_CHANNEL_CLEANUP_LEASE_SECONDS: setting(float, 30, 'Seconds a worker has for a piece of clean-up'),
  PREFECT_SERVER_WORKER_CHANNEL_CLEANUP_MAX_DELIVERY_ATTEMPTS: setting(
    int,
    3,
    'Workers asked to do a piece of clean-up before it is dropped',
  ),
  PREFECT_SERVER_WORKER_CHANNEL_CLEANUP_COMPLETED_IDEMPOTENCY_RETENTION_SECONDS: optional(
    float,
    'Seconds that finished clean-up is remembered',
  ),
} as const;
