// Written by generate.ts from the contract document. Do not edit.

export interface APISettings {
  auth_string: string | null;
  enable_http2: boolean;
  key: string | null;
  request_timeout: number;
  ssl_cert_file: string | null;
  tls_insecure_skip_verify: boolean;
  url: string | null;
}

export interface Artifact {
  created: string | null;
  data: Record<string, unknown> | unknown | null;
  description: string | null;
  flow_run_id: string | null;
  id: string;
  key: string | null;
  metadata_: Record<string, string> | null;
  task_run_id: string | null;
  type: string | null;
  updated: string | null;
}

export interface ArtifactCollection {
  created: string | null;
  data: Record<string, unknown> | unknown | null;
  description: string | null;
  flow_run_id: string | null;
  id: string;
  key: string;
  latest_id: string;
  metadata_: Record<string, string> | null;
  task_run_id: string | null;
  type: string | null;
  updated: string | null;
}

export interface Automation {
  actions: Array<DoNothing | RunDeploymentOutput | PauseDeployment | ResumeDeployment | CancelFlowRun | DeleteFlowRun | ChangeFlowRunState | PauseWorkQueue | ResumeWorkQueue | SendNotification | CallWebhook | PauseAutomation | ResumeAutomation | SuspendFlowRun | ResumeFlowRun | PauseWorkPool | ResumeWorkPool>;
  actions_on_resolve: Array<DoNothing | RunDeploymentOutput | PauseDeployment | ResumeDeployment | CancelFlowRun | DeleteFlowRun | ChangeFlowRunState | PauseWorkQueue | ResumeWorkQueue | SendNotification | CallWebhook | PauseAutomation | ResumeAutomation | SuspendFlowRun | ResumeFlowRun | PauseWorkPool | ResumeWorkPool>;
  actions_on_trigger: Array<DoNothing | RunDeploymentOutput | PauseDeployment | ResumeDeployment | CancelFlowRun | DeleteFlowRun | ChangeFlowRunState | PauseWorkQueue | ResumeWorkQueue | SendNotification | CallWebhook | PauseAutomation | ResumeAutomation | SuspendFlowRun | ResumeFlowRun | PauseWorkPool | ResumeWorkPool>;
  created: string | null;
  description: string;
  enabled: boolean;
  id: string;
  name: string;
  tags: Array<string>;
  trigger: EventTriggerOutput | CompoundTriggerOutput | SequenceTriggerOutput;
  updated: string | null;
}

export interface AutomationTestFiring {
  since: string;
  until: string;
  events: number;
  complete: boolean;
  count: number;
  firings: Array<AutomationTestFiringEntry>;
}

export interface AutomationTestFiringEntry {
  triggered: string;
  triggering_labels: Record<string, string>;
  triggering_event: AutomationTestFiringEvent | null;
}

export interface AutomationTestFiringEvent {
  id: string;
  event: string;
  occurred: string;
  resource: Record<string, string>;
}

export interface BlockDocument {
  block_document_references: Record<string, Record<string, unknown>>;
  block_schema: BlockSchema | null;
  block_schema_id: string;
  block_type: BlockType | null;
  block_type_id: string;
  block_type_name: string | null;
  created: string | null;
  data: Record<string, unknown>;
  id: string;
  is_anonymous: boolean;
  name: string | null;
  updated: string | null;
}

export interface BlockSchema {
  block_type: BlockType | null;
  block_type_id: string | null;
  capabilities: Array<string>;
  checksum: string;
  created: string | null;
  fields: Record<string, unknown>;
  id: string;
  updated: string | null;
  version: string;
}

export interface BlockType {
  code_example: string | null;
  created: string | null;
  description: string | null;
  documentation_url: string | null;
  id: string;
  is_protected: boolean;
  logo_url: string | null;
  name: string;
  slug: string;
  updated: string | null;
}

export interface CLISettings {
  colors: boolean;
  prompt: boolean | null;
  wrap_lines: boolean;
}

export interface CallWebhook {
  block_document_id: string;
  payload: string;
  type: "call-webhook";
}

export interface CancelFlowRun {
  type: "cancel-flow-run";
}

export interface ChangeFlowRunState {
  force: boolean;
  message: string | null;
  name: string | null;
  state: StateType;
  type: "change-flow-run-state";
}

export interface ClientMetricsSettings {
  enabled: boolean;
  port: number;
}

export interface ClientSettings {
  csrf_support_enabled: boolean;
  custom_headers: Record<string, string>;
  max_retries: number;
  metrics: ClientMetricsSettings;
  retry_extra_codes: string | number | Array<number> | null;
  retry_jitter_factor: number;
  server_version_check_enabled: boolean;
}

export interface CloudSettings {
  api_url: string;
  enable_orchestration_telemetry: boolean;
  max_log_size: number;
  ui_url: string | null;
}

export interface CompoundTriggerOutput {
  id: string;
  require: number | "any" | "all";
  triggers: Array<EventTriggerOutput | CompoundTriggerOutput | SequenceTriggerOutput>;
  type: "compound";
  within: number | null;
}

export interface ConcurrencyLimit {
  active_slots: Array<string>;
  concurrency_limit: number;
  created: string | null;
  id: string;
  tag: string;
  updated: string | null;
}

export type ConcurrencyLimitStrategy = "ENQUEUE" | "CANCEL_NEW";

export interface ConcurrencyLimitV2 {
  active: boolean;
  active_slots: number;
  avg_slot_occupancy_seconds: number;
  created: string | null;
  denied_slots: number;
  id: string;
  limit: number;
  name: string;
  slot_decay_per_second: number;
  updated: string | null;
}

export interface ConcurrencyLimitWithLeaseResponse {
  lease_id: string;
  limits: Array<MinimalConcurrencyLimitResponse>;
}

export interface ConcurrencyOptions {
  collision_strategy: ConcurrencyLimitStrategy;
  grace_period_seconds: number | null;
}

export interface Constant {
  input_type: "constant";
  type: string;
}

export interface CountByState {
  CANCELLED: number;
  CANCELLING: number;
  COMPLETED: number;
  CRASHED: number;
  FAILED: number;
  PAUSED: number;
  PENDING: number;
  RUNNING: number;
  SCHEDULED: number;
}

export interface CreatedBy {
  display_value: string | null;
  id: string | null;
  type: string | null;
}

export interface CronSchedule {
  cron: string;
  day_or: boolean;
  timezone: string | null;
}

export interface CsrfToken {
  client: string;
  created: string | null;
  expiration: string;
  id: string;
  token: string;
  updated: string | null;
}

export interface DeleteFlowRun {
  type: "delete-flow-run";
}

export interface DependencyResult {
  end_time: string | null;
  estimated_run_time: number | null;
  expected_start_time: string | null;
  id: string;
  name: string;
  start_time: string | null;
  state: State | null;
  total_run_time: number | null;
  untrackable_result: boolean;
  upstream_dependencies: Array<TaskRunResult>;
}

export interface DeploymentBulkDeleteResponse {
  deleted: Array<string>;
}

export interface DeploymentPaginationResponse {
  count: number;
  limit: number;
  page: number;
  pages: number;
  results: Array<DeploymentResponse>;
}

export interface DeploymentResponse {
  concurrency_limit: number | null;
  concurrency_options: ConcurrencyOptions | null;
  created: string | null;
  created_by: CreatedBy | null;
  description: string | null;
  enforce_parameter_schema: boolean;
  entrypoint: string | null;
  flow_id: string;
  global_concurrency_limit: GlobalConcurrencyLimitResponse | null;
  id: string;
  infrastructure_document_id: string | null;
  job_variables: Record<string, unknown>;
  labels: Record<string, boolean | number | string>;
  last_polled: string | null;
  name: string;
  parameter_openapi_schema: Record<string, unknown> | null;
  parameters: Record<string, unknown>;
  path: string | null;
  paused: boolean;
  pull_steps: Array<Record<string, unknown>> | null;
  schedules: Array<DeploymentSchedule>;
  status: DeploymentStatus | null;
  storage_document_id: string | null;
  tags: Array<string>;
  updated: string | null;
  updated_by: UpdatedBy | null;
  version: string | null;
  work_pool_name: string | null;
  work_queue_id: string | null;
  work_queue_name: string | null;
}

export interface DeploymentSchedule {
  active: boolean;
  created: string | null;
  deployment_id: string | null;
  id: string;
  max_scheduled_runs: number | null;
  parameters: Record<string, unknown>;
  schedule: IntervalScheduleOutput | CronSchedule | RRuleSchedule;
  slug: string | null;
  updated: string | null;
}

export type DeploymentStatus = "READY" | "NOT_READY";

export interface DeploymentsSettings {
  default_docker_build_namespace: string | null;
  default_work_pool_name: string | null;
}

export interface DoNothing {
  type: "do-nothing";
}

export interface Edge {
  id: string;
}

export interface Event {
  event: string;
  follows: string | null;
  id: string;
  occurred: string;
  payload: Record<string, unknown>;
  related: Array<RelatedResource>;
  resource: Resource;
}

export interface EventAnyResourceFilter {
  id: Array<string> | null;
  id_prefix: Array<string> | null;
  labels: ResourceSpecification | null;
}

export interface EventCount {
  count: number;
  end_time: string;
  label: string;
  start_time: string;
  value: string;
}

export interface EventFilter {
  any_resource: EventAnyResourceFilter | Array<EventAnyResourceFilter> | null;
  event: EventNameFilter | null;
  id: EventIDFilter;
  occurred: EventOccurredFilter;
  order: EventOrder;
  related: EventRelatedFilter | Array<EventRelatedFilter> | null;
  resource: EventResourceFilter | null;
  text: EventTextFilter | null;
}

export interface EventIDFilter {
  id: Array<string> | null;
}

export interface EventNameFilter {
  exclude_name: Array<string> | null;
  exclude_prefix: Array<string> | null;
  name: Array<string> | null;
  prefix: Array<string> | null;
}

export interface EventOccurredFilter {
  since: string;
  until: string;
}

export type EventOrder = "ASC" | "DESC";

export interface EventPage {
  events: Array<ReceivedEvent>;
  next_page: string | null;
  total: number;
}

export interface EventRelatedFilter {
  id: Array<string> | null;
  labels: ResourceSpecification | null;
  resources_in_roles: Array<[string, string]> | null;
  role: Array<string> | null;
}

export interface EventResourceFilter {
  distinct: boolean;
  id: Array<string> | null;
  id_prefix: Array<string> | null;
  labels: ResourceSpecification | null;
}

export interface EventTextFilter {
  query: string;
}

export interface EventTriggerOutput {
  after: Array<string>;
  expect: Array<string>;
  for_each: Array<string>;
  id: string;
  match: ResourceSpecification | Record<string, string | Array<string>>;
  match_related: ResourceSpecification | Record<string, string | Array<string>> | Array<ResourceSpecification | Record<string, string | Array<string>>>;
  posture: "Reactive" | "Proactive";
  threshold: number;
  type: "event";
  within: number;
}

export interface EventsSettings {
  worker_max_queue_size: number;
}

export interface ExperimentsSettings {
  warn: boolean;
}

export interface Flow {
  created: string | null;
  id: string;
  labels: Record<string, boolean | number | string> | null;
  name: string;
  tags: Array<string>;
  updated: string | null;
}

export interface FlowBulkDeleteResponse {
  deleted: Array<string>;
}

export interface FlowPaginationResponse {
  count: number;
  limit: number;
  page: number;
  pages: number;
  results: Array<Flow>;
}

export interface FlowRun {
  auto_scheduled: boolean;
  context: Record<string, unknown>;
  created: string | null;
  created_by: CreatedBy | null;
  deployment_id: string | null;
  deployment_version: string | null;
  empirical_policy: FlowRunPolicy;
  end_time: string | null;
  estimated_run_time: number;
  estimated_start_time_delta: number;
  expected_start_time: string | null;
  flow_id: string;
  flow_version: string | null;
  id: string;
  idempotency_key: string | null;
  infrastructure_document_id: string | null;
  infrastructure_pid: string | null;
  job_variables: Record<string, unknown> | null;
  labels: Record<string, boolean | number | string> | null;
  name: string;
  next_scheduled_start_time: string | null;
  parameters: Record<string, unknown>;
  parent_task_run_id: string | null;
  run_count: number;
  start_time: string | null;
  state: State | null;
  state_id: string | null;
  state_name: string | null;
  state_type: StateType | null;
  tags: Array<string>;
  total_run_time: number;
  updated: string | null;
  work_queue_id: string | null;
  work_queue_name: string | null;
}

export interface FlowRunBulkCreateResponse {
  results: Array<FlowRunCreateResult>;
}

export interface FlowRunBulkDeleteResponse {
  deleted: Array<string>;
}

export interface FlowRunBulkSetStateResponse {
  results: Array<FlowRunOrchestrationResult>;
}

export interface FlowRunCreateResult {
  error: string | null;
  flow_run_id: string | null;
  status: "CREATED" | "FAILED";
}

export interface FlowRunInput {
  created: string | null;
  flow_run_id: string;
  id: string;
  key: string;
  sender: string | null;
  updated: string | null;
  value: string;
}

export interface FlowRunOrchestrationResult {
  details: StateAcceptDetails | StateWaitDetails | StateRejectDetails | StateAbortDetails;
  flow_run_id: string;
  state: State | null;
  status: SetStateStatus;
}

export interface FlowRunPaginationResponse {
  count: number;
  limit: number;
  page: number;
  pages: number;
  results: Array<FlowRunResponse>;
}

export interface FlowRunPolicy {
  max_retries: number;
  pause_keys: Array<string> | null;
  resuming: boolean | null;
  retries: number | null;
  retry_delay: number | null;
  retry_delay_seconds: number;
  retry_type: "in_process" | "reschedule" | null;
}

export interface FlowRunResponse {
  auto_scheduled: boolean;
  context: Record<string, unknown>;
  created: string | null;
  created_by: CreatedBy | null;
  deployment_id: string | null;
  deployment_version: string | null;
  empirical_policy: FlowRunPolicy;
  end_time: string | null;
  estimated_run_time: number;
  estimated_start_time_delta: number;
  expected_start_time: string | null;
  flow_id: string;
  flow_version: string | null;
  id: string;
  idempotency_key: string | null;
  infrastructure_document_id: string | null;
  infrastructure_pid: string | null;
  job_variables: Record<string, unknown> | null;
  labels: Record<string, boolean | number | string>;
  name: string;
  next_scheduled_start_time: string | null;
  parameters: Record<string, unknown>;
  parent_task_run_id: string | null;
  run_count: number;
  start_time: string | null;
  state: State | null;
  state_id: string | null;
  state_name: string | null;
  state_type: StateType | null;
  tags: Array<string>;
  total_run_time: number;
  updated: string | null;
  work_pool_id: string | null;
  work_pool_name: string | null;
  work_queue_id: string | null;
  work_queue_name: string | null;
}

export interface FlowRunResult {
  id: string;
  input_type: "flow_run";
}

export interface FlowRunSlotSummary {
  id: string;
  name: string;
  start_time: string | null;
  state_name: string | null;
  state_timestamp: string | null;
  state_type: StateType | null;
  time_in_current_state: number | null;
}

export interface FlowsSettings {
  default_retries: number;
  default_retry_delay_seconds: number | Array<number>;
  heartbeat_frequency: number | null;
}

export interface GlobalConcurrencyLimitResponse {
  active: boolean;
  active_slots: number;
  created: string | null;
  id: string;
  limit: number;
  name: string;
  slot_decay_per_second: number;
  updated: string | null;
}

export interface Graph {
  artifacts: Array<GraphArtifact>;
  end_time: string | null;
  nodes: Array<[string, Node]>;
  root_node_ids: Array<string>;
  start_time: string | null;
  states: Array<GraphState>;
}

export interface GraphArtifact {
  created: string;
  data: unknown | null;
  id: string;
  is_latest: boolean;
  key: string | null;
  type: string | null;
}

export interface GraphState {
  id: string;
  name: string;
  timestamp: string;
  type: StateType;
}

export interface HistoryResponse {
  interval_end: string;
  interval_start: string;
  states: Array<HistoryResponseState>;
}

export interface HistoryResponseState {
  count_runs: number;
  state_name: string;
  state_type: StateType;
  sum_estimated_lateness: number;
  sum_estimated_run_time: number;
}

export interface InternalSettings {
  logging_level: "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";
}

export interface IntervalScheduleOutput {
  anchor_date: string;
  interval: number;
  timezone: string | null;
}

export interface Log {
  created: string | null;
  flow_run_id: string | null;
  id: string;
  level: number;
  message: string;
  name: string;
  task_run_id: string | null;
  timestamp: string;
  updated: string | null;
}

export interface LoggingSettings {
  colors: boolean;
  config_path: string;
  extra_loggers: string | Array<string> | null;
  level: "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";
  log_prints: boolean;
  markup: boolean;
  to_api: LoggingToAPISettings;
}

export interface LoggingToAPISettings {
  batch_interval: number;
  batch_size: number;
  enabled: boolean;
  max_log_size: number;
  when_missing_flow: "warn" | "error" | "ignore";
}

export interface MinimalConcurrencyLimitResponse {
  id: string;
  limit: number;
  name: string;
}

export interface Node {
  artifacts: Array<GraphArtifact>;
  children: Array<Edge>;
  encapsulating: Array<Edge>;
  end_time: string | null;
  id: string;
  kind: "flow-run" | "task-run";
  label: string;
  parents: Array<Edge>;
  start_time: string;
  state_type: StateType;
}

export interface OrchestrationResult {
  details: StateAcceptDetails | StateWaitDetails | StateRejectDetails | StateAbortDetails;
  state: State | null;
  status: SetStateStatus;
}

export interface Parameter {
  input_type: "parameter";
  name: string;
}

export interface PauseAutomation {
  automation_id: string | null;
  source: "selected" | "inferred";
  type: "pause-automation";
}

export interface PauseDeployment {
  deployment_id: string | null;
  source: "selected" | "inferred";
  type: "pause-deployment";
}

export interface PauseWorkPool {
  source: "selected" | "inferred";
  type: "pause-work-pool";
  work_pool_id: string | null;
}

export interface PauseWorkQueue {
  source: "selected" | "inferred";
  type: "pause-work-queue";
  work_queue_id: string | null;
}

export interface PluginsSettings {
  allow: Array<string> | null;
  deny: Array<string> | null;
  enabled: boolean;
  safe_mode: boolean;
  setup_timeout_seconds: number;
  strict: boolean;
}

export interface QueueFilter {
  deployment_ids: Array<string> | null;
  tags: Array<string> | null;
}

export interface RRuleSchedule {
  rrule: string;
  timezone: string | null;
}

export interface ReceivedEvent {
  event: string;
  follows: string | null;
  id: string;
  occurred: string;
  payload: Record<string, unknown>;
  received: string;
  related: Array<RelatedResource>;
  resource: Resource;
}

export type RelatedResource = Record<string, string>;

export type Resource = Record<string, string>;

export type ResourceSpecification = Record<string, string | Array<string>>;

export interface ResultsSettings {
  default_serializer: string;
  default_storage_block: string | null;
  local_storage_path: string;
  persist_by_default: boolean;
}

export interface ResumeAutomation {
  automation_id: string | null;
  source: "selected" | "inferred";
  type: "resume-automation";
}

export interface ResumeDeployment {
  deployment_id: string | null;
  source: "selected" | "inferred";
  type: "resume-deployment";
}

export interface ResumeFlowRun {
  type: "resume-flow-run";
}

export interface ResumeWorkPool {
  source: "selected" | "inferred";
  type: "resume-work-pool";
  work_pool_id: string | null;
}

export interface ResumeWorkQueue {
  source: "selected" | "inferred";
  type: "resume-work-queue";
  work_queue_id: string | null;
}

export interface RunDeploymentOutput {
  deployment_id: string | null;
  job_variables: Record<string, unknown> | null;
  parameters: Record<string, unknown> | null;
  schedule_after: number;
  source: "selected" | "inferred";
  type: "run-deployment";
}

export interface RunnerServerSettings {
  enable: boolean;
  host: string;
  log_level: "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";
  missed_polls_tolerance: number;
  port: number;
}

export interface RunnerSettings {
  auto_install_dependencies: boolean;
  crash_on_cancellation_failure: boolean;
  poll_frequency: number;
  process_limit: number;
  server: RunnerServerSettings;
}

export interface SQLAlchemyConnectArgsSettings {
  application_name: string | null;
  prepared_statement_cache_size: number | null;
  search_path: string | null;
  statement_cache_size: number | null;
  tls: SQLAlchemyTLSSettings;
}

export interface SQLAlchemySettings {
  connect_args: SQLAlchemyConnectArgsSettings;
  max_overflow: number;
  pool_recycle: number;
  pool_size: number;
  pool_timeout: number | null;
}

export interface SQLAlchemyTLSSettings {
  ca_file: string | null;
  cert_file: string | null;
  check_hostname: boolean;
  enabled: boolean;
  key_file: string | null;
}

export interface SavedSearch {
  created: string | null;
  filters: Array<SavedSearchFilter>;
  id: string;
  name: string;
  updated: string | null;
}

export interface SavedSearchFilter {
  object: string;
  operation: string;
  property: string;
  type: string;
  value: unknown;
}

export interface SchemaValueIndexError {
  errors: Array<string | SchemaValuePropertyError | SchemaValueIndexError>;
  index: number;
}

export interface SchemaValuePropertyError {
  errors: Array<string | SchemaValuePropertyError | SchemaValueIndexError>;
  property: string;
}

export interface SchemaValuesValidationResponse {
  errors: Array<string | SchemaValuePropertyError | SchemaValueIndexError>;
  valid: boolean;
}

export interface SendNotification {
  block_document_id: string;
  body: string;
  subject: string;
  type: "send-notification";
}

export interface SequenceTriggerOutput {
  id: string;
  triggers: Array<EventTriggerOutput | CompoundTriggerOutput | SequenceTriggerOutput>;
  type: "sequence";
  within: number | null;
}

export interface ServerAPISettings {
  auth_string: string | null;
  base_path: string | null;
  cors_allowed_headers: string;
  cors_allowed_methods: string;
  cors_allowed_origins: string;
  csrf_protection_enabled: boolean;
  csrf_token_expiration: string;
  default_limit: number;
  host: string;
  keepalive_timeout: number;
  max_parameter_size: number;
  port: number;
  websocket_ping_interval: number;
  websocket_ping_timeout: number;
}

export interface ServerConcurrencySettings {
  initial_deployment_lease_duration: number;
  lease_storage: string;
  maximum_concurrency_slot_wait_seconds: number;
}

export interface ServerDatabaseSettings {
  connection_timeout: number | null;
  connection_url: string | null;
  driver: "postgresql+asyncpg" | "sqlite+aiosqlite" | null;
  echo: boolean;
  host: string | null;
  migrate_on_start: boolean;
  migration_timeout: number | null;
  name: string | null;
  password: string | null;
  port: number | null;
  sqlalchemy: SQLAlchemySettings;
  timeout: number | null;
  user: string | null;
}

export interface ServerDefaultResultStorage {
  default_result_storage_block_id: string | null;
}

export interface ServerDeploymentsSettings {
  concurrency_slot_wait_seconds: number;
}

export interface ServerDocketSettings {
  name: string;
  url: string;
}

export interface ServerEphemeralSettings {
  enabled: boolean;
  startup_timeout_seconds: number;
}

export interface ServerEventsSettings {
  causal_ordering: string;
  expired_bucket_buffer: string;
  maximum_event_name_length: number;
  maximum_labels_per_resource: number;
  maximum_related_resources: number;
  maximum_size_bytes: number;
  maximum_websocket_backfill: string;
  messaging_broker: string;
  messaging_cache: string;
  proactive_granularity: string;
  related_resource_cache_ttl: string;
  retention_period: string;
  stream_out_enabled: boolean;
  websocket_backfill_page_size: number;
}

export interface ServerFlowRunGraphSettings {
  max_artifacts: number;
  max_nodes: number;
}

export interface ServerLogsSettings {
  stream_out_enabled: boolean;
  stream_publishing_enabled: boolean;
}

export interface ServerServicesCancellationCleanupSettings {
  cancelling_timeout_seconds: number;
  enabled: boolean;
  loop_seconds: number;
}

export interface ServerServicesCleanupReconcilerSettings {
  batch_size: number;
  enabled: boolean;
  loop_seconds: number;
}

export interface ServerServicesDBVacuumSettings {
  batch_size: number;
  enabled: Array<string> | boolean | null;
  event_retention_overrides: Record<string, string>;
  loop_seconds: number;
  orphan_cleanup_loop_seconds: number;
  retention_period: string;
}

export interface ServerServicesEventLoggerSettings {
  enabled: boolean;
}

export interface ServerServicesEventPersisterSettings {
  batch_size: number;
  enabled: boolean;
  flush_interval: number;
  max_flush_retries: number;
  queue_max_size: number;
  read_batch_size: number;
}

export interface ServerServicesForemanSettings {
  deployment_last_polled_timeout_seconds: number;
  enabled: boolean;
  fallback_heartbeat_interval_seconds: number;
  inactivity_heartbeat_multiple: number;
  loop_seconds: number;
  work_queue_last_polled_timeout_seconds: number;
}

export interface ServerServicesLateRunsSettings {
  after_seconds: string;
  enabled: boolean;
  loop_seconds: number;
}

export interface ServerServicesPauseExpirationsSettings {
  enabled: boolean;
  loop_seconds: number;
}

export interface ServerServicesRepossessorSettings {
  enabled: boolean;
  loop_seconds: number;
}

export interface ServerServicesSchedulerSettings {
  deployment_batch_size: number;
  enabled: boolean;
  insert_batch_size: number;
  loop_seconds: number;
  max_runs: number;
  max_scheduled_time: string;
  min_runs: number;
  min_scheduled_time: string;
  recent_deployments_loop_seconds: number;
}

export interface ServerServicesSettings {
  cancellation_cleanup: ServerServicesCancellationCleanupSettings;
  cleanup_reconciler: ServerServicesCleanupReconcilerSettings;
  db_vacuum: ServerServicesDBVacuumSettings;
  event_logger: ServerServicesEventLoggerSettings;
  event_persister: ServerServicesEventPersisterSettings;
  foreman: ServerServicesForemanSettings;
  late_runs: ServerServicesLateRunsSettings;
  pause_expirations: ServerServicesPauseExpirationsSettings;
  repossessor: ServerServicesRepossessorSettings;
  scheduler: ServerServicesSchedulerSettings;
  task_run_recorder: ServerServicesTaskRunRecorderSettings;
  triggers: ServerServicesTriggersSettings;
}

export interface ServerServicesTaskRunRecorderSettings {
  batch_size: number;
  enabled: boolean;
  flush_interval: number;
  read_batch_size: number;
}

export interface ServerServicesTriggersSettings {
  enabled: boolean;
  pg_notify_heartbeat_interval_seconds: number;
  pg_notify_reconnect_interval_seconds: number;
  read_batch_size: number;
}

export interface ServerSettings {
  analytics_enabled: boolean;
  api: ServerAPISettings;
  concurrency: ServerConcurrencySettings;
  database: ServerDatabaseSettings;
  deployment_schedule_max_scheduled_runs: number;
  deployments: ServerDeploymentsSettings;
  docket: ServerDocketSettings;
  ephemeral: ServerEphemeralSettings;
  events: ServerEventsSettings;
  flow_run_graph: ServerFlowRunGraphSettings;
  log_retryable_errors: boolean;
  logging_level: "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";
  logs: ServerLogsSettings;
  memo_store_path: string;
  memoize_block_auto_registration: boolean;
  metrics_enabled: boolean;
  register_blocks_on_start: boolean;
  services: ServerServicesSettings;
  tasks: ServerTasksSettings;
  ui: ServerUISettings;
  worker_channel: ServerWorkerChannelSettings;
}

export interface ServerTasksSchedulingSettings {
  max_retry_queue_size: number;
  max_scheduled_queue_size: number;
  pending_task_timeout: string;
}

export interface ServerTasksSettings {
  max_cache_key_length: number;
  scheduling: ServerTasksSchedulingSettings;
  tag_concurrency_slot_wait_seconds: number;
}

export interface ServerUISettings {
  api_url: string | null;
  enabled: boolean;
  serve_base: string;
  show_promotional_content: boolean;
  static_directory: string | null;
  v2_enabled: boolean;
}

export interface ServerWorkerChannelSettings {
  cleanup_completed_idempotency_retention_seconds: number | null;
  cleanup_lease_seconds: number;
  cleanup_max_delivery_attempts: number;
  cleanup_queue_storage: string;
}

export type SetStateStatus = "ACCEPT" | "REJECT" | "ABORT" | "WAIT";

export interface Settings {
  api: APISettings;
  cli: CLISettings;
  client: ClientSettings;
  cloud: CloudSettings;
  debug_mode: boolean;
  deployments: DeploymentsSettings;
  events: EventsSettings;
  experiments: ExperimentsSettings;
  flows: FlowsSettings;
  home: string;
  internal: InternalSettings;
  logging: LoggingSettings;
  plugins: PluginsSettings;
  profiles_path: string;
  results: ResultsSettings;
  runner: RunnerSettings;
  server: ServerSettings;
  silence_api_url_misconfiguration: boolean;
  tasks: TasksSettings;
  telemetry: TelemetrySettings;
  testing: TestingSettings;
  ui_url: string | null;
  worker: WorkerSettings;
}

export interface SimpleFlowRun {
  duration: number;
  id: string;
  lateness: number;
  state_type: StateType;
  timestamp: string;
}

export interface SimpleNextFlowRun {
  flow_id: string;
  id: string;
  name: string;
  next_scheduled_start_time: string;
  state_name: string;
  state_type: StateType;
}

export interface State {
  data: unknown | null;
  id: string;
  message: string | null;
  name: string | null;
  state_details: StateDetails;
  timestamp: string;
  type: StateType;
}

export interface StateAbortDetails {
  reason: string | null;
  type: "abort_details";
}

export interface StateAcceptDetails {
  type: "accept_details";
}

export interface StateDetails {
  cache_expiration: string | null;
  cache_key: string | null;
  child_flow_run_id: string | null;
  deferred: boolean | null;
  deployment_concurrency_lease_id: string | null;
  flow_run_id: string | null;
  pause_key: string | null;
  pause_reschedule: boolean;
  pause_timeout: string | null;
  refresh_cache: boolean | null;
  retriable: boolean | null;
  run_input_keyset: Record<string, string> | null;
  scheduled_time: string | null;
  task_parameters_id: string | null;
  task_run_id: string | null;
  traceparent: string | null;
  transition_id: string | null;
  untrackable_result: boolean;
}

export interface StateRejectDetails {
  reason: string | null;
  type: "reject_details";
}

export type StateType = "SCHEDULED" | "PENDING" | "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED" | "CRASHED" | "PAUSED" | "CANCELLING";

export interface StateWaitDetails {
  delay_seconds: number;
  reason: string | null;
  type: "wait_details";
}

export interface SuspendFlowRun {
  type: "suspend-flow-run";
}

export interface TaskRun {
  cache_expiration: string | null;
  cache_key: string | null;
  created: string | null;
  dynamic_key: string;
  empirical_policy: TaskRunPolicy;
  end_time: string | null;
  estimated_run_time: number;
  estimated_start_time_delta: number;
  expected_start_time: string | null;
  flow_run_id: string | null;
  flow_run_run_count: number;
  id: string;
  labels: Record<string, boolean | number | string> | null;
  name: string;
  next_scheduled_start_time: string | null;
  run_count: number;
  start_time: string | null;
  state: State | null;
  state_id: string | null;
  state_name: string | null;
  state_type: StateType | null;
  tags: Array<string>;
  task_inputs: Record<string, Array<TaskRunResult | FlowRunResult | Parameter | Constant>>;
  task_key: string;
  task_version: string | null;
  total_run_time: number;
  updated: string | null;
}

export type TaskRunCount = Record<string, number>;

export interface TaskRunPaginationResponse {
  count: number;
  limit: number;
  page: number;
  pages: number;
  results: Array<TaskRunResponse>;
}

export interface TaskRunPolicy {
  max_retries: number;
  retries: number | null;
  retry_delay: number | Array<number> | null;
  retry_delay_seconds: number;
  retry_jitter_factor: number | null;
}

export interface TaskRunResponse {
  created: string | null;
  empirical_policy: TaskRunPolicy;
  end_time: string | null;
  estimated_run_time: number;
  estimated_start_time_delta: number;
  flow_run_id: string | null;
  id: string;
  name: string;
  start_time: string | null;
  state: State | null;
  state_id: string | null;
  tags: Array<string>;
  task_inputs: Record<string, Array<TaskRunResult | FlowRunResult | Parameter | Constant>>;
  task_key: string;
  task_version: string | null;
  total_run_time: number;
  updated: string | null;
}

export interface TaskRunResult {
  id: string;
  input_type: "task_run";
}

export interface TaskWorkerResponse {
  identifier: string;
  task_keys: Array<string>;
  timestamp: string;
}

export interface TasksRunnerSettings {
  process_pool_max_workers: number | null;
  thread_pool_max_workers: number | null;
}

export interface TasksSchedulingSettings {
  default_storage_block: string | null;
  delete_failed_submissions: boolean;
}

export interface TasksSettings {
  default_no_cache: boolean;
  default_persist_result: boolean | null;
  default_retries: number;
  default_retry_delay_seconds: string | number | Array<number> | null;
  disable_caching: boolean;
  refresh_cache: boolean;
  runner: TasksRunnerSettings;
  scheduling: TasksSchedulingSettings;
}

export interface TelemetrySettings {
  enable_resource_metrics: boolean;
  resource_metrics_interval_seconds: number;
}

export interface TestingSettings {
  test_mode: boolean;
  test_setting: unknown | null;
  unit_test_loop_debug: boolean;
  unit_test_mode: boolean;
}

export interface UITaskRun {
  cache_expiration: string | null;
  cache_key: string | null;
  created: string | null;
  dynamic_key: string;
  empirical_policy: TaskRunPolicy;
  end_time: string | null;
  estimated_run_time: number;
  estimated_start_time_delta: number;
  expected_start_time: string | null;
  flow_run_id: string | null;
  flow_run_name: string | null;
  flow_run_run_count: number;
  id: string;
  labels: Record<string, boolean | number | string> | null;
  name: string;
  next_scheduled_start_time: string | null;
  run_count: number;
  start_time: string | null;
  state: State | null;
  state_id: string | null;
  state_name: string | null;
  state_type: StateType | null;
  tags: Array<string>;
  task_inputs: Record<string, Array<TaskRunResult | FlowRunResult | Parameter | Constant>>;
  task_key: string;
  task_version: string | null;
  total_run_time: number;
  updated: string | null;
}

export interface UiAutomation {
  actions: Array<DoNothing | RunDeploymentOutput | PauseDeployment | ResumeDeployment | CancelFlowRun | DeleteFlowRun | ChangeFlowRunState | PauseWorkQueue | ResumeWorkQueue | SendNotification | CallWebhook | PauseAutomation | ResumeAutomation | SuspendFlowRun | ResumeFlowRun | PauseWorkPool | ResumeWorkPool>;
  actions_on_resolve: Array<DoNothing | RunDeploymentOutput | PauseDeployment | ResumeDeployment | CancelFlowRun | DeleteFlowRun | ChangeFlowRunState | PauseWorkQueue | ResumeWorkQueue | SendNotification | CallWebhook | PauseAutomation | ResumeAutomation | SuspendFlowRun | ResumeFlowRun | PauseWorkPool | ResumeWorkPool>;
  actions_on_trigger: Array<DoNothing | RunDeploymentOutput | PauseDeployment | ResumeDeployment | CancelFlowRun | DeleteFlowRun | ChangeFlowRunState | PauseWorkQueue | ResumeWorkQueue | SendNotification | CallWebhook | PauseAutomation | ResumeAutomation | SuspendFlowRun | ResumeFlowRun | PauseWorkPool | ResumeWorkPool>;
  created: string | null;
  description: string;
  enabled: boolean;
  id: string;
  name: string;
  tags: Array<string>;
  trigger: EventTriggerOutput | CompoundTriggerOutput | SequenceTriggerOutput;
  updated: string | null;
  last_fired: string | null;
  fired: number;
  failed: number;
}

export interface UiAutomationPage {
  results: Array<UiAutomation>;
  names: Record<string, string>;
  total: number;
  total_is_exact: boolean;
  next: string | null;
  window: UiResolvedWindow;
  position: string;
}

export interface UiBlocker {
  kind: "flow-run" | "work-pool" | "work-queue" | "deployment" | "concurrency-limit" | "worker";
  id: string;
  name: string;
  since: string | null;
}

export interface UiBucket {
  start: string;
  end: string;
  counts: UiStateCounts;
}

export interface UiConcurrencyLimit {
  id: string;
  name: string;
  tag: string | null;
  active: boolean;
  limit: number;
  active_slots: number;
  slot_decay_per_second: number;
  updated: string;
  holders: Array<UiSlotHolder>;
  holder_count: number;
}

export interface UiConcurrencyLimitPage {
  results: Array<UiConcurrencyLimit>;
  total: number;
}

export interface UiDeployment {
  id: string;
  name: string;
  description: string | null;
  flow_id: string;
  flow_name: string;
  status: DeploymentStatus | null;
  paused: boolean;
  version: string | null;
  tags: Array<string>;
  work_pool_name: string | null;
  work_queue_name: string | null;
  schedules: Array<DeploymentSchedule>;
  last_runs: Array<UiRunMark>;
  next_run: UiRunMark | null;
  updated: string | null;
}

export interface UiDeploymentPage {
  results: Array<UiDeployment>;
  total: number;
  total_is_exact: boolean;
  next: string | null;
  window: UiResolvedWindow;
  position: string;
}

export interface UiFailureGroup {
  flow_id: string;
  flow_name: string;
  count: number;
  last: UiFlowRun;
}

export interface UiFlow {
  id: string;
  name: string;
  tags: Array<string>;
  created: string | null;
  deployment_count: number;
  last_runs: Array<UiRunMark>;
  next_run: UiRunMark | null;
}

export interface UiFlowPage {
  results: Array<UiFlow>;
  total: number;
  total_is_exact: boolean;
  next: string | null;
  window: UiResolvedWindow;
  position: string;
}

export interface UiFlowRun {
  id: string;
  name: string;
  flow_id: string;
  flow_name: string;
  deployment_id: string | null;
  deployment_name: string | null;
  work_pool_name: string | null;
  work_queue_name: string | null;
  parent_flow_run_id: string | null;
  parent_flow_run_name: string | null;
  state_type: StateType | null;
  state_name: string | null;
  state_message: string | null;
  state_timestamp: string | null;
  expected_start_time: string | null;
  start_time: string | null;
  end_time: string | null;
  total_run_time: number;
  run_count: number;
  auto_scheduled: boolean;
  tags: Array<string>;
}

export interface UiFlowRunPage {
  results: Array<UiFlowRun>;
  total: number;
  total_is_exact: boolean;
  next: string | null;
  window: UiResolvedWindow;
  position: string;
}

export interface UiOverview {
  window: UiResolvedWindow;
  counts: UiStateCounts;
  buckets: Array<UiBucket>;
  failures: Array<UiFailureGroup>;
  waiting: UiRunGroup;
  running: UiRunGroup;
  upcoming: UiRunGroup;
  work_pools: Array<UiWorkPool>;
  totals: {
  flows: number;
  deployments: number;
  flow_runs: number;
  work_pools: number;
};
  position: string;
}

export interface UiResolvedWindow {
  after: string | null;
  before: string | null;
}

export interface UiRunGroup {
  count: number;
  results: Array<UiFlowRun>;
}

export interface UiRunMark {
  id: string;
  name: string;
  state_type: StateType | null;
  state_name: string | null;
  expected_start_time: string | null;
  start_time: string | null;
  total_run_time: number;
}

export interface UiScheduleDates {
  dates: Array<string>;
}

export interface UiSearchResult {
  kind: "flow" | "deployment" | "work-pool" | "automation" | "flow-run" | "task-run";
  id: string;
  name: string;
  detail: string | null;
  state_type: StateType | null;
  state_name: string | null;
}

export interface UiSlotHolder {
  kind: "flow-run" | "task-run" | "other";
  id: string | null;
  name: string | null;
  flow_run_id: string | null;
  slots: number;
  since: string;
  expires: string | null;
}

export type UiStateCounts = Record<string, number>;

export interface UiTimeline {
  position: string;
  origin: string;
  states: Array<{
  type: StateType | null;
  name: string | null;
}>;
  task_keys: Array<string>;
  id: Array<string>;
  name: Array<string>;
  task_key: Array<number>;
  state: Array<number>;
  expected: Array<number | null>;
  start: Array<number | null>;
  end: Array<number | null>;
  run_count: Array<number>;
  subflow_run_id: Array<string | null>;
}

export interface UiWaitingReason {
  code: "not_due" | "retry_delay" | "pool_paused" | "queue_paused" | "no_worker_online" | "worker_slots_full" | "pool_limit" | "queue_limit" | "deployment_limit" | "collision_cancelled" | "infrastructure_pending" | "awaiting_input" | "unknown";
  message: string;
  blockers: Array<UiBlocker>;
  limit: number | null;
  used: number | null;
  since: string | null;
  next_check: string | null;
}

export interface UiWorkPool {
  id: string;
  name: string;
  type: string;
  description: string | null;
  status: WorkPoolStatus | null;
  is_paused: boolean;
  concurrency_limit: number | null;
  workers_online: number;
  workers_total: number;
  last_heartbeat_time: string | null;
  running: number;
  pending: number;
  scheduled: number;
  late: number;
  oldest_late_time: string | null;
  last_runs: Array<UiRunMark>;
}

export interface UiWorkPoolPage {
  results: Array<UiWorkPool>;
  total: number;
  total_is_exact: boolean;
  next: string | null;
  window: UiResolvedWindow;
  position: string;
}

export interface UpdatedBy {
  display_value: string | null;
  id: string | null;
  type: string | null;
}

export interface Variable {
  created: string | null;
  id: string;
  name: string;
  tags: Array<string>;
  updated: string | null;
  value: string | number | boolean | Record<string, unknown> | Array<unknown> | null;
}

export interface WorkPoolConcurrencyStatus {
  active_slots: number;
  concurrency_limit: number | null;
  count: number;
  limit: number;
  page: number;
  pages: number;
  queues: Array<WorkQueueConcurrencyStatusDetail>;
}

export interface WorkPoolResponse {
  active_slots: number | null;
  base_job_template: Record<string, unknown>;
  concurrency_limit: number | null;
  created: string | null;
  default_queue_id: string | null;
  description: string | null;
  id: string;
  is_paused: boolean;
  name: string;
  status: WorkPoolStatus | null;
  storage_configuration: WorkPoolStorageConfiguration;
  type: string;
  updated: string | null;
}

export type WorkPoolStatus = "READY" | "NOT_READY" | "PAUSED";

export interface WorkPoolStorageConfiguration {
  bundle_execution_step: Record<string, unknown> | null;
  bundle_upload_step: Record<string, unknown> | null;
  default_result_storage_block_id: string | null;
}

export interface WorkQueue {
  concurrency_limit: number | null;
  created: string | null;
  description: string | null;
  filter: QueueFilter | null;
  id: string;
  is_paused: boolean;
  last_polled: string | null;
  name: string;
  priority: number;
  updated: string | null;
  work_pool_id: string | null;
}

export interface WorkQueueConcurrencyStatus {
  active_slots: number;
  concurrency_limit: number | null;
  count: number;
  flow_runs: Array<FlowRunSlotSummary>;
  limit: number;
  page: number;
  pages: number;
}

export interface WorkQueueConcurrencyStatusDetail {
  active_slots: number;
  concurrency_limit: number | null;
  flow_run_count: number | null;
  flow_runs: Array<FlowRunSlotSummary>;
  queue_id: string;
  queue_name: string;
}

export interface WorkQueueHealthPolicy {
  maximum_late_runs: number | null;
  maximum_seconds_since_last_polled: number | null;
}

export interface WorkQueueResponse {
  active_slots: number | null;
  concurrency_limit: number | null;
  created: string | null;
  description: string | null;
  filter: QueueFilter | null;
  id: string;
  is_paused: boolean;
  last_polled: string | null;
  name: string;
  priority: number;
  status: WorkQueueStatus | null;
  updated: string | null;
  work_pool_id: string | null;
  work_pool_name: string | null;
}

export type WorkQueueStatus = "READY" | "NOT_READY" | "PAUSED";

export interface WorkQueueStatusDetail {
  health_check_policy: WorkQueueHealthPolicy;
  healthy: boolean;
  last_polled: string | null;
  late_runs_count: number;
}

export interface WorkerFlowRunResponse {
  flow_run: FlowRun;
  work_pool_id: string;
  work_queue_id: string;
}

export interface WorkerResponse {
  created: string | null;
  heartbeat_interval_seconds: number | null;
  id: string;
  last_heartbeat_time: string | null;
  name: string;
  status: WorkerStatus;
  updated: string | null;
  work_pool_id: string;
}

export interface WorkerSettings {
  cancellation_poll_seconds: number;
  debug_mode: boolean;
  enable_cancellation: boolean;
  heartbeat_seconds: number;
  prefetch_seconds: number;
  query_seconds: number;
  webserver: WorkerWebserverSettings;
}

export type WorkerStatus = "ONLINE" | "OFFLINE";

export interface WorkerWebserverSettings {
  host: string;
  port: number;
}

export interface ArtifactCollectionFilter {
  flow_run_id?: ArtifactCollectionFilterFlowRunId | null | undefined;
  key?: ArtifactCollectionFilterKey | null | undefined;
  latest_id?: ArtifactCollectionFilterLatestId | null | undefined;
  operator?: Operator | undefined;
  task_run_id?: ArtifactCollectionFilterTaskRunId | null | undefined;
  type?: ArtifactCollectionFilterType | null | undefined;
}

export interface ArtifactCollectionFilterFlowRunId {
  any_?: Array<string> | null | undefined;
}

export interface ArtifactCollectionFilterKey {
  any_?: Array<string> | null | undefined;
  exists_?: boolean | null | undefined;
  like_?: string | null | undefined;
}

export interface ArtifactCollectionFilterLatestId {
  any_?: Array<string> | null | undefined;
}

export interface ArtifactCollectionFilterTaskRunId {
  any_?: Array<string> | null | undefined;
}

export interface ArtifactCollectionFilterType {
  any_?: Array<string> | null | undefined;
  not_any_?: Array<string> | null | undefined;
}

export type ArtifactCollectionSort = "CREATED_DESC" | "UPDATED_DESC" | "ID_DESC" | "KEY_DESC" | "KEY_ASC";

export interface ArtifactCreate {
  data?: Record<string, unknown> | unknown | null | undefined;
  description?: string | null | undefined;
  flow_run_id?: string | null | undefined;
  key?: string | null | undefined;
  metadata_?: Record<string, string> | null | undefined;
  task_run_id?: string | null | undefined;
  type?: string | null | undefined;
}

export interface ArtifactFilter {
  flow_run_id?: ArtifactFilterFlowRunId | null | undefined;
  id?: ArtifactFilterId | null | undefined;
  key?: ArtifactFilterKey | null | undefined;
  operator?: Operator | undefined;
  task_run_id?: ArtifactFilterTaskRunId | null | undefined;
  type?: ArtifactFilterType | null | undefined;
}

export interface ArtifactFilterFlowRunId {
  any_?: Array<string> | null | undefined;
}

export interface ArtifactFilterId {
  any_?: Array<string> | null | undefined;
}

export interface ArtifactFilterKey {
  any_?: Array<string> | null | undefined;
  exists_?: boolean | null | undefined;
  like_?: string | null | undefined;
}

export interface ArtifactFilterTaskRunId {
  any_?: Array<string> | null | undefined;
}

export interface ArtifactFilterType {
  any_?: Array<string> | null | undefined;
  not_any_?: Array<string> | null | undefined;
}

export type ArtifactSort = "CREATED_DESC" | "UPDATED_DESC" | "ID_DESC" | "KEY_DESC" | "KEY_ASC";

export interface ArtifactUpdate {
  data?: Record<string, unknown> | unknown | null | undefined;
  description?: string | null | undefined;
  metadata_?: Record<string, string> | null | undefined;
}

export interface AutomationCreate {
  actions: Array<DoNothingInput | RunDeploymentInput | PauseDeploymentInput | ResumeDeploymentInput | CancelFlowRunInput | DeleteFlowRunInput | ChangeFlowRunStateInput | PauseWorkQueueInput | ResumeWorkQueueInput | SendNotificationInput | CallWebhookInput | PauseAutomationInput | ResumeAutomationInput | SuspendFlowRunInput | ResumeFlowRunInput | PauseWorkPoolInput | ResumeWorkPoolInput>;
  actions_on_resolve?: Array<DoNothingInput | RunDeploymentInput | PauseDeploymentInput | ResumeDeploymentInput | CancelFlowRunInput | DeleteFlowRunInput | ChangeFlowRunStateInput | PauseWorkQueueInput | ResumeWorkQueueInput | SendNotificationInput | CallWebhookInput | PauseAutomationInput | ResumeAutomationInput | SuspendFlowRunInput | ResumeFlowRunInput | PauseWorkPoolInput | ResumeWorkPoolInput> | undefined;
  actions_on_trigger?: Array<DoNothingInput | RunDeploymentInput | PauseDeploymentInput | ResumeDeploymentInput | CancelFlowRunInput | DeleteFlowRunInput | ChangeFlowRunStateInput | PauseWorkQueueInput | ResumeWorkQueueInput | SendNotificationInput | CallWebhookInput | PauseAutomationInput | ResumeAutomationInput | SuspendFlowRunInput | ResumeFlowRunInput | PauseWorkPoolInput | ResumeWorkPoolInput> | undefined;
  description?: string | undefined;
  enabled?: boolean | undefined;
  name: string;
  owner_resource?: string | null | undefined;
  tags?: Array<string> | undefined;
  trigger: EventTriggerInput | CompoundTriggerInput | SequenceTriggerInput;
}

export interface AutomationFilter {
  created?: AutomationFilterCreated | null | undefined;
  id?: AutomationFilterId | null | undefined;
  name?: AutomationFilterName | null | undefined;
  operator?: Operator | undefined;
  tags?: AutomationFilterTags | null | undefined;
}

export interface AutomationFilterCreated {
  before_?: string | null | undefined;
}

export interface AutomationFilterId {
  any_?: Array<string> | null | undefined;
}

export interface AutomationFilterName {
  any_?: Array<string> | null | undefined;
}

export interface AutomationFilterTags {
  all_?: Array<string> | null | undefined;
  any_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
}

export interface AutomationPartialUpdate {
  enabled?: boolean | undefined;
}

export type AutomationSort = "CREATED_DESC" | "UPDATED_DESC" | "NAME_ASC" | "NAME_DESC";

export interface AutomationTestFiringRequest {
  automation?: AutomationCreate | null | undefined;
  automation_id?: string | null | undefined;
  since?: string | null | undefined;
  until?: string | null | undefined;
}

export interface AutomationUpdate {
  actions: Array<DoNothingInput | RunDeploymentInput | PauseDeploymentInput | ResumeDeploymentInput | CancelFlowRunInput | DeleteFlowRunInput | ChangeFlowRunStateInput | PauseWorkQueueInput | ResumeWorkQueueInput | SendNotificationInput | CallWebhookInput | PauseAutomationInput | ResumeAutomationInput | SuspendFlowRunInput | ResumeFlowRunInput | PauseWorkPoolInput | ResumeWorkPoolInput>;
  actions_on_resolve?: Array<DoNothingInput | RunDeploymentInput | PauseDeploymentInput | ResumeDeploymentInput | CancelFlowRunInput | DeleteFlowRunInput | ChangeFlowRunStateInput | PauseWorkQueueInput | ResumeWorkQueueInput | SendNotificationInput | CallWebhookInput | PauseAutomationInput | ResumeAutomationInput | SuspendFlowRunInput | ResumeFlowRunInput | PauseWorkPoolInput | ResumeWorkPoolInput> | undefined;
  actions_on_trigger?: Array<DoNothingInput | RunDeploymentInput | PauseDeploymentInput | ResumeDeploymentInput | CancelFlowRunInput | DeleteFlowRunInput | ChangeFlowRunStateInput | PauseWorkQueueInput | ResumeWorkQueueInput | SendNotificationInput | CallWebhookInput | PauseAutomationInput | ResumeAutomationInput | SuspendFlowRunInput | ResumeFlowRunInput | PauseWorkPoolInput | ResumeWorkPoolInput> | undefined;
  description?: string | undefined;
  enabled?: boolean | undefined;
  name: string;
  tags?: Array<string> | undefined;
  trigger: EventTriggerInput | CompoundTriggerInput | SequenceTriggerInput;
}

export interface BlockDocumentCreate {
  block_schema_id: string;
  block_type_id: string;
  data?: Record<string, unknown> | undefined;
  is_anonymous?: boolean | undefined;
  name?: string | null | undefined;
}

export interface BlockDocumentFilter {
  block_type_id?: BlockDocumentFilterBlockTypeId | null | undefined;
  id?: BlockDocumentFilterId | null | undefined;
  is_anonymous?: BlockDocumentFilterIsAnonymous | null | undefined;
  name?: BlockDocumentFilterName | null | undefined;
  operator?: Operator | undefined;
}

export interface BlockDocumentFilterBlockTypeId {
  any_?: Array<string> | null | undefined;
}

export interface BlockDocumentFilterId {
  any_?: Array<string> | null | undefined;
}

export interface BlockDocumentFilterIsAnonymous {
  eq_?: boolean | null | undefined;
}

export interface BlockDocumentFilterName {
  any_?: Array<string> | null | undefined;
  like_?: string | null | undefined;
}

export type BlockDocumentSort = "NAME_DESC" | "NAME_ASC" | "BLOCK_TYPE_AND_NAME_ASC";

export interface BlockDocumentUpdate {
  block_schema_id?: string | null | undefined;
  data?: Record<string, unknown> | undefined;
  merge_existing_data?: boolean | undefined;
}

export interface BlockSchemaCreate {
  block_type_id: string;
  capabilities?: Array<string> | undefined;
  fields?: Record<string, unknown> | undefined;
  version?: string | undefined;
}

export interface BlockSchemaFilter {
  block_capabilities?: BlockSchemaFilterCapabilities | null | undefined;
  block_type_id?: BlockSchemaFilterBlockTypeId | null | undefined;
  id?: BlockSchemaFilterId | null | undefined;
  operator?: Operator | undefined;
  version?: BlockSchemaFilterVersion | null | undefined;
}

export interface BlockSchemaFilterBlockTypeId {
  any_?: Array<string> | null | undefined;
}

export interface BlockSchemaFilterCapabilities {
  all_?: Array<string> | null | undefined;
}

export interface BlockSchemaFilterId {
  any_?: Array<string> | null | undefined;
}

export interface BlockSchemaFilterVersion {
  any_?: Array<string> | null | undefined;
}

export interface BlockTypeCreate {
  code_example?: string | null | undefined;
  description?: string | null | undefined;
  documentation_url?: string | null | undefined;
  logo_url?: string | null | undefined;
  name: string;
  slug: string;
}

export interface BlockTypeFilter {
  name?: BlockTypeFilterName | null | undefined;
  slug?: BlockTypeFilterSlug | null | undefined;
}

export interface BlockTypeFilterName {
  like_?: string | null | undefined;
}

export interface BlockTypeFilterSlug {
  any_?: Array<string> | null | undefined;
}

export interface BlockTypeUpdate {
  code_example?: string | null | undefined;
  description?: string | null | undefined;
  documentation_url?: string | null | undefined;
  logo_url?: string | null | undefined;
}

export interface CallWebhookInput {
  block_document_id: string;
  payload?: string | undefined;
  type?: "call-webhook" | undefined;
}

export interface CancelFlowRunInput {
  type?: "cancel-flow-run" | undefined;
}

export interface ChangeFlowRunStateInput {
  force?: boolean | undefined;
  message?: string | null | undefined;
  name?: string | null | undefined;
  state: StateType;
  type?: "change-flow-run-state" | undefined;
}

export interface CompoundTriggerInput {
  id?: string | undefined;
  require: number | "any" | "all";
  triggers: Array<EventTriggerInput | CompoundTriggerInput | SequenceTriggerInput>;
  type?: "compound" | undefined;
  within: string | null;
}

export interface ConcurrencyLeaseHolder {
  id: string;
  type: "flow_run" | "task_run" | "deployment";
}

export interface ConcurrencyLimitCreate {
  concurrency_limit: number;
  tag: string;
}

export interface ConcurrencyLimitV2Create {
  active?: boolean | undefined;
  active_slots?: number | undefined;
  denied_slots?: number | undefined;
  limit: number;
  name: string;
  slot_decay_per_second?: number | undefined;
}

export interface ConcurrencyLimitV2Update {
  active?: boolean | null | undefined;
  active_slots?: number | null | undefined;
  denied_slots?: number | null | undefined;
  limit?: number | null | undefined;
  name?: string | null | undefined;
  slot_decay_per_second?: number | null | undefined;
}

export interface ConcurrencyOptionsInput {
  collision_strategy: ConcurrencyLimitStrategy;
  grace_period_seconds?: number | null | undefined;
}

export interface ConstantInput {
  input_type?: "constant" | undefined;
  type: string;
}

export type Countable = "day" | "time" | "event" | "resource";

export interface CronScheduleInput {
  cron: string;
  day_or?: boolean | undefined;
  timezone?: string | null | undefined;
}

export interface DeleteFlowRunInput {
  type?: "delete-flow-run" | undefined;
}

export interface DeploymentCreate {
  concurrency_limit?: number | null | undefined;
  concurrency_options?: ConcurrencyOptionsInput | null | undefined;
  description?: string | null | undefined;
  enforce_parameter_schema?: boolean | undefined;
  entrypoint?: string | null | undefined;
  flow_id: string;
  global_concurrency_limit_id?: string | null | undefined;
  infrastructure_document_id?: string | null | undefined;
  job_variables?: Record<string, unknown> | undefined;
  labels?: Record<string, boolean | number | string> | null | undefined;
  name: string;
  parameter_openapi_schema?: Record<string, unknown> | null | undefined;
  parameters?: Record<string, unknown> | undefined;
  path?: string | null | undefined;
  paused?: boolean | undefined;
  pull_steps?: Array<Record<string, unknown>> | null | undefined;
  schedules?: Array<DeploymentScheduleCreate> | undefined;
  storage_document_id?: string | null | undefined;
  tags?: Array<string> | undefined;
  version?: string | null | undefined;
  version_info?: VersionInfo | null | undefined;
  work_pool_name?: string | null | undefined;
  work_queue_name?: string | null | undefined;
}

export interface DeploymentFilter {
  concurrency_limit?: DeploymentFilterConcurrencyLimit | null | undefined;
  flow_or_deployment_name?: DeploymentOrFlowNameFilter | null | undefined;
  id?: DeploymentFilterId | null | undefined;
  name?: DeploymentFilterName | null | undefined;
  operator?: Operator | undefined;
  paused?: DeploymentFilterPaused | null | undefined;
  tags?: DeploymentFilterTags | null | undefined;
  work_queue_name?: DeploymentFilterWorkQueueName | null | undefined;
}

export interface DeploymentFilterConcurrencyLimit {
  ge_?: number | null | undefined;
  is_null_?: boolean | null | undefined;
  le_?: number | null | undefined;
}

export interface DeploymentFilterId {
  any_?: Array<string> | null | undefined;
  not_any_?: Array<string> | null | undefined;
}

export interface DeploymentFilterName {
  any_?: Array<string> | null | undefined;
  like_?: string | null | undefined;
}

export interface DeploymentFilterPaused {
  eq_?: boolean | null | undefined;
}

export interface DeploymentFilterTags {
  all_?: Array<string> | null | undefined;
  any_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
}

export interface DeploymentFilterWorkQueueName {
  any_?: Array<string> | null | undefined;
}

export interface DeploymentFlowRunCreate {
  context?: Record<string, unknown> | undefined;
  empirical_policy?: FlowRunPolicyInput | undefined;
  enforce_parameter_schema?: boolean | null | undefined;
  idempotency_key?: string | null | undefined;
  infrastructure_document_id?: string | null | undefined;
  job_variables?: Record<string, unknown> | null | undefined;
  labels?: Record<string, boolean | number | string> | null | undefined;
  name?: string | null | undefined;
  parameters?: Record<string, unknown> | undefined;
  parent_task_run_id?: string | null | undefined;
  state?: StateCreate | null | undefined;
  tags?: Array<string> | undefined;
  work_queue_name?: string | null | undefined;
}

export interface DeploymentOrFlowNameFilter {
  like_?: string | null | undefined;
}

export interface DeploymentScheduleCreate {
  active?: boolean | undefined;
  max_scheduled_runs?: number | null | undefined;
  parameters?: Record<string, unknown> | undefined;
  replaces?: string | null | undefined;
  schedule: IntervalScheduleInput | CronScheduleInput | RRuleScheduleInput;
  slug?: string | null | undefined;
}

export interface DeploymentScheduleUpdate {
  active?: boolean | null | undefined;
  max_scheduled_runs?: number | null | undefined;
  parameters?: Record<string, unknown> | undefined;
  replaces?: string | null | undefined;
  schedule?: IntervalScheduleInput | CronScheduleInput | RRuleScheduleInput | null | undefined;
  slug?: string | null | undefined;
}

export type DeploymentSort = "CREATED_DESC" | "UPDATED_DESC" | "NAME_ASC" | "NAME_DESC";

export interface DeploymentUpdate {
  concurrency_limit?: number | null | undefined;
  concurrency_options?: ConcurrencyOptionsInput | null | undefined;
  description?: string | null | undefined;
  enforce_parameter_schema?: boolean | null | undefined;
  entrypoint?: string | null | undefined;
  global_concurrency_limit_id?: string | null | undefined;
  infrastructure_document_id?: string | null | undefined;
  job_variables?: Record<string, unknown> | null | undefined;
  parameter_openapi_schema?: Record<string, unknown> | null | undefined;
  parameters?: Record<string, unknown> | null | undefined;
  path?: string | null | undefined;
  paused?: boolean | undefined;
  pull_steps?: Array<Record<string, unknown>> | null | undefined;
  schedules?: Array<DeploymentScheduleUpdate> | undefined;
  storage_document_id?: string | null | undefined;
  tags?: Array<string> | undefined;
  version?: string | null | undefined;
  version_info?: VersionInfo | null | undefined;
  work_pool_name?: string | null | undefined;
  work_queue_name?: string | null | undefined;
}

export interface DoNothingInput {
  type?: "do-nothing" | undefined;
}

export interface EventInput {
  event: string;
  follows?: string | null | undefined;
  id: string;
  occurred: string;
  payload?: Record<string, unknown> | undefined;
  related?: Array<RelatedResourceInput> | undefined;
  resource: ResourceInput;
}

export interface EventAnyResourceFilterInput {
  id?: Array<string> | null | undefined;
  id_prefix?: Array<string> | null | undefined;
  labels?: ResourceSpecificationInput | null | undefined;
}

export interface EventFilterInput {
  any_resource?: EventAnyResourceFilterInput | Array<EventAnyResourceFilterInput> | null | undefined;
  event?: EventNameFilterInput | null | undefined;
  id?: EventIDFilterInput | undefined;
  occurred?: EventOccurredFilterInput | undefined;
  order?: EventOrder | undefined;
  related?: EventRelatedFilterInput | Array<EventRelatedFilterInput> | null | undefined;
  resource?: EventResourceFilterInput | null | undefined;
  text?: EventTextFilterInput | null | undefined;
}

export interface EventIDFilterInput {
  id?: Array<string> | null | undefined;
}

export interface EventNameFilterInput {
  exclude_name?: Array<string> | null | undefined;
  exclude_prefix?: Array<string> | null | undefined;
  name?: Array<string> | null | undefined;
  prefix?: Array<string> | null | undefined;
}

export interface EventOccurredFilterInput {
  since?: string | undefined;
  until?: string | undefined;
}

export interface EventRelatedFilterInput {
  id?: Array<string> | null | undefined;
  labels?: ResourceSpecificationInput | null | undefined;
  resources_in_roles?: Array<[string, string]> | null | undefined;
  role?: Array<string> | null | undefined;
}

export interface EventResourceFilterInput {
  distinct?: boolean | undefined;
  id?: Array<string> | null | undefined;
  id_prefix?: Array<string> | null | undefined;
  labels?: ResourceSpecificationInput | null | undefined;
}

export interface EventTextFilterInput {
  query: string;
}

export interface EventTriggerInput {
  after?: Array<string> | undefined;
  expect?: Array<string> | undefined;
  for_each?: Array<string> | undefined;
  id?: string | undefined;
  match?: ResourceSpecificationInput | Record<string, string | Array<string>> | undefined;
  match_related?: ResourceSpecificationInput | Record<string, string | Array<string>> | Array<ResourceSpecificationInput | Record<string, string | Array<string>>> | undefined;
  posture: "Reactive" | "Proactive";
  threshold?: number | undefined;
  type?: "event" | undefined;
  within?: string | undefined;
}

export interface FlowCreate {
  labels?: Record<string, boolean | number | string> | null | undefined;
  name: string;
  tags?: Array<string> | undefined;
}

export interface FlowFilter {
  deployment?: FlowFilterDeployment | null | undefined;
  id?: FlowFilterId | null | undefined;
  name?: FlowFilterName | null | undefined;
  operator?: Operator | undefined;
  tags?: FlowFilterTags | null | undefined;
}

export interface FlowFilterDeployment {
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
}

export interface FlowFilterId {
  any_?: Array<string> | null | undefined;
  not_any_?: Array<string> | null | undefined;
}

export interface FlowFilterName {
  any_?: Array<string> | null | undefined;
  like_?: string | null | undefined;
}

export interface FlowFilterTags {
  all_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
}

export interface FlowRunCreate {
  context?: Record<string, unknown> | undefined;
  deployment_id?: string | null | undefined;
  empirical_policy?: FlowRunPolicyInput | undefined;
  flow_id: string;
  flow_version?: string | null | undefined;
  idempotency_key?: string | null | undefined;
  infrastructure_document_id?: string | null | undefined;
  job_variables?: Record<string, unknown> | null | undefined;
  labels?: Record<string, boolean | number | string> | null | undefined;
  name?: string | null | undefined;
  parameters?: Record<string, unknown> | undefined;
  parent_task_run_id?: string | null | undefined;
  state?: StateCreate | null | undefined;
  tags?: Array<string> | undefined;
  work_pool_name?: string | null | undefined;
  work_queue_name?: string | null | undefined;
}

export interface FlowRunFilter {
  created_by?: FlowRunFilterCreatedBy | null | undefined;
  deployment_id?: FlowRunFilterDeploymentId | null | undefined;
  end_time?: FlowRunFilterEndTime | null | undefined;
  expected_start_time?: FlowRunFilterExpectedStartTime | null | undefined;
  flow_version?: FlowRunFilterFlowVersion | null | undefined;
  id?: FlowRunFilterId | null | undefined;
  idempotency_key?: FlowRunFilterIdempotencyKey | null | undefined;
  name?: FlowRunFilterName | null | undefined;
  next_scheduled_start_time?: FlowRunFilterNextScheduledStartTime | null | undefined;
  operator?: Operator | undefined;
  parent_flow_run_id?: FlowRunFilterParentFlowRunId | null | undefined;
  parent_task_run_id?: FlowRunFilterParentTaskRunId | null | undefined;
  start_time?: FlowRunFilterStartTime | null | undefined;
  state?: FlowRunFilterState | null | undefined;
  tags?: FlowRunFilterTags | null | undefined;
  work_queue_name?: FlowRunFilterWorkQueueName | null | undefined;
}

export interface FlowRunFilterCreatedBy {
  id_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
  type_?: Array<string> | null | undefined;
}

export interface FlowRunFilterDeploymentId {
  any_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
}

export interface FlowRunFilterEndTime {
  after_?: string | null | undefined;
  before_?: string | null | undefined;
  is_null_?: boolean | null | undefined;
}

export interface FlowRunFilterExpectedStartTime {
  after_?: string | null | undefined;
  before_?: string | null | undefined;
}

export interface FlowRunFilterFlowVersion {
  any_?: Array<string> | null | undefined;
}

export interface FlowRunFilterId {
  any_?: Array<string> | null | undefined;
  not_any_?: Array<string> | null | undefined;
}

export interface FlowRunFilterIdempotencyKey {
  any_?: Array<string> | null | undefined;
  not_any_?: Array<string> | null | undefined;
}

export interface FlowRunFilterName {
  any_?: Array<string> | null | undefined;
  like_?: string | null | undefined;
}

export interface FlowRunFilterNextScheduledStartTime {
  after_?: string | null | undefined;
  before_?: string | null | undefined;
}

export interface FlowRunFilterParentFlowRunId {
  any_?: Array<string> | null | undefined;
  operator?: Operator | undefined;
}

export interface FlowRunFilterParentTaskRunId {
  any_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
}

export interface FlowRunFilterStartTime {
  after_?: string | null | undefined;
  before_?: string | null | undefined;
  is_null_?: boolean | null | undefined;
}

export interface FlowRunFilterState {
  name?: FlowRunFilterStateName | null | undefined;
  operator?: Operator | undefined;
  type?: FlowRunFilterStateType | null | undefined;
}

export interface FlowRunFilterStateName {
  any_?: Array<string> | null | undefined;
  not_any_?: Array<string> | null | undefined;
}

export interface FlowRunFilterStateType {
  any_?: Array<StateType> | null | undefined;
  not_any_?: Array<StateType> | null | undefined;
}

export interface FlowRunFilterTags {
  all_?: Array<string> | null | undefined;
  any_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
}

export interface FlowRunFilterWorkQueueName {
  any_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
}

export interface FlowRunPolicyInput {
  max_retries?: number | undefined;
  pause_keys?: Array<string> | null | undefined;
  resuming?: boolean | null | undefined;
  retries?: number | null | undefined;
  retry_delay?: number | null | undefined;
  retry_delay_seconds?: number | undefined;
  retry_type?: "in_process" | "reschedule" | null | undefined;
}

export interface FlowRunResultInput {
  id: string;
  input_type?: "flow_run" | undefined;
}

export type FlowRunSort = "ID_DESC" | "START_TIME_ASC" | "START_TIME_DESC" | "EXPECTED_START_TIME_ASC" | "EXPECTED_START_TIME_DESC" | "NAME_ASC" | "NAME_DESC" | "NEXT_SCHEDULED_START_TIME_ASC" | "END_TIME_DESC";

export interface FlowRunUpdate {
  empirical_policy?: FlowRunPolicyInput | undefined;
  flow_version?: string | null | undefined;
  infrastructure_pid?: string | null | undefined;
  job_variables?: Record<string, unknown> | null | undefined;
  name?: string | null | undefined;
  parameters?: Record<string, unknown> | undefined;
  tags?: Array<string> | undefined;
}

export type FlowSort = "CREATED_DESC" | "UPDATED_DESC" | "NAME_ASC" | "NAME_DESC";

export interface FlowUpdate {
  tags?: Array<string> | undefined;
}

export interface IntervalScheduleInput {
  anchor_date?: string | undefined;
  interval: string;
  timezone?: string | null | undefined;
}

export interface LogCreate {
  flow_run_id?: string | null | undefined;
  level: number;
  message: string;
  name: string;
  task_run_id?: string | null | undefined;
  timestamp: string;
}

export interface LogFilter {
  flow_run_id?: LogFilterFlowRunId | null | undefined;
  level?: LogFilterLevel | null | undefined;
  operator?: Operator | undefined;
  task_run_id?: LogFilterTaskRunId | null | undefined;
  text?: LogFilterTextSearch | null | undefined;
  timestamp?: LogFilterTimestamp | null | undefined;
}

export interface LogFilterFlowRunId {
  any_?: Array<string> | null | undefined;
}

export interface LogFilterLevel {
  ge_?: number | null | undefined;
  le_?: number | null | undefined;
}

export interface LogFilterTaskRunId {
  any_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
}

export interface LogFilterTextSearch {
  query: string;
}

export interface LogFilterTimestamp {
  after_?: string | null | undefined;
  before_?: string | null | undefined;
}

export type LogSort = "TIMESTAMP_ASC" | "TIMESTAMP_DESC";

export type Operator = "and_" | "or_";

export interface ParameterInput {
  input_type?: "parameter" | undefined;
  name: string;
}

export interface PauseAutomationInput {
  automation_id?: string | null | undefined;
  source?: "selected" | "inferred" | undefined;
  type?: "pause-automation" | undefined;
}

export interface PauseDeploymentInput {
  deployment_id?: string | null | undefined;
  source?: "selected" | "inferred" | undefined;
  type?: "pause-deployment" | undefined;
}

export interface PauseWorkPoolInput {
  source?: "selected" | "inferred" | undefined;
  type?: "pause-work-pool" | undefined;
  work_pool_id?: string | null | undefined;
}

export interface PauseWorkQueueInput {
  source?: "selected" | "inferred" | undefined;
  type?: "pause-work-queue" | undefined;
  work_queue_id?: string | null | undefined;
}

export interface QueueFilterInput {
  deployment_ids?: Array<string> | null | undefined;
  tags?: Array<string> | null | undefined;
}

export interface RRuleScheduleInput {
  rrule: string;
  timezone?: string | null | undefined;
}

export type RelatedResourceInput = Record<string, string>;

export type ResourceInput = Record<string, string>;

export type ResourceSpecificationInput = Record<string, string | Array<string>>;

export interface ResumeAutomationInput {
  automation_id?: string | null | undefined;
  source?: "selected" | "inferred" | undefined;
  type?: "resume-automation" | undefined;
}

export interface ResumeDeploymentInput {
  deployment_id?: string | null | undefined;
  source?: "selected" | "inferred" | undefined;
  type?: "resume-deployment" | undefined;
}

export interface ResumeFlowRunInput {
  type?: "resume-flow-run" | undefined;
}

export interface ResumeWorkPoolInput {
  source?: "selected" | "inferred" | undefined;
  type?: "resume-work-pool" | undefined;
  work_pool_id?: string | null | undefined;
}

export interface ResumeWorkQueueInput {
  source?: "selected" | "inferred" | undefined;
  type?: "resume-work-queue" | undefined;
  work_queue_id?: string | null | undefined;
}

export interface RunDeploymentInput {
  deployment_id?: string | null | undefined;
  job_variables?: Record<string, unknown> | null | undefined;
  parameters?: Record<string, unknown> | null | undefined;
  schedule_after?: string | undefined;
  source?: "selected" | "inferred" | undefined;
  type?: "run-deployment" | undefined;
}

export interface SavedSearchCreate {
  filters?: Array<SavedSearchFilterInput> | undefined;
  name: string;
}

export interface SavedSearchFilterInput {
  object: string;
  operation: string;
  property: string;
  type: string;
  value: unknown;
}

export interface SendNotificationInput {
  block_document_id: string;
  body: string;
  subject?: string | undefined;
  type?: "send-notification" | undefined;
}

export interface SequenceTriggerInput {
  id?: string | undefined;
  triggers: Array<EventTriggerInput | CompoundTriggerInput | SequenceTriggerInput>;
  type?: "sequence" | undefined;
  within: string | null;
}

export interface ServerDefaultResultStorageUpdate {
  default_result_storage_block_id: string;
}

export interface StateCreate {
  data?: unknown | null | undefined;
  message?: string | null | undefined;
  name?: string | null | undefined;
  state_details?: StateDetailsInput | undefined;
  type: StateType;
}

export interface StateDetailsInput {
  cache_expiration?: string | null | undefined;
  cache_key?: string | null | undefined;
  child_flow_run_id?: string | null | undefined;
  deferred?: boolean | null | undefined;
  deployment_concurrency_lease_id?: string | null | undefined;
  flow_run_id?: string | null | undefined;
  pause_key?: string | null | undefined;
  pause_reschedule?: boolean | undefined;
  pause_timeout?: string | null | undefined;
  refresh_cache?: boolean | null | undefined;
  retriable?: boolean | null | undefined;
  run_input_keyset?: Record<string, string> | null | undefined;
  scheduled_time?: string | null | undefined;
  task_parameters_id?: string | null | undefined;
  task_run_id?: string | null | undefined;
  traceparent?: string | null | undefined;
  transition_id?: string | null | undefined;
  untrackable_result?: boolean | undefined;
}

export interface SuspendFlowRunInput {
  type?: "suspend-flow-run" | undefined;
}

export interface TaskRunCreate {
  cache_expiration?: string | null | undefined;
  cache_key?: string | null | undefined;
  dynamic_key: string;
  empirical_policy?: TaskRunPolicyInput | undefined;
  flow_run_id?: string | null | undefined;
  id?: string | null | undefined;
  labels?: Record<string, boolean | number | string> | null | undefined;
  name?: string | null | undefined;
  state?: StateCreate | null | undefined;
  tags?: Array<string> | undefined;
  task_inputs?: Record<string, Array<TaskRunResultInput | FlowRunResultInput | ParameterInput | ConstantInput>> | undefined;
  task_key: string;
  task_version?: string | null | undefined;
}

export interface TaskRunFilter {
  end_time?: TaskRunFilterEndTime | null | undefined;
  expected_start_time?: TaskRunFilterExpectedStartTime | null | undefined;
  flow_run_id?: TaskRunFilterFlowRunId | null | undefined;
  id?: TaskRunFilterId | null | undefined;
  name?: TaskRunFilterName | null | undefined;
  operator?: Operator | undefined;
  start_time?: TaskRunFilterStartTime | null | undefined;
  state?: TaskRunFilterState | null | undefined;
  subflow_runs?: TaskRunFilterSubFlowRuns | null | undefined;
  tags?: TaskRunFilterTags | null | undefined;
}

export interface TaskRunFilterEndTime {
  after_?: string | null | undefined;
  before_?: string | null | undefined;
  is_null_?: boolean | null | undefined;
}

export interface TaskRunFilterExpectedStartTime {
  after_?: string | null | undefined;
  before_?: string | null | undefined;
}

export interface TaskRunFilterFlowRunId {
  any_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
}

export interface TaskRunFilterId {
  any_?: Array<string> | null | undefined;
}

export interface TaskRunFilterName {
  any_?: Array<string> | null | undefined;
  like_?: string | null | undefined;
}

export interface TaskRunFilterStartTime {
  after_?: string | null | undefined;
  before_?: string | null | undefined;
  is_null_?: boolean | null | undefined;
}

export interface TaskRunFilterState {
  name?: TaskRunFilterStateName | null | undefined;
  operator?: Operator | undefined;
  type?: TaskRunFilterStateType | null | undefined;
}

export interface TaskRunFilterStateName {
  any_?: Array<string> | null | undefined;
}

export interface TaskRunFilterStateType {
  any_?: Array<StateType> | null | undefined;
}

export interface TaskRunFilterSubFlowRuns {
  exists_?: boolean | null | undefined;
}

export interface TaskRunFilterTags {
  all_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
}

export interface TaskRunPolicyInput {
  max_retries?: number | undefined;
  retries?: number | null | undefined;
  retry_delay?: number | Array<number> | null | undefined;
  retry_delay_seconds?: number | undefined;
  retry_jitter_factor?: number | null | undefined;
}

export interface TaskRunResultInput {
  id: string;
  input_type?: "task_run" | undefined;
}

export type TaskRunSort = "ID_DESC" | "EXPECTED_START_TIME_ASC" | "EXPECTED_START_TIME_DESC" | "NAME_ASC" | "NAME_DESC" | "NEXT_SCHEDULED_START_TIME_ASC" | "END_TIME_DESC";

export interface TaskRunUpdate {
  name?: string | undefined;
}

export interface TaskWorkerFilter {
  task_keys: Array<string>;
}

export type TimeUnit = "week" | "day" | "hour" | "minute" | "second";

export interface UiAutomationPageRequest {
  automations?: AutomationFilter | null | undefined;
  name?: string | null | undefined;
  sort?: AutomationSort | null | undefined;
  limit?: number | undefined;
  cursor?: string | null | undefined;
}

export interface UiConcurrencyLimitPageRequest {
  name?: string | null | undefined;
  limit?: number | undefined;
}

export interface UiDeploymentPageRequest {
  flows?: FlowFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  task_runs?: TaskRunFilter | null | undefined;
  deployments?: DeploymentFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
  work_pool_queues?: WorkQueueFilter | null | undefined;
  sort?: DeploymentSort | undefined;
  limit?: number | undefined;
  cursor?: string | null | undefined;
}

export interface UiFlowPageRequest {
  flows?: FlowFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  task_runs?: TaskRunFilter | null | undefined;
  deployments?: DeploymentFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
  work_pool_queues?: WorkQueueFilter | null | undefined;
  sort?: FlowSort | undefined;
  limit?: number | undefined;
  cursor?: string | null | undefined;
}

export interface UiFlowRunPageRequest {
  flows?: FlowFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  task_runs?: TaskRunFilter | null | undefined;
  deployments?: DeploymentFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
  work_pool_queues?: WorkQueueFilter | null | undefined;
  window?: UiTimeWindow | null | undefined;
  sort?: FlowRunSort | undefined;
  limit?: number | undefined;
  cursor?: string | null | undefined;
}

export interface UiOverviewRequest {
  flows?: FlowFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  window?: UiTimeWindow | null | undefined;
  buckets?: number | undefined;
}

export interface UiScheduleDatesRequest {
  schedule: Record<string, unknown>;
  limit?: number | undefined;
}

export interface UiSearchRequest {
  text: string;
}

export interface UiTimeWindow {
  relative?: string | null | undefined;
  after?: string | null | undefined;
  before?: string | null | undefined;
}

export interface UiWorkPoolPageRequest {
  work_pools?: WorkPoolFilter | null | undefined;
  limit?: number | undefined;
  cursor?: string | null | undefined;
}

export interface VariableCreate {
  name: string;
  tags?: Array<string> | undefined;
  value: string | number | boolean | Record<string, unknown> | Array<unknown> | null;
}

export interface VariableFilter {
  id?: VariableFilterId | null | undefined;
  name?: VariableFilterName | null | undefined;
  operator?: Operator | undefined;
  tags?: VariableFilterTags | null | undefined;
}

export interface VariableFilterId {
  any_?: Array<string> | null | undefined;
}

export interface VariableFilterName {
  any_?: Array<string> | null | undefined;
  like_?: string | null | undefined;
}

export interface VariableFilterTags {
  all_?: Array<string> | null | undefined;
  is_null_?: boolean | null | undefined;
  operator?: Operator | undefined;
}

export type VariableSort = "CREATED_DESC" | "UPDATED_DESC" | "NAME_DESC" | "NAME_ASC";

export interface VariableUpdate {
  name?: string | null | undefined;
  tags?: Array<string> | null | undefined;
  value?: string | number | boolean | Record<string, unknown> | Array<unknown> | null | undefined;
}

export interface VersionInfo {
  type: string;
  version: string;
}

export interface WorkPoolCreate {
  base_job_template?: Record<string, unknown> | undefined;
  concurrency_limit?: number | null | undefined;
  description?: string | null | undefined;
  is_paused?: boolean | undefined;
  name: string;
  storage_configuration?: WorkPoolStorageConfigurationInput | undefined;
  type?: string | undefined;
}

export interface WorkPoolFilter {
  id?: WorkPoolFilterId | null | undefined;
  name?: WorkPoolFilterName | null | undefined;
  operator?: Operator | undefined;
  type?: WorkPoolFilterType | null | undefined;
}

export interface WorkPoolFilterId {
  any_?: Array<string> | null | undefined;
}

export interface WorkPoolFilterName {
  any_?: Array<string> | null | undefined;
}

export interface WorkPoolFilterType {
  any_?: Array<string> | null | undefined;
}

export interface WorkPoolStorageConfigurationInput {
  bundle_execution_step?: Record<string, unknown> | null | undefined;
  bundle_upload_step?: Record<string, unknown> | null | undefined;
  default_result_storage_block_id?: string | null | undefined;
}

export interface WorkPoolUpdate {
  base_job_template?: Record<string, unknown> | null | undefined;
  concurrency_limit?: number | null | undefined;
  description?: string | null | undefined;
  is_paused?: boolean | null | undefined;
  storage_configuration?: WorkPoolStorageConfigurationInput | null | undefined;
}

export interface WorkQueueCreate {
  concurrency_limit?: number | null | undefined;
  description?: string | null | undefined;
  filter?: QueueFilterInput | null | undefined;
  is_paused?: boolean | undefined;
  name: string;
  priority?: number | null | undefined;
}

export interface WorkQueueFilter {
  id?: WorkQueueFilterId | null | undefined;
  name?: WorkQueueFilterName | null | undefined;
  operator?: Operator | undefined;
}

export interface WorkQueueFilterId {
  any_?: Array<string> | null | undefined;
}

export interface WorkQueueFilterName {
  any_?: Array<string> | null | undefined;
  startswith_?: Array<string> | null | undefined;
}

export interface WorkQueueUpdate {
  concurrency_limit?: number | null | undefined;
  description?: string | null | undefined;
  filter?: QueueFilterInput | null | undefined;
  is_paused?: boolean | undefined;
  last_polled?: string | null | undefined;
  name?: string | null | undefined;
  priority?: number | null | undefined;
}

export interface WorkerFilter {
  last_heartbeat_time?: WorkerFilterLastHeartbeatTime | null | undefined;
  operator?: Operator | undefined;
  status?: WorkerFilterStatus | null | undefined;
}

export interface WorkerFilterLastHeartbeatTime {
  after_?: string | null | undefined;
  before_?: string | null | undefined;
}

export interface WorkerFilterStatus {
  any_?: Array<WorkerStatus> | null | undefined;
  not_any_?: Array<WorkerStatus> | null | undefined;
}

/** Every operation of the API: what it takes and what it answers. */
export interface Operations {
  "GET /admin/settings": { path: {  }; query: {  }; body: undefined; answer: Settings };
  "DELETE /admin/storage": { path: {  }; query: {  }; body: undefined; answer: unknown };
  "GET /admin/storage": { path: {  }; query: {  }; body: undefined; answer: ServerDefaultResultStorage };
  "PUT /admin/storage": { path: {  }; query: {  }; body: ServerDefaultResultStorageUpdate; answer: ServerDefaultResultStorage };
  "GET /admin/version": { path: {  }; query: {  }; body: undefined; answer: string };
  "POST /artifacts/": { path: {  }; query: {  }; body: ArtifactCreate; answer: Artifact };
  "POST /artifacts/count": { path: {  }; query: {  }; body: {
  artifacts?: ArtifactFilter | undefined;
  deployments?: DeploymentFilter | undefined;
  flow_runs?: FlowRunFilter | undefined;
  flows?: FlowFilter | undefined;
  task_runs?: TaskRunFilter | undefined;
} | undefined; answer: number };
  "POST /artifacts/filter": { path: {  }; query: {  }; body: {
  artifacts?: ArtifactFilter | undefined;
  deployments?: DeploymentFilter | undefined;
  flow_runs?: FlowRunFilter | undefined;
  flows?: FlowFilter | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
  sort?: ArtifactSort | undefined;
  task_runs?: TaskRunFilter | undefined;
} | undefined; answer: Array<Artifact> };
  "POST /artifacts/latest/count": { path: {  }; query: {  }; body: {
  artifacts?: ArtifactCollectionFilter | undefined;
  deployments?: DeploymentFilter | undefined;
  flow_runs?: FlowRunFilter | undefined;
  flows?: FlowFilter | undefined;
  task_runs?: TaskRunFilter | undefined;
} | undefined; answer: number };
  "POST /artifacts/latest/filter": { path: {  }; query: {  }; body: {
  artifacts?: ArtifactCollectionFilter | undefined;
  deployments?: DeploymentFilter | undefined;
  flow_runs?: FlowRunFilter | undefined;
  flows?: FlowFilter | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
  sort?: ArtifactCollectionSort | undefined;
  task_runs?: TaskRunFilter | undefined;
} | undefined; answer: Array<ArtifactCollection> };
  "DELETE /artifacts/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /artifacts/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: Artifact };
  "PATCH /artifacts/{id}": { path: { "id": string }; query: {  }; body: ArtifactUpdate; answer: unknown };
  "GET /artifacts/{key}/latest": { path: { "key": string }; query: {  }; body: undefined; answer: Artifact };
  "POST /automations/": { path: {  }; query: {  }; body: AutomationCreate; answer: Automation };
  "POST /automations/count": { path: {  }; query: {  }; body: {
  automations?: AutomationFilter | null | undefined;
} | undefined; answer: number };
  "POST /automations/filter": { path: {  }; query: {  }; body: {
  automations?: AutomationFilter | null | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
  sort?: AutomationSort | undefined;
} | undefined; answer: Array<Automation> };
  "DELETE /automations/owned-by/{resource_id}": { path: { "resource_id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /automations/related-to/{resource_id}": { path: { "resource_id": string }; query: {  }; body: undefined; answer: Array<Automation> };
  "POST /automations/templates/validate": { path: {  }; query: {  }; body: string | undefined; answer: unknown };
  "DELETE /automations/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /automations/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: Automation };
  "PATCH /automations/{id}": { path: { "id": string }; query: {  }; body: AutomationPartialUpdate; answer: unknown };
  "PUT /automations/{id}": { path: { "id": string }; query: {  }; body: AutomationUpdate; answer: unknown };
  "GET /block_capabilities/": { path: {  }; query: {  }; body: undefined; answer: Array<string> };
  "POST /block_documents/": { path: {  }; query: {  }; body: BlockDocumentCreate; answer: BlockDocument };
  "POST /block_documents/count": { path: {  }; query: {  }; body: {
  block_documents?: BlockDocumentFilter | null | undefined;
  block_schemas?: BlockSchemaFilter | null | undefined;
  block_types?: BlockTypeFilter | null | undefined;
} | undefined; answer: number };
  "POST /block_documents/filter": { path: {  }; query: {  }; body: {
  block_documents?: BlockDocumentFilter | null | undefined;
  block_schemas?: BlockSchemaFilter | null | undefined;
  block_types?: BlockTypeFilter | null | undefined;
  include_secrets?: boolean | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
  sort?: BlockDocumentSort | null | undefined;
} | undefined; answer: Array<BlockDocument> };
  "DELETE /block_documents/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /block_documents/{id}": { path: { "id": string }; query: { "include_secrets"?: boolean }; body: undefined; answer: BlockDocument };
  "PATCH /block_documents/{id}": { path: { "id": string }; query: {  }; body: BlockDocumentUpdate; answer: unknown };
  "POST /block_schemas/": { path: {  }; query: {  }; body: BlockSchemaCreate; answer: BlockSchema };
  "GET /block_schemas/checksum/{checksum}": { path: { "checksum": string }; query: { "version"?: string | null }; body: undefined; answer: BlockSchema };
  "POST /block_schemas/filter": { path: {  }; query: {  }; body: {
  block_schemas?: BlockSchemaFilter | null | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
} | undefined; answer: Array<BlockSchema> };
  "DELETE /block_schemas/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /block_schemas/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: BlockSchema };
  "POST /block_types/": { path: {  }; query: {  }; body: BlockTypeCreate; answer: BlockType };
  "POST /block_types/filter": { path: {  }; query: {  }; body: {
  block_schemas?: BlockSchemaFilter | null | undefined;
  block_types?: BlockTypeFilter | null | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
} | undefined; answer: Array<BlockType> };
  "POST /block_types/install_system_block_types": { path: {  }; query: {  }; body: undefined; answer: unknown };
  "GET /block_types/slug/{slug}": { path: { "slug": string }; query: {  }; body: undefined; answer: BlockType };
  "GET /block_types/slug/{slug}/block_documents": { path: { "slug": string }; query: { "include_secrets"?: boolean }; body: undefined; answer: Array<BlockDocument> };
  "GET /block_types/slug/{slug}/block_documents/name/{block_document_name}": { path: { "slug": string; "block_document_name": string }; query: { "include_secrets"?: boolean }; body: undefined; answer: BlockDocument };
  "DELETE /block_types/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /block_types/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: BlockType };
  "PATCH /block_types/{id}": { path: { "id": string }; query: {  }; body: BlockTypeUpdate; answer: unknown };
  "GET /collections/views/{view}": { path: { "view": string }; query: {  }; body: undefined; answer: Record<string, unknown> };
  "POST /concurrency_limits/": { path: {  }; query: {  }; body: ConcurrencyLimitCreate; answer: ConcurrencyLimit };
  "POST /concurrency_limits/decrement": { path: {  }; query: {  }; body: {
  names: Array<string>;
  task_run_id: string;
}; answer: Array<MinimalConcurrencyLimitResponse> };
  "POST /concurrency_limits/filter": { path: {  }; query: {  }; body: {
  limit?: number | undefined;
  offset?: number | undefined;
} | undefined; answer: Array<ConcurrencyLimit> };
  "POST /concurrency_limits/increment": { path: {  }; query: {  }; body: {
  names: Array<string>;
  task_run_id: string;
}; answer: Array<MinimalConcurrencyLimitResponse> };
  "DELETE /concurrency_limits/tag/{tag}": { path: { "tag": string }; query: {  }; body: undefined; answer: unknown };
  "GET /concurrency_limits/tag/{tag}": { path: { "tag": string }; query: {  }; body: undefined; answer: ConcurrencyLimit };
  "POST /concurrency_limits/tag/{tag}/reset": { path: { "tag": string }; query: {  }; body: {
  slot_override?: Array<string> | null | undefined;
} | undefined; answer: unknown };
  "DELETE /concurrency_limits/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /concurrency_limits/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: ConcurrencyLimit };
  "GET /csrf-token": { path: {  }; query: { "client": string }; body: undefined; answer: CsrfToken };
  "POST /deployments/": { path: {  }; query: {  }; body: DeploymentCreate; answer: DeploymentResponse };
  "POST /deployments/bulk_delete": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  limit?: number | undefined;
} | undefined; answer: DeploymentBulkDeleteResponse };
  "POST /deployments/count": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  task_runs?: TaskRunFilter | null | undefined;
  work_pool_queues?: WorkQueueFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
} | undefined; answer: number };
  "POST /deployments/filter": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
  sort?: DeploymentSort | undefined;
  task_runs?: TaskRunFilter | null | undefined;
  work_pool_queues?: WorkQueueFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
} | undefined; answer: Array<DeploymentResponse> };
  "POST /deployments/get_scheduled_flow_runs": { path: {  }; query: {  }; body: {
  deployment_ids: Array<string>;
  limit?: number | undefined;
  scheduled_before?: string | undefined;
}; answer: Array<FlowRunResponse> };
  "GET /deployments/name/{flow_name}/{deployment_name}": { path: { "flow_name": string; "deployment_name": string }; query: {  }; body: undefined; answer: DeploymentResponse };
  "POST /deployments/paginate": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  limit?: number | undefined;
  page?: number | undefined;
  sort?: DeploymentSort | undefined;
  task_runs?: TaskRunFilter | null | undefined;
  work_pool_queues?: WorkQueueFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
} | undefined; answer: DeploymentPaginationResponse };
  "DELETE /deployments/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /deployments/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: DeploymentResponse };
  "PATCH /deployments/{id}": { path: { "id": string }; query: {  }; body: DeploymentUpdate; answer: unknown };
  "POST /deployments/{id}/create_flow_run": { path: { "id": string }; query: {  }; body: DeploymentFlowRunCreate; answer: FlowRunResponse };
  "POST /deployments/{id}/create_flow_run/bulk": { path: { "id": string }; query: {  }; body: Array<DeploymentFlowRunCreate>; answer: FlowRunBulkCreateResponse };
  "POST /deployments/{id}/pause_deployment": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "POST /deployments/{id}/resume_deployment": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "POST /deployments/{id}/schedule": { path: { "id": string }; query: {  }; body: {
  end_time?: string | undefined;
  max_runs?: number | undefined;
  min_runs?: number | undefined;
  min_time?: number | undefined;
  start_time?: string | undefined;
} | undefined; answer: unknown };
  "GET /deployments/{id}/schedules": { path: { "id": string }; query: {  }; body: undefined; answer: Array<DeploymentSchedule> };
  "POST /deployments/{id}/schedules": { path: { "id": string }; query: {  }; body: Array<DeploymentScheduleCreate>; answer: Array<DeploymentSchedule> };
  "DELETE /deployments/{id}/schedules/{schedule_id}": { path: { "id": string; "schedule_id": string }; query: {  }; body: undefined; answer: unknown };
  "PATCH /deployments/{id}/schedules/{schedule_id}": { path: { "id": string; "schedule_id": string }; query: {  }; body: DeploymentScheduleUpdate; answer: unknown };
  "GET /deployments/{id}/work_queue_check": { path: { "id": string }; query: {  }; body: undefined; answer: Array<WorkQueue> };
  "POST /events": { path: {  }; query: {  }; body: Array<EventInput>; answer: unknown };
  "POST /events/count-by/{countable}": { path: { "countable": Countable }; query: {  }; body: {
  filter: EventFilterInput;
  time_interval?: number | undefined;
  time_unit?: TimeUnit | undefined;
}; answer: Array<EventCount> };
  "POST /events/filter": { path: {  }; query: {  }; body: {
  filter?: EventFilterInput | null | undefined;
  limit?: number | undefined;
} | undefined; answer: EventPage };
  "GET /events/filter/next": { path: {  }; query: { "page-token": string }; body: undefined; answer: EventPage };
  "GET /flow_run_states/": { path: {  }; query: { "flow_run_id": string }; body: undefined; answer: Array<State> };
  "GET /flow_run_states/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: State };
  "POST /flow_runs/": { path: {  }; query: {  }; body: FlowRunCreate; answer: FlowRunResponse };
  "POST /flow_runs/bulk_delete": { path: {  }; query: {  }; body: {
  flow_runs?: FlowRunFilter | null | undefined;
  limit?: number | undefined;
} | undefined; answer: FlowRunBulkDeleteResponse };
  "POST /flow_runs/bulk_set_state": { path: {  }; query: {  }; body: {
  flow_runs?: FlowRunFilter | null | undefined;
  force?: boolean | undefined;
  limit?: number | undefined;
  state: StateCreate;
}; answer: FlowRunBulkSetStateResponse };
  "POST /flow_runs/count": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  task_runs?: TaskRunFilter | null | undefined;
  work_pool_queues?: WorkQueueFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
} | undefined; answer: number };
  "POST /flow_runs/filter": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
  sort?: FlowRunSort | undefined;
  task_runs?: TaskRunFilter | null | undefined;
  work_pool_queues?: WorkQueueFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
} | undefined; answer: Array<FlowRunResponse> };
  "POST /flow_runs/history": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  history_end: string;
  history_interval_seconds: number;
  history_start: string;
  task_runs?: TaskRunFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
  work_queues?: WorkQueueFilter | null | undefined;
}; answer: Array<HistoryResponse> };
  "POST /flow_runs/lateness": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  task_runs?: TaskRunFilter | null | undefined;
  work_pool_queues?: WorkQueueFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
} | undefined; answer: number | null };
  "POST /flow_runs/paginate": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  limit?: number | undefined;
  page?: number | undefined;
  sort?: FlowRunSort | undefined;
  task_runs?: TaskRunFilter | null | undefined;
  work_pool_queues?: WorkQueueFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
} | undefined; answer: FlowRunPaginationResponse };
  "DELETE /flow_runs/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /flow_runs/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: FlowRunResponse };
  "PATCH /flow_runs/{id}": { path: { "id": string }; query: {  }; body: FlowRunUpdate; answer: unknown };
  "GET /flow_runs/{id}/graph": { path: { "id": string }; query: {  }; body: undefined; answer: Array<DependencyResult> };
  "GET /flow_runs/{id}/graph-v2": { path: { "id": string }; query: { "since"?: string }; body: undefined; answer: Graph };
  "POST /flow_runs/{id}/input": { path: { "id": string }; query: {  }; body: {
  key: string;
  sender?: string | null | undefined;
  value: string;
}; answer: unknown };
  "POST /flow_runs/{id}/input/filter": { path: { "id": string }; query: {  }; body: {
  exclude_keys?: Array<string> | undefined;
  limit?: number | undefined;
  prefix: string;
}; answer: Array<FlowRunInput> };
  "DELETE /flow_runs/{id}/input/{key}": { path: { "id": string; "key": string }; query: {  }; body: undefined; answer: unknown };
  "GET /flow_runs/{id}/input/{key}": { path: { "id": string; "key": string }; query: {  }; body: undefined; answer: unknown };
  "PATCH /flow_runs/{id}/labels": { path: { "id": string }; query: {  }; body: Record<string, unknown>; answer: unknown };
  "GET /flow_runs/{id}/logs/download": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "POST /flow_runs/{id}/resume": { path: { "id": string }; query: {  }; body: {
  run_input?: Record<string, unknown> | null | undefined;
} | undefined; answer: OrchestrationResult };
  "POST /flow_runs/{id}/set_state": { path: { "id": string }; query: {  }; body: {
  force?: boolean | undefined;
  state: StateCreate;
}; answer: OrchestrationResult };
  "POST /flows/": { path: {  }; query: {  }; body: FlowCreate; answer: Flow };
  "POST /flows/bulk_delete": { path: {  }; query: {  }; body: {
  flows?: FlowFilter | null | undefined;
  limit?: number | undefined;
} | undefined; answer: FlowBulkDeleteResponse };
  "POST /flows/count": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | undefined;
  flow_runs?: FlowRunFilter | undefined;
  flows?: FlowFilter | undefined;
  task_runs?: TaskRunFilter | undefined;
  work_pools?: WorkPoolFilter | undefined;
} | undefined; answer: number };
  "POST /flows/filter": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | undefined;
  flow_runs?: FlowRunFilter | undefined;
  flows?: FlowFilter | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
  sort?: FlowSort | undefined;
  task_runs?: TaskRunFilter | undefined;
  work_pools?: WorkPoolFilter | undefined;
} | undefined; answer: Array<Flow> };
  "GET /flows/name/{name}": { path: { "name": string }; query: {  }; body: undefined; answer: Flow };
  "POST /flows/paginate": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  limit?: number | undefined;
  page?: number | undefined;
  sort?: FlowSort | undefined;
  task_runs?: TaskRunFilter | null | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
} | undefined; answer: FlowPaginationResponse };
  "DELETE /flows/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /flows/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: Flow };
  "PATCH /flows/{id}": { path: { "id": string }; query: {  }; body: FlowUpdate; answer: unknown };
  "GET /health": { path: {  }; query: {  }; body: undefined; answer: boolean };
  "GET /hello": { path: {  }; query: {  }; body: undefined; answer: string };
  "POST /logs/": { path: {  }; query: {  }; body: Array<LogCreate>; answer: unknown };
  "POST /logs/filter": { path: {  }; query: {  }; body: {
  limit?: number | undefined;
  logs?: LogFilter | null | undefined;
  offset?: number | undefined;
  sort?: LogSort | undefined;
} | undefined; answer: Array<Log> };
  "GET /ready": { path: {  }; query: {  }; body: undefined; answer: unknown };
  "PUT /saved_searches/": { path: {  }; query: {  }; body: SavedSearchCreate; answer: SavedSearch };
  "POST /saved_searches/filter": { path: {  }; query: {  }; body: {
  limit?: number | undefined;
  offset?: number | undefined;
} | undefined; answer: Array<SavedSearch> };
  "DELETE /saved_searches/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /saved_searches/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: SavedSearch };
  "GET /task_run_states/": { path: {  }; query: { "task_run_id": string }; body: undefined; answer: Array<State> };
  "GET /task_run_states/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: State };
  "POST /task_runs/": { path: {  }; query: {  }; body: TaskRunCreate; answer: TaskRun };
  "POST /task_runs/count": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | undefined;
  flow_runs?: FlowRunFilter | undefined;
  flows?: FlowFilter | undefined;
  task_runs?: TaskRunFilter | undefined;
} | undefined; answer: number };
  "POST /task_runs/filter": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
  sort?: TaskRunSort | undefined;
  task_runs?: TaskRunFilter | null | undefined;
} | undefined; answer: Array<TaskRun> };
  "POST /task_runs/history": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | undefined;
  flow_runs?: FlowRunFilter | undefined;
  flows?: FlowFilter | undefined;
  history_end: string;
  history_interval_seconds: number;
  history_start: string;
  task_runs?: TaskRunFilter | undefined;
}; answer: Array<HistoryResponse> };
  "POST /task_runs/paginate": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  limit?: number | undefined;
  page?: number | undefined;
  sort?: TaskRunSort | undefined;
  task_runs?: TaskRunFilter | null | undefined;
} | undefined; answer: TaskRunPaginationResponse };
  "DELETE /task_runs/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /task_runs/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: TaskRun };
  "PATCH /task_runs/{id}": { path: { "id": string }; query: {  }; body: TaskRunUpdate; answer: unknown };
  "POST /task_runs/{id}/set_state": { path: { "id": string }; query: {  }; body: {
  force?: boolean | undefined;
  state: StateCreate;
}; answer: OrchestrationResult };
  "POST /task_workers/filter": { path: {  }; query: {  }; body: {
  task_worker_filter?: TaskWorkerFilter | null | undefined;
} | undefined; answer: Array<TaskWorkerResponse> };
  "POST /templates/validate": { path: {  }; query: {  }; body: string | undefined; answer: unknown };
  "POST /ui/flow_runs/count-task-runs": { path: {  }; query: {  }; body: {
  flow_run_ids: Array<string>;
}; answer: Record<string, number> };
  "POST /ui/flow_runs/history": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | undefined;
  flow_runs?: FlowRunFilter | undefined;
  flows?: FlowFilter | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
  sort?: FlowRunSort | undefined;
  task_runs?: TaskRunFilter | undefined;
  work_pools?: WorkPoolFilter | undefined;
} | undefined; answer: Array<SimpleFlowRun> };
  "POST /ui/flows/count-deployments": { path: {  }; query: {  }; body: {
  flow_ids: Array<string>;
}; answer: Record<string, number> };
  "POST /ui/flows/next-runs": { path: {  }; query: {  }; body: {
  flow_ids: Array<string>;
}; answer: Record<string, SimpleNextFlowRun | null> };
  "POST /ui/schemas/validate": { path: {  }; query: {  }; body: {
  schema: Record<string, unknown>;
  values: Record<string, unknown>;
}; answer: SchemaValuesValidationResponse };
  "POST /ui/task_runs/count": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  task_runs?: TaskRunFilter | null | undefined;
} | undefined; answer: CountByState };
  "POST /ui/task_runs/dashboard/counts": { path: {  }; query: {  }; body: {
  deployments?: DeploymentFilter | null | undefined;
  flow_runs?: FlowRunFilter | null | undefined;
  flows?: FlowFilter | null | undefined;
  task_runs: TaskRunFilter;
  work_pools?: WorkPoolFilter | null | undefined;
  work_queues?: WorkQueueFilter | null | undefined;
}; answer: Array<TaskRunCount> };
  "GET /ui/task_runs/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: UITaskRun };
  "POST /v2/concurrency_limits/": { path: {  }; query: {  }; body: ConcurrencyLimitV2Create; answer: ConcurrencyLimitV2 };
  "POST /v2/concurrency_limits/decrement": { path: {  }; query: {  }; body: {
  create_if_missing?: boolean | undefined;
  names: Array<string>;
  occupancy_seconds?: number | null | undefined;
  slots: number;
}; answer: Array<MinimalConcurrencyLimitResponse> };
  "POST /v2/concurrency_limits/decrement-with-lease": { path: {  }; query: {  }; body: {
  lease_id: string;
}; answer: unknown };
  "POST /v2/concurrency_limits/filter": { path: {  }; query: {  }; body: {
  limit?: number | undefined;
  offset?: number | undefined;
} | undefined; answer: Array<GlobalConcurrencyLimitResponse> };
  "POST /v2/concurrency_limits/increment": { path: {  }; query: {  }; body: {
  create_if_missing?: boolean | null | undefined;
  mode?: "concurrency" | "rate_limit" | undefined;
  names: Array<string>;
  slots: number;
}; answer: Array<MinimalConcurrencyLimitResponse> };
  "POST /v2/concurrency_limits/increment-with-lease": { path: {  }; query: {  }; body: {
  holder?: ConcurrencyLeaseHolder | null | undefined;
  lease_duration?: number | undefined;
  mode?: "concurrency" | "rate_limit" | undefined;
  names: Array<string>;
  slots: number;
}; answer: ConcurrencyLimitWithLeaseResponse };
  "POST /v2/concurrency_limits/leases/{lease_id}/renew": { path: { "lease_id": string }; query: {  }; body: {
  lease_duration?: number | undefined;
} | undefined; answer: unknown };
  "DELETE /v2/concurrency_limits/{id_or_name}": { path: { "id_or_name": string }; query: {  }; body: undefined; answer: unknown };
  "GET /v2/concurrency_limits/{id_or_name}": { path: { "id_or_name": string }; query: {  }; body: undefined; answer: GlobalConcurrencyLimitResponse };
  "PATCH /v2/concurrency_limits/{id_or_name}": { path: { "id_or_name": string }; query: {  }; body: ConcurrencyLimitV2Update; answer: unknown };
  "POST /variables/": { path: {  }; query: {  }; body: VariableCreate; answer: Variable };
  "POST /variables/count": { path: {  }; query: {  }; body: {
  variables?: VariableFilter | null | undefined;
} | undefined; answer: number };
  "POST /variables/filter": { path: {  }; query: {  }; body: {
  limit?: number | undefined;
  offset?: number | undefined;
  sort?: VariableSort | undefined;
  variables?: VariableFilter | null | undefined;
} | undefined; answer: Array<Variable> };
  "DELETE /variables/name/{name}": { path: { "name": string }; query: {  }; body: undefined; answer: unknown };
  "GET /variables/name/{name}": { path: { "name": string }; query: {  }; body: undefined; answer: Variable };
  "PATCH /variables/name/{name}": { path: { "name": string }; query: {  }; body: VariableUpdate; answer: unknown };
  "DELETE /variables/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /variables/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: Variable };
  "PATCH /variables/{id}": { path: { "id": string }; query: {  }; body: VariableUpdate; answer: unknown };
  "GET /version": { path: {  }; query: {  }; body: undefined; answer: string };
  "POST /work_pools/": { path: {  }; query: {  }; body: WorkPoolCreate; answer: WorkPoolResponse };
  "POST /work_pools/count": { path: {  }; query: {  }; body: {
  work_pools?: WorkPoolFilter | null | undefined;
} | undefined; answer: number };
  "POST /work_pools/filter": { path: {  }; query: {  }; body: {
  limit?: number | undefined;
  offset?: number | undefined;
  work_pools?: WorkPoolFilter | null | undefined;
} | undefined; answer: Array<WorkPoolResponse> };
  "DELETE /work_pools/{name}": { path: { "name": string }; query: {  }; body: undefined; answer: unknown };
  "GET /work_pools/{name}": { path: { "name": string }; query: {  }; body: undefined; answer: WorkPoolResponse };
  "PATCH /work_pools/{name}": { path: { "name": string }; query: {  }; body: WorkPoolUpdate; answer: unknown };
  "POST /work_pools/{name}/concurrency_status": { path: { "name": string }; query: {  }; body: {
  flow_run_limit?: number | undefined;
  limit?: number | undefined;
  page?: number | undefined;
} | undefined; answer: WorkPoolConcurrencyStatus };
  "POST /work_pools/{name}/get_scheduled_flow_runs": { path: { "name": string }; query: {  }; body: {
  limit?: number | undefined;
  scheduled_after?: string | undefined;
  scheduled_before?: string | undefined;
  work_queue_names?: Array<string> | undefined;
} | undefined; answer: Array<WorkerFlowRunResponse> };
  "POST /work_pools/{work_pool_name}/queues": { path: { "work_pool_name": string }; query: {  }; body: WorkQueueCreate; answer: WorkQueueResponse };
  "POST /work_pools/{work_pool_name}/queues/filter": { path: { "work_pool_name": string }; query: {  }; body: {
  limit?: number | undefined;
  offset?: number | undefined;
  work_queues?: WorkQueueFilter | undefined;
} | undefined; answer: Array<WorkQueueResponse> };
  "DELETE /work_pools/{work_pool_name}/queues/{name}": { path: { "work_pool_name": string; "name": string }; query: {  }; body: undefined; answer: unknown };
  "GET /work_pools/{work_pool_name}/queues/{name}": { path: { "work_pool_name": string; "name": string }; query: {  }; body: undefined; answer: WorkQueueResponse };
  "PATCH /work_pools/{work_pool_name}/queues/{name}": { path: { "work_pool_name": string; "name": string }; query: {  }; body: WorkQueueUpdate; answer: unknown };
  "POST /work_pools/{work_pool_name}/workers/filter": { path: { "work_pool_name": string }; query: {  }; body: {
  limit?: number | undefined;
  offset?: number | undefined;
  workers?: WorkerFilter | null | undefined;
} | undefined; answer: Array<WorkerResponse> };
  "POST /work_pools/{work_pool_name}/workers/heartbeat": { path: { "work_pool_name": string }; query: {  }; body: {
  heartbeat_interval_seconds?: number | null | undefined;
  name: string;
}; answer: unknown };
  "DELETE /work_pools/{work_pool_name}/workers/{name}": { path: { "work_pool_name": string; "name": string }; query: {  }; body: undefined; answer: unknown };
  "POST /work_queues/": { path: {  }; query: {  }; body: WorkQueueCreate; answer: WorkQueueResponse };
  "POST /work_queues/filter": { path: {  }; query: {  }; body: {
  limit?: number | undefined;
  offset?: number | undefined;
  work_queues?: WorkQueueFilter | null | undefined;
} | undefined; answer: Array<WorkQueueResponse> };
  "GET /work_queues/name/{name}": { path: { "name": string }; query: {  }; body: undefined; answer: WorkQueueResponse };
  "DELETE /work_queues/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: unknown };
  "GET /work_queues/{id}": { path: { "id": string }; query: {  }; body: undefined; answer: WorkQueueResponse };
  "PATCH /work_queues/{id}": { path: { "id": string }; query: {  }; body: WorkQueueUpdate; answer: unknown };
  "POST /work_queues/{id}/concurrency_status": { path: { "id": string }; query: {  }; body: {
  limit?: number | undefined;
  page?: number | undefined;
} | undefined; answer: WorkQueueConcurrencyStatus };
  "POST /work_queues/{id}/get_runs": { path: { "id": string }; query: {  }; body: {
  limit?: number | undefined;
  scheduled_before?: string | undefined;
} | undefined; answer: Array<FlowRunResponse> };
  "GET /work_queues/{id}/status": { path: { "id": string }; query: {  }; body: undefined; answer: WorkQueueStatusDetail };
  "POST /ui/overview": { path: {  }; query: {  }; body: UiOverviewRequest | undefined; answer: UiOverview };
  "POST /ui/flow_runs/page": { path: {  }; query: {  }; body: UiFlowRunPageRequest | undefined; answer: UiFlowRunPage };
  "POST /ui/automations/page": { path: {  }; query: {  }; body: UiAutomationPageRequest | undefined; answer: UiAutomationPage };
  "POST /ui/search": { path: {  }; query: {  }; body: UiSearchRequest | undefined; answer: Array<UiSearchResult> };
  "POST /ui/flows/page": { path: {  }; query: {  }; body: UiFlowPageRequest | undefined; answer: UiFlowPage };
  "POST /ui/deployments/page": { path: {  }; query: {  }; body: UiDeploymentPageRequest | undefined; answer: UiDeploymentPage };
  "POST /ui/work_pools/page": { path: {  }; query: {  }; body: UiWorkPoolPageRequest | undefined; answer: UiWorkPoolPage };
  "GET /ui/flow_runs/{id}/timeline": { path: { "id": string }; query: {  }; body: undefined; answer: UiTimeline };
  "GET /ui/flow_runs/{id}/why": { path: { "id": string }; query: {  }; body: undefined; answer: Array<UiWaitingReason> };
  "POST /ui/schedules/dates": { path: {  }; query: {  }; body: UiScheduleDatesRequest; answer: UiScheduleDates };
  "POST /ui/concurrency_limits/page": { path: {  }; query: {  }; body: UiConcurrencyLimitPageRequest; answer: UiConcurrencyLimitPage };
  "POST /automations/test-firing": { path: {  }; query: {  }; body: AutomationTestFiringRequest; answer: AutomationTestFiring };
}

/** The name of an operation, method and path template, for example `POST /flow_runs/{id}/set_state`. */
export type OperationName = keyof Operations;
