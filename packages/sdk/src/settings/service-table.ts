import { bool, boolOrList, float, int, json, seconds, text } from './kinds.ts';
import { setting } from './setting.ts';

/** Settings of the services inside the server, and of the events and logs that flow through it. */
export const SERVICE_SETTINGS = {
  PREFECT_SERVER_EVENTS_STREAM_OUT_ENABLED: setting(bool, true, 'Let clients follow events on a websocket', {
    aliases: ['PREFECT_API_EVENTS_STREAM_OUT_ENABLED'],
  }),
  PREFECT_SERVER_EVENTS_RELATED_RESOURCE_CACHE_TTL: setting(
    seconds,
    300,
    'How long what is known about related resources is kept',
    { aliases: ['PREFECT_API_EVENTS_RELATED_RESOURCE_CACHE_TTL'] },
  ),
  PREFECT_SERVER_EVENTS_MAXIMUM_LABELS_PER_RESOURCE: setting(int, 500, 'Labels a resource of an event may have', {
    aliases: ['PREFECT_EVENTS_MAXIMUM_LABELS_PER_RESOURCE'],
  }),
  PREFECT_SERVER_EVENTS_MAXIMUM_RELATED_RESOURCES: setting(int, 100, 'Related resources an event may have', {
    aliases: ['PREFECT_EVENTS_MAXIMUM_RELATED_RESOURCES'],
  }),
  PREFECT_SERVER_EVENTS_MAXIMUM_SIZE_BYTES: setting(int, 1_500_000, 'Bytes an event may have', {
    aliases: ['PREFECT_EVENTS_MAXIMUM_SIZE_BYTES'],
  }),
  PREFECT_SERVER_EVENTS_MAXIMUM_EVENT_NAME_LENGTH: setting(int, 1024, 'Characters the name of an event may have'),
  PREFECT_SERVER_EVENTS_EXPIRED_BUCKET_BUFFER: setting(seconds, 60, 'How long what triggers counted is kept after its time', {
    aliases: ['PREFECT_EVENTS_EXPIRED_BUCKET_BUFFER'],
  }),
  PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY: setting(seconds, 5, 'How often triggers look for what did not happen', {
    aliases: ['PREFECT_EVENTS_PROACTIVE_GRANULARITY'],
  }),
  PREFECT_SERVER_EVENTS_RETENTION_PERIOD: setting(seconds, 604_800, 'How long events are kept', {
    aliases: ['PREFECT_EVENTS_RETENTION_PERIOD'],
  }),
  PREFECT_SERVER_EVENTS_MAXIMUM_WEBSOCKET_BACKFILL: setting(seconds, 900, 'How far back a stream of events may begin', {
    aliases: ['PREFECT_EVENTS_MAXIMUM_WEBSOCKET_BACKFILL'],
  }),
  PREFECT_SERVER_EVENTS_WEBSOCKET_BACKFILL_PAGE_SIZE: setting(int, 250, 'Past events read at once for a stream', {
    aliases: ['PREFECT_EVENTS_WEBSOCKET_BACKFILL_PAGE_SIZE'],
  }),
  PREFECT_SERVER_EVENTS_MESSAGING_BROKER: setting(
    text,
    'prefect.server.utilities.messaging.memory',
    'What carries events between servers; prefect_redis.messaging: Redis',
    { aliases: ['PREFECT_MESSAGING_BROKER'] },
  ),
  PREFECT_SERVER_EVENTS_MESSAGING_CACHE: setting(
    text,
    'prefect.server.utilities.messaging.memory',
    'Where seen events are remembered; prefect_redis.messaging: Redis',
    { aliases: ['PREFECT_MESSAGING_CACHE'] },
  ),
  PREFECT_SERVER_EVENTS_CAUSAL_ORDERING: setting(
    text,
    'prefect.server.events.ordering.memory',
    'Where events wait for those they follow',
  ),
  PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED: setting(bool, false, 'Let clients follow logs on a websocket'),
  PREFECT_SERVER_LOGS_STREAM_PUBLISHING_ENABLED: setting(bool, false, 'Publish logs for such streams'),

  PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED: setting(bool, true, 'Cancel what belongs to cancelled runs', {
    aliases: ['PREFECT_API_SERVICES_CANCELLATION_CLEANUP_ENABLED'],
  }),
  PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS: setting(float, 20, 'Seconds between its rounds', {
    aliases: ['PREFECT_API_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS'],
  }),
  PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_CANCELLING_TIMEOUT_SECONDS: setting(
    float,
    300,
    'Seconds after which a run that does not stop counts as cancelled',
  ),
  PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_ENABLED: setting(bool, true, 'Hand clean-up of infrastructure to workers'),
  PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_LOOP_SECONDS: setting(float, 5, 'Seconds between its rounds'),
  PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_BATCH_SIZE: setting(int, 100, 'Runs it looks at in a round'),
  PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED: setting(
    boolOrList,
    ['events'],
    'What is removed when it is old: events, flow_runs, orphans',
  ),
  PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS: setting(float, 3600, 'Seconds between its rounds'),
  PREFECT_SERVER_SERVICES_DB_VACUUM_ORPHAN_CLEANUP_LOOP_SECONDS: setting(
    float,
    86_400,
    'Seconds between removals of what belongs to nothing',
  ),
  PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD: setting(seconds, 7_776_000, 'How long finished runs are kept'),
  PREFECT_SERVER_SERVICES_DB_VACUUM_BATCH_SIZE: setting(int, 200, 'Rows removed at once'),
  PREFECT_SERVER_SERVICES_DB_VACUUM_EVENT_RETENTION_OVERRIDES: setting<unknown>(
    json,
    { 'prefect.flow-run.heartbeat': 604_800 },
    'Seconds that events of a name are kept, as a JSON object',
  ),
  PREFECT_SERVER_SERVICES_EVENT_LOGGER_ENABLED: setting(bool, false, 'Write each event to the log of the server', {
    aliases: ['PREFECT_API_SERVICES_EVENT_LOGGER_ENABLED'],
  }),
  PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED: setting(bool, true, 'Keep events that clients send', {
    aliases: ['PREFECT_API_SERVICES_EVENT_PERSISTER_ENABLED'],
  }),
  PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE: setting(int, 20, 'Events written at once', {
    aliases: ['PREFECT_API_SERVICES_EVENT_PERSISTER_BATCH_SIZE'],
  }),
  PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE: setting(int, 1, 'Events read at once', {
    aliases: ['PREFECT_API_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE'],
  }),
  PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL: setting(
    float,
    5,
    'Seconds after which events are written however few there are',
    { aliases: ['PREFECT_API_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL'] },
  ),
  PREFECT_SERVER_SERVICES_EVENT_PERSISTER_QUEUE_MAX_SIZE: setting(int, 50_000, 'Events held back at most'),
  PREFECT_SERVER_SERVICES_EVENT_PERSISTER_MAX_FLUSH_RETRIES: setting(int, 5, 'Tries to write events before they are dropped'),
  PREFECT_SERVER_SERVICES_FOREMAN_ENABLED: setting(bool, true, 'Watch workers, pools and queues', {
    aliases: ['PREFECT_API_SERVICES_FOREMAN_ENABLED'],
  }),
  PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS: setting(float, 15, 'Seconds between its rounds', {
    aliases: ['PREFECT_API_SERVICES_FOREMAN_LOOP_SECONDS'],
  }),
  PREFECT_SERVER_SERVICES_FOREMAN_INACTIVITY_HEARTBEAT_MULTIPLE: setting(
    int,
    3,
    'Missed heartbeats after which a worker is offline',
    { aliases: ['PREFECT_API_SERVICES_FOREMAN_INACTIVITY_HEARTBEAT_MULTIPLE'] },
  ),
  PREFECT_SERVER_SERVICES_FOREMAN_FALLBACK_HEARTBEAT_INTERVAL_SECONDS: setting(
    int,
    30,
    'Seconds between heartbeats of workers that do not say',
    { aliases: ['PREFECT_API_SERVICES_FOREMAN_FALLBACK_HEARTBEAT_INTERVAL_SECONDS'] },
  ),
  PREFECT_SERVER_SERVICES_FOREMAN_DEPLOYMENT_LAST_POLLED_TIMEOUT_SECONDS: setting(
    int,
    60,
    'Seconds without a poll after which a deployment is not ready',
    { aliases: ['PREFECT_API_SERVICES_FOREMAN_DEPLOYMENT_LAST_POLLED_TIMEOUT_SECONDS'] },
  ),
  PREFECT_SERVER_SERVICES_FOREMAN_WORK_QUEUE_LAST_POLLED_TIMEOUT_SECONDS: setting(
    int,
    60,
    'Seconds without a poll after which a queue is not ready',
    { aliases: ['PREFECT_API_SERVICES_FOREMAN_WORK_QUEUE_LAST_POLLED_TIMEOUT_SECONDS'] },
  ),
  PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED: setting(bool, true, 'Mark runs that did not start in time', {
    aliases: ['PREFECT_API_SERVICES_LATE_RUNS_ENABLED'],
  }),
  PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS: setting(float, 5, 'Seconds between its rounds', {
    aliases: ['PREFECT_API_SERVICES_LATE_RUNS_LOOP_SECONDS'],
  }),
  PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS: setting(seconds, 15, 'How late a run may start before it is marked', {
    aliases: ['PREFECT_API_SERVICES_LATE_RUNS_AFTER_SECONDS'],
  }),
  PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED: setting(bool, true, 'Fail paused runs that nobody resumed', {
    aliases: ['PREFECT_API_SERVICES_PAUSE_EXPIRATIONS_ENABLED'],
  }),
  PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS: setting(float, 5, 'Seconds between its rounds', {
    aliases: ['PREFECT_API_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS'],
  }),
  PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED: setting(bool, true, 'Take back concurrency slots of clients that are gone'),
  PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS: setting(float, 15, 'Seconds between its rounds'),
  PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED: setting(bool, true, 'Make the runs that schedules ask for', {
    aliases: ['PREFECT_API_SERVICES_SCHEDULER_ENABLED'],
  }),
  PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS: setting(float, 60, 'Seconds between its rounds', {
    aliases: ['PREFECT_API_SERVICES_SCHEDULER_LOOP_SECONDS'],
  }),
  PREFECT_SERVER_SERVICES_SCHEDULER_DEPLOYMENT_BATCH_SIZE: setting(int, 100, 'Deployments looked at together', {
    aliases: ['PREFECT_API_SERVICES_SCHEDULER_DEPLOYMENT_BATCH_SIZE'],
  }),
  PREFECT_SERVER_SERVICES_SCHEDULER_INSERT_BATCH_SIZE: setting(int, 500, 'Runs written together', {
    aliases: ['PREFECT_API_SERVICES_SCHEDULER_INSERT_BATCH_SIZE'],
  }),
  PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS: setting(int, 100, 'Runs made ahead of a schedule at most', {
    aliases: ['PREFECT_API_SERVICES_SCHEDULER_MAX_RUNS'],
  }),
  PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS: setting(int, 3, 'Runs made ahead of a schedule at least', {
    aliases: ['PREFECT_API_SERVICES_SCHEDULER_MIN_RUNS'],
  }),
  PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME: setting(seconds, 8_640_000, 'How far ahead runs are made at most', {
    aliases: ['PREFECT_API_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME'],
  }),
  PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME: setting(seconds, 3600, 'How far ahead runs are made at least', {
    aliases: ['PREFECT_API_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME'],
  }),
  PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS: setting(
    float,
    5,
    'Seconds between looks at deployments that just changed',
  ),
  PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED: setting(bool, true, 'Keep task runs from the events that clients send', {
    aliases: ['PREFECT_API_SERVICES_TASK_RUN_RECORDER_ENABLED'],
  }),
  PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE: setting(int, 1, 'Events it reads at once'),
  PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE: setting(int, 1, 'Task runs it writes at once'),
  PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL: setting(
    float,
    5,
    'Seconds after which task runs are written however few there are',
  ),
  PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED: setting(bool, true, 'Run automations', {
    aliases: ['PREFECT_API_SERVICES_TRIGGERS_ENABLED'],
  }),
  PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE: setting(int, 1, 'Events that triggers read at once'),
  PREFECT_SERVER_SERVICES_TRIGGERS_PG_NOTIFY_RECONNECT_INTERVAL_SECONDS: setting(
    int,
    10,
    'Seconds before listening to PostgreSQL is tried again',
  ),
  PREFECT_SERVER_SERVICES_TRIGGERS_PG_NOTIFY_HEARTBEAT_INTERVAL_SECONDS: setting(
    int,
    5,
    'Seconds between checks of that connection',
  ),
} as const;
