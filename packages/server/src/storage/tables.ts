import type { Micros, StateType } from '@prefect-ts/protocol';
import type { Generated, GeneratedAlways } from '#kysely';

/** A JSON document as text; both databases hand it over unparsed, so that a row costs no parsing until somebody looks. */
export type JsonText = string;

/** Booleans are 0 and 1 in both databases. */
export type Flag = 0 | 1;

interface Entity {
  id: string;
  created: Micros;
  updated: Micros;
}

export interface FlowTable extends Entity {
  name: string;
  tags: JsonText;
  labels: JsonText;
}

/** The columns that flow runs and task runs share; the current state is kept whole on the run, so that reading a run is one row. */
export interface RunColumns extends Entity {
  name: string;
  state_id: string | null;
  state_type: StateType | null;
  state_name: string | null;
  state_timestamp: Micros | null;
  state: JsonText | null;
  tags: JsonText;
  labels: JsonText;
  run_count: number;
  expected_start_time: Micros | null;
  next_scheduled_start_time: Micros | null;
  start_time: Micros | null;
  end_time: Micros | null;
  /** Microseconds. */
  total_run_time: Micros;
  empirical_policy: JsonText;
}

export interface FlowRunTable extends RunColumns {
  flow_id: string;
  deployment_id: string | null;
  deployment_version: string | null;
  work_queue_id: string | null;
  work_queue_name: string | null;
  flow_version: string | null;
  parameters: JsonText;
  idempotency_key: string | null;
  context: JsonText;
  parent_task_run_id: string | null;
  auto_scheduled: Flag;
  infrastructure_document_id: string | null;
  infrastructure_pid: string | null;
  created_by: JsonText | null;
  job_variables: JsonText | null;
}

export interface TaskRunTable extends RunColumns {
  flow_run_id: string | null;
  task_key: string;
  dynamic_key: string;
  cache_key: string | null;
  cache_expiration: Micros | null;
  task_version: string | null;
  task_inputs: JsonText;
  flow_run_run_count: number;
}

interface StateColumns {
  id: string;
  timestamp: Micros;
  type: StateType;
  name: string;
  message: string | null;
  state_details: JsonText;
  data: JsonText | null;
}

export interface FlowRunStateTable extends StateColumns {
  flow_run_id: string;
}

export interface TaskRunStateTable extends StateColumns {
  task_run_id: string;
}

export interface TaskRunStateCacheTable {
  id: string;
  created: Micros;
  cache_key: string;
  cache_expiration: Micros | null;
  state: JsonText;
}

export interface DeploymentTable extends Entity {
  name: string;
  flow_id: string;
  version: string | null;
  description: string | null;
  paused: Flag;
  concurrency_limit_id: string | null;
  concurrency_options: JsonText | null;
  job_variables: JsonText;
  parameters: JsonText;
  tags: JsonText;
  labels: JsonText;
  work_queue_id: string | null;
  work_queue_name: string | null;
  last_polled: Micros | null;
  parameter_openapi_schema: JsonText;
  path: string | null;
  pull_steps: JsonText | null;
  entrypoint: string | null;
  storage_document_id: string | null;
  infrastructure_document_id: string | null;
  created_by: JsonText | null;
  updated_by: JsonText | null;
  status: 'READY' | 'NOT_READY';
  enforce_parameter_schema: Flag;
}

export interface DeploymentScheduleTable extends Entity {
  deployment_id: string;
  schedule: JsonText;
  active: Flag;
  max_scheduled_runs: number | null;
  parameters: JsonText;
  slug: string | null;
}

export type PoolStatus = 'READY' | 'NOT_READY' | 'PAUSED';

export interface WorkPoolTable extends Entity {
  name: string;
  description: string | null;
  type: string;
  base_job_template: JsonText;
  is_paused: Flag;
  concurrency_limit: number | null;
  status: PoolStatus | null;
  default_queue_id: string | null;
  storage_configuration: JsonText;
  last_transitioned_status_at: Micros | null;
}

export interface WorkQueueTable extends Entity {
  work_pool_id: string;
  name: string;
  description: string;
  is_paused: Flag;
  concurrency_limit: number | null;
  priority: number;
  filter: JsonText | null;
  last_polled: Micros | null;
  status: PoolStatus;
}

export interface WorkerTable extends Entity {
  work_pool_id: string;
  name: string;
  last_heartbeat_time: Micros | null;
  heartbeat_interval_seconds: number | null;
  status: 'ONLINE' | 'OFFLINE';
}

export interface ConcurrencyLimitTable extends Entity {
  name: string;
  limit: number;
  active: Flag;
  active_slots: number;
  denied_slots: number;
  slot_decay_per_second: number;
  avg_slot_occupancy_seconds: number;
}

export interface ConcurrencyLeaseTable {
  id: string;
  created: Micros;
  expiration: Micros;
  /** The ids of the limits whose slots this lease holds. */
  resource_ids: JsonText;
  slots: number;
  holder_type: string | null;
  holder_id: string | null;
}

export interface LogTable {
  id: string;
  created: Micros;
  name: string;
  level: number;
  message: string;
  timestamp: Micros;
  flow_run_id: string | null;
  task_run_id: string | null;
  worker_id: string | null;
}

export interface FlowRunInputTable extends Entity {
  flow_run_id: string;
  key: string;
  value: string;
  sender: string | null;
}

export interface ArtifactTable extends Entity {
  key: string | null;
  type: string | null;
  data: JsonText | null;
  description: string | null;
  metadata: JsonText | null;
  flow_run_id: string | null;
  task_run_id: string | null;
}

/** The newest artifact of a key, kept as a row of its own. */
export interface ArtifactCollectionTable extends Entity {
  key: string;
  latest_id: string;
  type: string | null;
  data: JsonText | null;
  description: string | null;
  metadata: JsonText | null;
  flow_run_id: string | null;
  task_run_id: string | null;
}

export interface VariableTable extends Entity {
  name: string;
  value: JsonText;
  tags: JsonText;
}

export interface BlockTypeTable extends Entity {
  name: string;
  slug: string;
  logo_url: string | null;
  documentation_url: string | null;
  description: string | null;
  code_example: string | null;
  is_protected: Flag;
}

export interface BlockSchemaTable extends Entity {
  checksum: string;
  version: string;
  /** As posted, without the definitions of other blocks. */
  fields: JsonText;
  capabilities: JsonText;
  block_type_id: string;
}

/** A property of a block that holds another block. */
export interface BlockSchemaReferenceTable {
  id: string;
  name: string;
  position: number;
  parent_id: string;
  reference_id: string;
}

export interface BlockDocumentTable extends Entity {
  name: string;
  /** Encrypted; without what other documents hold. */
  data: string;
  is_anonymous: Flag;
  block_type_name: string;
  block_schema_id: string;
  block_type_id: string;
}

export interface BlockDocumentReferenceTable {
  id: string;
  name: string;
  parent_id: string;
  reference_id: string;
}

export interface SavedSearchTable extends Entity {
  name: string;
  filters: JsonText;
}

export interface CsrfTokenTable extends Entity {
  client: string;
  token: string;
  expiration: Micros;
}

/** What servers on one database must agree upon. */
export interface ConfigurationTable {
  key: string;
  value: string;
}

/** Where results go that name no storage; the row goes with the document. */
export interface DefaultResultStorageTable {
  scope: 'server';
  block_document_id: string;
}

/**
 * Everything that happened, in the order in which it was committed: the feed of events and the outbox in one table. The newest row is never
 * deleted, since the position of the next one follows from it.
 */
export interface EventTable {
  position: GeneratedAlways<number>;
  id: string;
  occurred: Micros;
  received: Micros;
  event: string;
  resource_id: string;
  /** The whole event as it goes over the wire, `received` included. */
  body: JsonText;
}

export interface AutomationTable extends Entity {
  name: string;
  description: string;
  enabled: Flag;
  tags: JsonText;
  trigger: JsonText;
  actions: JsonText;
  actions_on_trigger: JsonText;
  actions_on_resolve: JsonText;
}

/** What an automation belongs to (`owned`), or acts upon. */
export interface AutomationRelationTable {
  automation_id: string;
  resource_id: string;
  owned: Flag;
}

/** What a trigger has counted for one combination of labels. */
export interface AutomationBucketTable {
  trigger_id: string;
  /** The values of the labels as a JSON list. */
  bucketing_key: string;
  automation_id: string;
  starts: Micros;
  ends: Micros;
  count: number;
  last_event: string | null;
}

/** The latest firing of a trigger inside of another. */
export interface AutomationChildFiringTable {
  trigger_id: string;
  parent_id: string;
  automation_id: string;
  triggered: Micros;
  firing: string;
}

/** An event that waits for the one that it follows. */
export interface AutomationFollowerTable {
  position: number;
  id: string;
  leader_id: string;
  received: Micros;
}

/** Up to where triggers have seen the events. */
export interface AutomationCursorTable {
  name: string;
  position: number;
}

/** An action that is decided and not carried out yet. */
export interface AutomationActionTable {
  /** The invocation. */
  id: string;
  due: Micros;
  attempts: number;
  message: string;
}

/** A named claim that at most one server holds: what makes a service run once in a group. */
export interface ServiceLeaseTable {
  name: string;
  holder: string;
  expiration: Micros;
}

/** A connection over which somebody takes background tasks; a row that nobody renews has lost its connection. */
export interface TaskWorkerTable {
  id: string;
  /** As the client names itself. */
  identifier: string;
  task_keys: JsonText;
  observed: Micros;
  /** The server that holds the connection. */
  server: string;
  expiration: Micros;
}

/** A background task that no worker has acknowledged yet. */
export interface QueuedTaskRunTable {
  task_run_id: string;
  task_key: string;
  is_retry: Flag;
  queued: Micros;
  /** To whom it was handed. */
  task_worker_id: string | null;
}

/** The last heartbeat of a flow run's process. */
export interface FlowRunHeartbeatTable {
  flow_run_id: string;
  /** By the clock of the process. */
  occurred: Micros;
  /** By the clock of the server. */
  heard: Micros;
  /** The longest time seen between two heartbeats. */
  spacing: Micros | null;
}

/** Infrastructure that a worker should take down, since its flow run ended without it. */
export interface WorkerCleanupTable {
  id: string;
  created: Micros;
  work_pool_id: string;
  work_queue_id: string;
  kind: string;
  /** What is to be taken down. */
  target: JsonText;
  /** How often it was handed out. */
  delivery_count: number;
  /** Names the last handing out; null when nobody has it. */
  reservation_token: string | null;
  reservation_expiration: Micros | null;
}

export interface MigrationTable {
  version: number;
  name: string;
  applied: Generated<Micros>;
}

export interface Tables {
  flow: FlowTable;
  flow_run: FlowRunTable;
  flow_run_state: FlowRunStateTable;
  flow_run_input: FlowRunInputTable;
  task_run: TaskRunTable;
  task_run_state: TaskRunStateTable;
  task_run_state_cache: TaskRunStateCacheTable;
  deployment: DeploymentTable;
  deployment_schedule: DeploymentScheduleTable;
  work_pool: WorkPoolTable;
  work_queue: WorkQueueTable;
  worker: WorkerTable;
  concurrency_limit: ConcurrencyLimitTable;
  concurrency_lease: ConcurrencyLeaseTable;
  log: LogTable;
  artifact: ArtifactTable;
  artifact_collection: ArtifactCollectionTable;
  variable: VariableTable;
  block_type: BlockTypeTable;
  block_schema: BlockSchemaTable;
  block_schema_reference: BlockSchemaReferenceTable;
  block_document: BlockDocumentTable;
  block_document_reference: BlockDocumentReferenceTable;
  saved_search: SavedSearchTable;
  csrf_token: CsrfTokenTable;
  configuration: ConfigurationTable;
  default_result_storage: DefaultResultStorageTable;
  event: EventTable;
  automation: AutomationTable;
  automation_relation: AutomationRelationTable;
  automation_bucket: AutomationBucketTable;
  automation_child_firing: AutomationChildFiringTable;
  automation_follower: AutomationFollowerTable;
  automation_cursor: AutomationCursorTable;
  automation_action: AutomationActionTable;
  service_lease: ServiceLeaseTable;
  task_worker: TaskWorkerTable;
  queued_task_run: QueuedTaskRunTable;
  flow_run_heartbeat: FlowRunHeartbeatTable;
  worker_cleanup: WorkerCleanupTable;
  migration: MigrationTable;
}
