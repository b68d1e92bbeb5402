// Written by generate-client.ts from the contract document. Do not edit.
import type { AnswerOf, BodyOf, CallControls, QueryOf } from '../client.ts';

/** The methods of `client.admin`. */
export interface AdminMethods {
  /** `GET /admin/settings` */
  readSettings(controls?: CallControls): Promise<AnswerOf<'GET /admin/settings'>>;
  /** `DELETE /admin/storage` */
  deleteStorage(controls?: CallControls): Promise<AnswerOf<'DELETE /admin/storage'>>;
  /** `GET /admin/storage` */
  readStorage(controls?: CallControls): Promise<AnswerOf<'GET /admin/storage'>>;
  /** `PUT /admin/storage` */
  replaceStorage(body: BodyOf<'PUT /admin/storage'>, controls?: CallControls): Promise<AnswerOf<'PUT /admin/storage'>>;
  /** `GET /admin/version` */
  readVersion(controls?: CallControls): Promise<AnswerOf<'GET /admin/version'>>;
}

/** The methods of `client.artifacts`. */
export interface ArtifactsMethods {
  /** `POST /artifacts/` */
  create(body: BodyOf<'POST /artifacts/'>, controls?: CallControls): Promise<AnswerOf<'POST /artifacts/'>>;
  /** `POST /artifacts/count` */
  count(body?: BodyOf<'POST /artifacts/count'>, controls?: CallControls): Promise<AnswerOf<'POST /artifacts/count'>>;
  /** `POST /artifacts/filter` */
  filter(body?: BodyOf<'POST /artifacts/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /artifacts/filter'>>;
  /** `POST /artifacts/latest/count` */
  countLatest(body?: BodyOf<'POST /artifacts/latest/count'>, controls?: CallControls): Promise<AnswerOf<'POST /artifacts/latest/count'>>;
  /** `POST /artifacts/latest/filter` */
  filterLatest(body?: BodyOf<'POST /artifacts/latest/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /artifacts/latest/filter'>>;
  /** `DELETE /artifacts/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /artifacts/{id}'>>;
  /** `GET /artifacts/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /artifacts/{id}'>>;
  /** `PATCH /artifacts/{id}` */
  update(id: string, body: BodyOf<'PATCH /artifacts/{id}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /artifacts/{id}'>>;
  /** `GET /artifacts/{key}/latest` */
  readLatest(key: string, controls?: CallControls): Promise<AnswerOf<'GET /artifacts/{key}/latest'>>;
}

/** The methods of `client.automations`. */
export interface AutomationsMethods {
  /** `POST /automations/` */
  create(body: BodyOf<'POST /automations/'>, controls?: CallControls): Promise<AnswerOf<'POST /automations/'>>;
  /** `POST /automations/count` */
  count(body?: BodyOf<'POST /automations/count'>, controls?: CallControls): Promise<AnswerOf<'POST /automations/count'>>;
  /** `POST /automations/filter` */
  filter(body?: BodyOf<'POST /automations/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /automations/filter'>>;
  /** `DELETE /automations/owned-by/{resource_id}` */
  deleteByOwnedBy(resourceId: string, controls?: CallControls): Promise<AnswerOf<'DELETE /automations/owned-by/{resource_id}'>>;
  /** `GET /automations/related-to/{resource_id}` */
  readByRelatedTo(resourceId: string, controls?: CallControls): Promise<AnswerOf<'GET /automations/related-to/{resource_id}'>>;
  /** `POST /automations/templates/validate` */
  validateTemplates(body?: BodyOf<'POST /automations/templates/validate'>, controls?: CallControls): Promise<AnswerOf<'POST /automations/templates/validate'>>;
  /** `DELETE /automations/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /automations/{id}'>>;
  /** `GET /automations/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /automations/{id}'>>;
  /** `PATCH /automations/{id}` */
  update(id: string, body: BodyOf<'PATCH /automations/{id}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /automations/{id}'>>;
  /** `PUT /automations/{id}` */
  replace(id: string, body: BodyOf<'PUT /automations/{id}'>, controls?: CallControls): Promise<AnswerOf<'PUT /automations/{id}'>>;
  /** `POST /automations/test-firing` */
  testFiring(body: BodyOf<'POST /automations/test-firing'>, controls?: CallControls): Promise<AnswerOf<'POST /automations/test-firing'>>;
}

/** The methods of `client.blockCapabilities`. */
export interface BlockCapabilitiesMethods {
  /** `GET /block_capabilities/` */
  list(controls?: CallControls): Promise<AnswerOf<'GET /block_capabilities/'>>;
}

/** The methods of `client.blockDocuments`. */
export interface BlockDocumentsMethods {
  /** `POST /block_documents/` */
  create(body: BodyOf<'POST /block_documents/'>, controls?: CallControls): Promise<AnswerOf<'POST /block_documents/'>>;
  /** `POST /block_documents/count` */
  count(body?: BodyOf<'POST /block_documents/count'>, controls?: CallControls): Promise<AnswerOf<'POST /block_documents/count'>>;
  /** `POST /block_documents/filter` */
  filter(body?: BodyOf<'POST /block_documents/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /block_documents/filter'>>;
  /** `DELETE /block_documents/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /block_documents/{id}'>>;
  /** `GET /block_documents/{id}` */
  read(id: string, query?: QueryOf<'GET /block_documents/{id}'>, controls?: CallControls): Promise<AnswerOf<'GET /block_documents/{id}'>>;
  /** `PATCH /block_documents/{id}` */
  update(id: string, body: BodyOf<'PATCH /block_documents/{id}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /block_documents/{id}'>>;
}

/** The methods of `client.blockSchemas`. */
export interface BlockSchemasMethods {
  /** `POST /block_schemas/` */
  create(body: BodyOf<'POST /block_schemas/'>, controls?: CallControls): Promise<AnswerOf<'POST /block_schemas/'>>;
  /** `GET /block_schemas/checksum/{checksum}` */
  readByChecksum(checksum: string, query?: QueryOf<'GET /block_schemas/checksum/{checksum}'>, controls?: CallControls): Promise<AnswerOf<'GET /block_schemas/checksum/{checksum}'>>;
  /** `POST /block_schemas/filter` */
  filter(body?: BodyOf<'POST /block_schemas/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /block_schemas/filter'>>;
  /** `DELETE /block_schemas/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /block_schemas/{id}'>>;
  /** `GET /block_schemas/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /block_schemas/{id}'>>;
}

/** The methods of `client.blockTypes`. */
export interface BlockTypesMethods {
  /** `POST /block_types/` */
  create(body: BodyOf<'POST /block_types/'>, controls?: CallControls): Promise<AnswerOf<'POST /block_types/'>>;
  /** `POST /block_types/filter` */
  filter(body?: BodyOf<'POST /block_types/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /block_types/filter'>>;
  /** `POST /block_types/install_system_block_types` */
  installSystemBlockTypes(controls?: CallControls): Promise<AnswerOf<'POST /block_types/install_system_block_types'>>;
  /** `GET /block_types/slug/{slug}` */
  readBySlug(slug: string, controls?: CallControls): Promise<AnswerOf<'GET /block_types/slug/{slug}'>>;
  /** `GET /block_types/slug/{slug}/block_documents` */
  readBlockDocumentsBySlug(slug: string, query?: QueryOf<'GET /block_types/slug/{slug}/block_documents'>, controls?: CallControls): Promise<AnswerOf<'GET /block_types/slug/{slug}/block_documents'>>;
  /** `GET /block_types/slug/{slug}/block_documents/name/{block_document_name}` */
  readBlockDocumentByName(slug: string, blockDocumentName: string, query?: QueryOf<'GET /block_types/slug/{slug}/block_documents/name/{block_document_name}'>, controls?: CallControls): Promise<AnswerOf<'GET /block_types/slug/{slug}/block_documents/name/{block_document_name}'>>;
  /** `DELETE /block_types/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /block_types/{id}'>>;
  /** `GET /block_types/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /block_types/{id}'>>;
  /** `PATCH /block_types/{id}` */
  update(id: string, body: BodyOf<'PATCH /block_types/{id}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /block_types/{id}'>>;
}

/** The methods of `client.collections`. */
export interface CollectionsMethods {
  /** `GET /collections/views/{view}` */
  readView(view: string, controls?: CallControls): Promise<AnswerOf<'GET /collections/views/{view}'>>;
}

/** The methods of `client.tagConcurrencyLimits`. */
export interface TagConcurrencyLimitsMethods {
  /** `POST /concurrency_limits/` */
  create(body: BodyOf<'POST /concurrency_limits/'>, controls?: CallControls): Promise<AnswerOf<'POST /concurrency_limits/'>>;
  /** `POST /concurrency_limits/decrement` */
  decrement(body: BodyOf<'POST /concurrency_limits/decrement'>, controls?: CallControls): Promise<AnswerOf<'POST /concurrency_limits/decrement'>>;
  /** `POST /concurrency_limits/filter` */
  filter(body?: BodyOf<'POST /concurrency_limits/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /concurrency_limits/filter'>>;
  /** `POST /concurrency_limits/increment` */
  increment(body: BodyOf<'POST /concurrency_limits/increment'>, controls?: CallControls): Promise<AnswerOf<'POST /concurrency_limits/increment'>>;
  /** `DELETE /concurrency_limits/tag/{tag}` */
  deleteByTag(tag: string, controls?: CallControls): Promise<AnswerOf<'DELETE /concurrency_limits/tag/{tag}'>>;
  /** `GET /concurrency_limits/tag/{tag}` */
  readByTag(tag: string, controls?: CallControls): Promise<AnswerOf<'GET /concurrency_limits/tag/{tag}'>>;
  /** `POST /concurrency_limits/tag/{tag}/reset` */
  resetByTag(tag: string, body?: BodyOf<'POST /concurrency_limits/tag/{tag}/reset'>, controls?: CallControls): Promise<AnswerOf<'POST /concurrency_limits/tag/{tag}/reset'>>;
  /** `DELETE /concurrency_limits/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /concurrency_limits/{id}'>>;
  /** `GET /concurrency_limits/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /concurrency_limits/{id}'>>;
}

/** The methods of `client.server`. */
export interface ServerMethods {
  /** `GET /csrf-token` */
  readCsrfToken(query: QueryOf<'GET /csrf-token'>, controls?: CallControls): Promise<AnswerOf<'GET /csrf-token'>>;
  /** `GET /health` */
  readHealth(controls?: CallControls): Promise<AnswerOf<'GET /health'>>;
  /** `GET /hello` */
  readHello(controls?: CallControls): Promise<AnswerOf<'GET /hello'>>;
  /** `GET /ready` */
  readReady(controls?: CallControls): Promise<AnswerOf<'GET /ready'>>;
  /** `GET /version` */
  readVersion(controls?: CallControls): Promise<AnswerOf<'GET /version'>>;
}

/** The methods of `client.deployments`. */
export interface DeploymentsMethods {
  /** `POST /deployments/` */
  create(body: BodyOf<'POST /deployments/'>, controls?: CallControls): Promise<AnswerOf<'POST /deployments/'>>;
  /** `POST /deployments/bulk_delete` */
  bulkDelete(body?: BodyOf<'POST /deployments/bulk_delete'>, controls?: CallControls): Promise<AnswerOf<'POST /deployments/bulk_delete'>>;
  /** `POST /deployments/count` */
  count(body?: BodyOf<'POST /deployments/count'>, controls?: CallControls): Promise<AnswerOf<'POST /deployments/count'>>;
  /** `POST /deployments/filter` */
  filter(body?: BodyOf<'POST /deployments/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /deployments/filter'>>;
  /** `POST /deployments/get_scheduled_flow_runs` */
  getScheduledFlowRuns(body: BodyOf<'POST /deployments/get_scheduled_flow_runs'>, controls?: CallControls): Promise<AnswerOf<'POST /deployments/get_scheduled_flow_runs'>>;
  /** `GET /deployments/name/{flow_name}/{deployment_name}` */
  readByName(flowName: string, deploymentName: string, controls?: CallControls): Promise<AnswerOf<'GET /deployments/name/{flow_name}/{deployment_name}'>>;
  /** `POST /deployments/paginate` */
  paginate(body?: BodyOf<'POST /deployments/paginate'>, controls?: CallControls): Promise<AnswerOf<'POST /deployments/paginate'>>;
  /** `DELETE /deployments/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /deployments/{id}'>>;
  /** `GET /deployments/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /deployments/{id}'>>;
  /** `PATCH /deployments/{id}` */
  update(id: string, body: BodyOf<'PATCH /deployments/{id}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /deployments/{id}'>>;
  /** `POST /deployments/{id}/create_flow_run` */
  createFlowRun(id: string, body: BodyOf<'POST /deployments/{id}/create_flow_run'>, controls?: CallControls): Promise<AnswerOf<'POST /deployments/{id}/create_flow_run'>>;
  /** `POST /deployments/{id}/create_flow_run/bulk` */
  createFlowRunBulk(id: string, body: BodyOf<'POST /deployments/{id}/create_flow_run/bulk'>, controls?: CallControls): Promise<AnswerOf<'POST /deployments/{id}/create_flow_run/bulk'>>;
  /** `POST /deployments/{id}/pause_deployment` */
  pauseDeployment(id: string, controls?: CallControls): Promise<AnswerOf<'POST /deployments/{id}/pause_deployment'>>;
  /** `POST /deployments/{id}/resume_deployment` */
  resumeDeployment(id: string, controls?: CallControls): Promise<AnswerOf<'POST /deployments/{id}/resume_deployment'>>;
  /** `POST /deployments/{id}/schedule` */
  schedule(id: string, body?: BodyOf<'POST /deployments/{id}/schedule'>, controls?: CallControls): Promise<AnswerOf<'POST /deployments/{id}/schedule'>>;
  /** `GET /deployments/{id}/schedules` */
  readSchedules(id: string, controls?: CallControls): Promise<AnswerOf<'GET /deployments/{id}/schedules'>>;
  /** `POST /deployments/{id}/schedules` */
  createSchedules(id: string, body: BodyOf<'POST /deployments/{id}/schedules'>, controls?: CallControls): Promise<AnswerOf<'POST /deployments/{id}/schedules'>>;
  /** `DELETE /deployments/{id}/schedules/{schedule_id}` */
  deleteSchedule(id: string, scheduleId: string, controls?: CallControls): Promise<AnswerOf<'DELETE /deployments/{id}/schedules/{schedule_id}'>>;
  /** `PATCH /deployments/{id}/schedules/{schedule_id}` */
  updateSchedule(id: string, scheduleId: string, body: BodyOf<'PATCH /deployments/{id}/schedules/{schedule_id}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /deployments/{id}/schedules/{schedule_id}'>>;
  /** `GET /deployments/{id}/work_queue_check` */
  readWorkQueueCheck(id: string, controls?: CallControls): Promise<AnswerOf<'GET /deployments/{id}/work_queue_check'>>;
}

/** The methods of `client.events`. */
export interface EventsMethods {
  /** `POST /events` */
  create(body: BodyOf<'POST /events'>, controls?: CallControls): Promise<AnswerOf<'POST /events'>>;
  /** `POST /events/count-by/{countable}` */
  countBy(countable: string, body: BodyOf<'POST /events/count-by/{countable}'>, controls?: CallControls): Promise<AnswerOf<'POST /events/count-by/{countable}'>>;
  /** `POST /events/filter` */
  filter(body?: BodyOf<'POST /events/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /events/filter'>>;
  /** `GET /events/filter/next` */
  readFilterNext(query: QueryOf<'GET /events/filter/next'>, controls?: CallControls): Promise<AnswerOf<'GET /events/filter/next'>>;
}

/** The methods of `client.flowRunStates`. */
export interface FlowRunStatesMethods {
  /** `GET /flow_run_states/` */
  list(query: QueryOf<'GET /flow_run_states/'>, controls?: CallControls): Promise<AnswerOf<'GET /flow_run_states/'>>;
  /** `GET /flow_run_states/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /flow_run_states/{id}'>>;
}

/** The methods of `client.flowRuns`. */
export interface FlowRunsMethods {
  /** `POST /flow_runs/` */
  create(body: BodyOf<'POST /flow_runs/'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/'>>;
  /** `POST /flow_runs/bulk_delete` */
  bulkDelete(body?: BodyOf<'POST /flow_runs/bulk_delete'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/bulk_delete'>>;
  /** `POST /flow_runs/bulk_set_state` */
  bulkSetState(body: BodyOf<'POST /flow_runs/bulk_set_state'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/bulk_set_state'>>;
  /** `POST /flow_runs/count` */
  count(body?: BodyOf<'POST /flow_runs/count'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/count'>>;
  /** `POST /flow_runs/filter` */
  filter(body?: BodyOf<'POST /flow_runs/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/filter'>>;
  /** `POST /flow_runs/history` */
  history(body: BodyOf<'POST /flow_runs/history'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/history'>>;
  /** `POST /flow_runs/lateness` */
  lateness(body?: BodyOf<'POST /flow_runs/lateness'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/lateness'>>;
  /** `POST /flow_runs/paginate` */
  paginate(body?: BodyOf<'POST /flow_runs/paginate'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/paginate'>>;
  /** `DELETE /flow_runs/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /flow_runs/{id}'>>;
  /** `GET /flow_runs/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /flow_runs/{id}'>>;
  /** `PATCH /flow_runs/{id}` */
  update(id: string, body: BodyOf<'PATCH /flow_runs/{id}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /flow_runs/{id}'>>;
  /** `GET /flow_runs/{id}/graph` */
  readGraph(id: string, controls?: CallControls): Promise<AnswerOf<'GET /flow_runs/{id}/graph'>>;
  /** `GET /flow_runs/{id}/graph-v2` */
  readGraphV2(id: string, query?: QueryOf<'GET /flow_runs/{id}/graph-v2'>, controls?: CallControls): Promise<AnswerOf<'GET /flow_runs/{id}/graph-v2'>>;
  /** `POST /flow_runs/{id}/input` */
  createInput(id: string, body: BodyOf<'POST /flow_runs/{id}/input'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/{id}/input'>>;
  /** `POST /flow_runs/{id}/input/filter` */
  filterInput(id: string, body: BodyOf<'POST /flow_runs/{id}/input/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/{id}/input/filter'>>;
  /** `DELETE /flow_runs/{id}/input/{key}` */
  deleteInput(id: string, key: string, controls?: CallControls): Promise<AnswerOf<'DELETE /flow_runs/{id}/input/{key}'>>;
  /** `GET /flow_runs/{id}/input/{key}` */
  readInput(id: string, key: string, controls?: CallControls): Promise<AnswerOf<'GET /flow_runs/{id}/input/{key}'>>;
  /** `PATCH /flow_runs/{id}/labels` */
  updateLabels(id: string, body: BodyOf<'PATCH /flow_runs/{id}/labels'>, controls?: CallControls): Promise<AnswerOf<'PATCH /flow_runs/{id}/labels'>>;
  /** `GET /flow_runs/{id}/logs/download` */
  downloadLogs(id: string, controls?: CallControls): Promise<AnswerOf<'GET /flow_runs/{id}/logs/download'>>;
  /** `POST /flow_runs/{id}/resume` */
  resume(id: string, body?: BodyOf<'POST /flow_runs/{id}/resume'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/{id}/resume'>>;
  /** `POST /flow_runs/{id}/set_state` */
  setState(id: string, body: BodyOf<'POST /flow_runs/{id}/set_state'>, controls?: CallControls): Promise<AnswerOf<'POST /flow_runs/{id}/set_state'>>;
}

/** The methods of `client.flows`. */
export interface FlowsMethods {
  /** `POST /flows/` */
  create(body: BodyOf<'POST /flows/'>, controls?: CallControls): Promise<AnswerOf<'POST /flows/'>>;
  /** `POST /flows/bulk_delete` */
  bulkDelete(body?: BodyOf<'POST /flows/bulk_delete'>, controls?: CallControls): Promise<AnswerOf<'POST /flows/bulk_delete'>>;
  /** `POST /flows/count` */
  count(body?: BodyOf<'POST /flows/count'>, controls?: CallControls): Promise<AnswerOf<'POST /flows/count'>>;
  /** `POST /flows/filter` */
  filter(body?: BodyOf<'POST /flows/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /flows/filter'>>;
  /** `GET /flows/name/{name}` */
  readByName(name: string, controls?: CallControls): Promise<AnswerOf<'GET /flows/name/{name}'>>;
  /** `POST /flows/paginate` */
  paginate(body?: BodyOf<'POST /flows/paginate'>, controls?: CallControls): Promise<AnswerOf<'POST /flows/paginate'>>;
  /** `DELETE /flows/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /flows/{id}'>>;
  /** `GET /flows/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /flows/{id}'>>;
  /** `PATCH /flows/{id}` */
  update(id: string, body: BodyOf<'PATCH /flows/{id}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /flows/{id}'>>;
}

/** The methods of `client.logs`. */
export interface LogsMethods {
  /** `POST /logs/` */
  create(body: BodyOf<'POST /logs/'>, controls?: CallControls): Promise<AnswerOf<'POST /logs/'>>;
  /** `POST /logs/filter` */
  filter(body?: BodyOf<'POST /logs/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /logs/filter'>>;
}

/** The methods of `client.savedSearches`. */
export interface SavedSearchesMethods {
  /** `PUT /saved_searches/` */
  save(body: BodyOf<'PUT /saved_searches/'>, controls?: CallControls): Promise<AnswerOf<'PUT /saved_searches/'>>;
  /** `POST /saved_searches/filter` */
  filter(body?: BodyOf<'POST /saved_searches/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /saved_searches/filter'>>;
  /** `DELETE /saved_searches/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /saved_searches/{id}'>>;
  /** `GET /saved_searches/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /saved_searches/{id}'>>;
}

/** The methods of `client.taskRunStates`. */
export interface TaskRunStatesMethods {
  /** `GET /task_run_states/` */
  list(query: QueryOf<'GET /task_run_states/'>, controls?: CallControls): Promise<AnswerOf<'GET /task_run_states/'>>;
  /** `GET /task_run_states/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /task_run_states/{id}'>>;
}

/** The methods of `client.taskRuns`. */
export interface TaskRunsMethods {
  /** `POST /task_runs/` */
  create(body: BodyOf<'POST /task_runs/'>, controls?: CallControls): Promise<AnswerOf<'POST /task_runs/'>>;
  /** `POST /task_runs/count` */
  count(body?: BodyOf<'POST /task_runs/count'>, controls?: CallControls): Promise<AnswerOf<'POST /task_runs/count'>>;
  /** `POST /task_runs/filter` */
  filter(body?: BodyOf<'POST /task_runs/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /task_runs/filter'>>;
  /** `POST /task_runs/history` */
  history(body: BodyOf<'POST /task_runs/history'>, controls?: CallControls): Promise<AnswerOf<'POST /task_runs/history'>>;
  /** `POST /task_runs/paginate` */
  paginate(body?: BodyOf<'POST /task_runs/paginate'>, controls?: CallControls): Promise<AnswerOf<'POST /task_runs/paginate'>>;
  /** `DELETE /task_runs/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /task_runs/{id}'>>;
  /** `GET /task_runs/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /task_runs/{id}'>>;
  /** `PATCH /task_runs/{id}` */
  update(id: string, body: BodyOf<'PATCH /task_runs/{id}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /task_runs/{id}'>>;
  /** `POST /task_runs/{id}/set_state` */
  setState(id: string, body: BodyOf<'POST /task_runs/{id}/set_state'>, controls?: CallControls): Promise<AnswerOf<'POST /task_runs/{id}/set_state'>>;
}

/** The methods of `client.taskWorkers`. */
export interface TaskWorkersMethods {
  /** `POST /task_workers/filter` */
  filter(body?: BodyOf<'POST /task_workers/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /task_workers/filter'>>;
}

/** The methods of `client.templates`. */
export interface TemplatesMethods {
  /** `POST /templates/validate` */
  validate(body?: BodyOf<'POST /templates/validate'>, controls?: CallControls): Promise<AnswerOf<'POST /templates/validate'>>;
}

/** The methods of `client.ui`. */
export interface UiMethods {
  /** `POST /ui/flow_runs/count-task-runs` */
  flowRunsCountTaskRuns(body: BodyOf<'POST /ui/flow_runs/count-task-runs'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/flow_runs/count-task-runs'>>;
  /** `POST /ui/flow_runs/history` */
  flowRunsHistory(body?: BodyOf<'POST /ui/flow_runs/history'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/flow_runs/history'>>;
  /** `POST /ui/flows/count-deployments` */
  flowsCountDeployments(body: BodyOf<'POST /ui/flows/count-deployments'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/flows/count-deployments'>>;
  /** `POST /ui/flows/next-runs` */
  flowsNextRuns(body: BodyOf<'POST /ui/flows/next-runs'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/flows/next-runs'>>;
  /** `POST /ui/schemas/validate` */
  validateSchemas(body: BodyOf<'POST /ui/schemas/validate'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/schemas/validate'>>;
  /** `POST /ui/task_runs/count` */
  countTaskRuns(body?: BodyOf<'POST /ui/task_runs/count'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/task_runs/count'>>;
  /** `POST /ui/task_runs/dashboard/counts` */
  taskRunsDashboardCounts(body: BodyOf<'POST /ui/task_runs/dashboard/counts'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/task_runs/dashboard/counts'>>;
  /** `GET /ui/task_runs/{id}` */
  readTaskRun(id: string, controls?: CallControls): Promise<AnswerOf<'GET /ui/task_runs/{id}'>>;
  /** `POST /ui/overview` */
  overview(body?: BodyOf<'POST /ui/overview'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/overview'>>;
  /** `POST /ui/flow_runs/page` */
  flowRunsPage(body?: BodyOf<'POST /ui/flow_runs/page'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/flow_runs/page'>>;
  /** `POST /ui/automations/page` */
  automationsPage(body?: BodyOf<'POST /ui/automations/page'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/automations/page'>>;
  /** `POST /ui/search` */
  search(body?: BodyOf<'POST /ui/search'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/search'>>;
  /** `POST /ui/flows/page` */
  flowsPage(body?: BodyOf<'POST /ui/flows/page'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/flows/page'>>;
  /** `POST /ui/deployments/page` */
  deploymentsPage(body?: BodyOf<'POST /ui/deployments/page'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/deployments/page'>>;
  /** `POST /ui/work_pools/page` */
  workPoolsPage(body?: BodyOf<'POST /ui/work_pools/page'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/work_pools/page'>>;
  /** `GET /ui/flow_runs/{id}/timeline` */
  readFlowRunsTimeline(id: string, controls?: CallControls): Promise<AnswerOf<'GET /ui/flow_runs/{id}/timeline'>>;
  /** `GET /ui/flow_runs/{id}/why` */
  readFlowRunsWhy(id: string, controls?: CallControls): Promise<AnswerOf<'GET /ui/flow_runs/{id}/why'>>;
  /** `POST /ui/schedules/dates` */
  schedulesDates(body: BodyOf<'POST /ui/schedules/dates'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/schedules/dates'>>;
  /** `POST /ui/concurrency_limits/page` */
  concurrencyLimitsPage(body: BodyOf<'POST /ui/concurrency_limits/page'>, controls?: CallControls): Promise<AnswerOf<'POST /ui/concurrency_limits/page'>>;
}

/** The methods of `client.concurrencyLimits`. */
export interface ConcurrencyLimitsMethods {
  /** `POST /v2/concurrency_limits/` */
  create(body: BodyOf<'POST /v2/concurrency_limits/'>, controls?: CallControls): Promise<AnswerOf<'POST /v2/concurrency_limits/'>>;
  /** `POST /v2/concurrency_limits/decrement` */
  decrement(body: BodyOf<'POST /v2/concurrency_limits/decrement'>, controls?: CallControls): Promise<AnswerOf<'POST /v2/concurrency_limits/decrement'>>;
  /** `POST /v2/concurrency_limits/decrement-with-lease` */
  decrementWithLease(body: BodyOf<'POST /v2/concurrency_limits/decrement-with-lease'>, controls?: CallControls): Promise<AnswerOf<'POST /v2/concurrency_limits/decrement-with-lease'>>;
  /** `POST /v2/concurrency_limits/filter` */
  filter(body?: BodyOf<'POST /v2/concurrency_limits/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /v2/concurrency_limits/filter'>>;
  /** `POST /v2/concurrency_limits/increment` */
  increment(body: BodyOf<'POST /v2/concurrency_limits/increment'>, controls?: CallControls): Promise<AnswerOf<'POST /v2/concurrency_limits/increment'>>;
  /** `POST /v2/concurrency_limits/increment-with-lease` */
  incrementWithLease(body: BodyOf<'POST /v2/concurrency_limits/increment-with-lease'>, controls?: CallControls): Promise<AnswerOf<'POST /v2/concurrency_limits/increment-with-lease'>>;
  /** `POST /v2/concurrency_limits/leases/{lease_id}/renew` */
  renewLease(leaseId: string, body?: BodyOf<'POST /v2/concurrency_limits/leases/{lease_id}/renew'>, controls?: CallControls): Promise<AnswerOf<'POST /v2/concurrency_limits/leases/{lease_id}/renew'>>;
  /** `DELETE /v2/concurrency_limits/{id_or_name}` */
  delete(idOrName: string, controls?: CallControls): Promise<AnswerOf<'DELETE /v2/concurrency_limits/{id_or_name}'>>;
  /** `GET /v2/concurrency_limits/{id_or_name}` */
  read(idOrName: string, controls?: CallControls): Promise<AnswerOf<'GET /v2/concurrency_limits/{id_or_name}'>>;
  /** `PATCH /v2/concurrency_limits/{id_or_name}` */
  update(idOrName: string, body: BodyOf<'PATCH /v2/concurrency_limits/{id_or_name}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /v2/concurrency_limits/{id_or_name}'>>;
}

/** The methods of `client.variables`. */
export interface VariablesMethods {
  /** `POST /variables/` */
  create(body: BodyOf<'POST /variables/'>, controls?: CallControls): Promise<AnswerOf<'POST /variables/'>>;
  /** `POST /variables/count` */
  count(body?: BodyOf<'POST /variables/count'>, controls?: CallControls): Promise<AnswerOf<'POST /variables/count'>>;
  /** `POST /variables/filter` */
  filter(body?: BodyOf<'POST /variables/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /variables/filter'>>;
  /** `DELETE /variables/name/{name}` */
  deleteByName(name: string, controls?: CallControls): Promise<AnswerOf<'DELETE /variables/name/{name}'>>;
  /** `GET /variables/name/{name}` */
  readByName(name: string, controls?: CallControls): Promise<AnswerOf<'GET /variables/name/{name}'>>;
  /** `PATCH /variables/name/{name}` */
  updateByName(name: string, body: BodyOf<'PATCH /variables/name/{name}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /variables/name/{name}'>>;
  /** `DELETE /variables/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /variables/{id}'>>;
  /** `GET /variables/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /variables/{id}'>>;
  /** `PATCH /variables/{id}` */
  update(id: string, body: BodyOf<'PATCH /variables/{id}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /variables/{id}'>>;
}

/** The methods of `client.workPools`. */
export interface WorkPoolsMethods {
  /** `POST /work_pools/` */
  create(body: BodyOf<'POST /work_pools/'>, controls?: CallControls): Promise<AnswerOf<'POST /work_pools/'>>;
  /** `POST /work_pools/count` */
  count(body?: BodyOf<'POST /work_pools/count'>, controls?: CallControls): Promise<AnswerOf<'POST /work_pools/count'>>;
  /** `POST /work_pools/filter` */
  filter(body?: BodyOf<'POST /work_pools/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /work_pools/filter'>>;
  /** `DELETE /work_pools/{name}` */
  delete(name: string, controls?: CallControls): Promise<AnswerOf<'DELETE /work_pools/{name}'>>;
  /** `GET /work_pools/{name}` */
  read(name: string, controls?: CallControls): Promise<AnswerOf<'GET /work_pools/{name}'>>;
  /** `PATCH /work_pools/{name}` */
  update(name: string, body: BodyOf<'PATCH /work_pools/{name}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /work_pools/{name}'>>;
  /** `POST /work_pools/{name}/concurrency_status` */
  concurrencyStatus(name: string, body?: BodyOf<'POST /work_pools/{name}/concurrency_status'>, controls?: CallControls): Promise<AnswerOf<'POST /work_pools/{name}/concurrency_status'>>;
  /** `POST /work_pools/{name}/get_scheduled_flow_runs` */
  getScheduledFlowRuns(name: string, body?: BodyOf<'POST /work_pools/{name}/get_scheduled_flow_runs'>, controls?: CallControls): Promise<AnswerOf<'POST /work_pools/{name}/get_scheduled_flow_runs'>>;
  /** `POST /work_pools/{work_pool_name}/queues` */
  createQueue(workPoolName: string, body: BodyOf<'POST /work_pools/{work_pool_name}/queues'>, controls?: CallControls): Promise<AnswerOf<'POST /work_pools/{work_pool_name}/queues'>>;
  /** `POST /work_pools/{work_pool_name}/queues/filter` */
  filterQueues(workPoolName: string, body?: BodyOf<'POST /work_pools/{work_pool_name}/queues/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /work_pools/{work_pool_name}/queues/filter'>>;
  /** `DELETE /work_pools/{work_pool_name}/queues/{name}` */
  deleteQueue(workPoolName: string, name: string, controls?: CallControls): Promise<AnswerOf<'DELETE /work_pools/{work_pool_name}/queues/{name}'>>;
  /** `GET /work_pools/{work_pool_name}/queues/{name}` */
  readQueue(workPoolName: string, name: string, controls?: CallControls): Promise<AnswerOf<'GET /work_pools/{work_pool_name}/queues/{name}'>>;
  /** `PATCH /work_pools/{work_pool_name}/queues/{name}` */
  updateQueue(workPoolName: string, name: string, body: BodyOf<'PATCH /work_pools/{work_pool_name}/queues/{name}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /work_pools/{work_pool_name}/queues/{name}'>>;
  /** `POST /work_pools/{work_pool_name}/workers/filter` */
  filterWorkers(workPoolName: string, body?: BodyOf<'POST /work_pools/{work_pool_name}/workers/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /work_pools/{work_pool_name}/workers/filter'>>;
  /** `POST /work_pools/{work_pool_name}/workers/heartbeat` */
  heartbeatWorkers(workPoolName: string, body: BodyOf<'POST /work_pools/{work_pool_name}/workers/heartbeat'>, controls?: CallControls): Promise<AnswerOf<'POST /work_pools/{work_pool_name}/workers/heartbeat'>>;
  /** `DELETE /work_pools/{work_pool_name}/workers/{name}` */
  deleteWorker(workPoolName: string, name: string, controls?: CallControls): Promise<AnswerOf<'DELETE /work_pools/{work_pool_name}/workers/{name}'>>;
}

/** The methods of `client.workQueues`. */
export interface WorkQueuesMethods {
  /** `POST /work_queues/` */
  create(body: BodyOf<'POST /work_queues/'>, controls?: CallControls): Promise<AnswerOf<'POST /work_queues/'>>;
  /** `POST /work_queues/filter` */
  filter(body?: BodyOf<'POST /work_queues/filter'>, controls?: CallControls): Promise<AnswerOf<'POST /work_queues/filter'>>;
  /** `GET /work_queues/name/{name}` */
  readByName(name: string, controls?: CallControls): Promise<AnswerOf<'GET /work_queues/name/{name}'>>;
  /** `DELETE /work_queues/{id}` */
  delete(id: string, controls?: CallControls): Promise<AnswerOf<'DELETE /work_queues/{id}'>>;
  /** `GET /work_queues/{id}` */
  read(id: string, controls?: CallControls): Promise<AnswerOf<'GET /work_queues/{id}'>>;
  /** `PATCH /work_queues/{id}` */
  update(id: string, body: BodyOf<'PATCH /work_queues/{id}'>, controls?: CallControls): Promise<AnswerOf<'PATCH /work_queues/{id}'>>;
  /** `POST /work_queues/{id}/concurrency_status` */
  concurrencyStatus(id: string, body?: BodyOf<'POST /work_queues/{id}/concurrency_status'>, controls?: CallControls): Promise<AnswerOf<'POST /work_queues/{id}/concurrency_status'>>;
  /** `POST /work_queues/{id}/get_runs` */
  getRuns(id: string, body?: BodyOf<'POST /work_queues/{id}/get_runs'>, controls?: CallControls): Promise<AnswerOf<'POST /work_queues/{id}/get_runs'>>;
  /** `GET /work_queues/{id}/status` */
  readStatus(id: string, controls?: CallControls): Promise<AnswerOf<'GET /work_queues/{id}/status'>>;
}

/** Every operation of the API, as methods grouped by what they are about. */
export interface ResourceMethods {
  readonly admin: AdminMethods;
  readonly artifacts: ArtifactsMethods;
  readonly automations: AutomationsMethods;
  readonly blockCapabilities: BlockCapabilitiesMethods;
  readonly blockDocuments: BlockDocumentsMethods;
  readonly blockSchemas: BlockSchemasMethods;
  readonly blockTypes: BlockTypesMethods;
  readonly collections: CollectionsMethods;
  readonly tagConcurrencyLimits: TagConcurrencyLimitsMethods;
  readonly server: ServerMethods;
  readonly deployments: DeploymentsMethods;
  readonly events: EventsMethods;
  readonly flowRunStates: FlowRunStatesMethods;
  readonly flowRuns: FlowRunsMethods;
  readonly flows: FlowsMethods;
  readonly logs: LogsMethods;
  readonly savedSearches: SavedSearchesMethods;
  readonly taskRunStates: TaskRunStatesMethods;
  readonly taskRuns: TaskRunsMethods;
  readonly taskWorkers: TaskWorkersMethods;
  readonly templates: TemplatesMethods;
  readonly ui: UiMethods;
  readonly concurrencyLimits: ConcurrencyLimitsMethods;
  readonly variables: VariablesMethods;
  readonly workPools: WorkPoolsMethods;
  readonly workQueues: WorkQueuesMethods;
}

/** For each method its operation, and what follows the values of the path: b a body, q a query. */
export const RESOURCE_METHODS: Readonly<Record<keyof ResourceMethods, Readonly<Record<string, readonly [operation: string, follows: string]>>>> = {
  admin: {
    readSettings: ['GET /admin/settings', ''],
    deleteStorage: ['DELETE /admin/storage', ''],
    readStorage: ['GET /admin/storage', ''],
    replaceStorage: ['PUT /admin/storage', 'b'],
    readVersion: ['GET /admin/version', ''],
  },
  artifacts: {
    create: ['POST /artifacts/', 'b'],
    count: ['POST /artifacts/count', 'b'],
    filter: ['POST /artifacts/filter', 'b'],
    countLatest: ['POST /artifacts/latest/count', 'b'],
    filterLatest: ['POST /artifacts/latest/filter', 'b'],
    delete: ['DELETE /artifacts/{id}', ''],
    read: ['GET /artifacts/{id}', ''],
    update: ['PATCH /artifacts/{id}', 'b'],
    readLatest: ['GET /artifacts/{key}/latest', ''],
  },
  automations: {
    create: ['POST /automations/', 'b'],
    count: ['POST /automations/count', 'b'],
    filter: ['POST /automations/filter', 'b'],
    deleteByOwnedBy: ['DELETE /automations/owned-by/{resource_id}', ''],
    readByRelatedTo: ['GET /automations/related-to/{resource_id}', ''],
    validateTemplates: ['POST /automations/templates/validate', 'b'],
    delete: ['DELETE /automations/{id}', ''],
    read: ['GET /automations/{id}', ''],
    update: ['PATCH /automations/{id}', 'b'],
    replace: ['PUT /automations/{id}', 'b'],
    testFiring: ['POST /automations/test-firing', 'b'],
  },
  blockCapabilities: {
    list: ['GET /block_capabilities/', ''],
  },
  blockDocuments: {
    create: ['POST /block_documents/', 'b'],
    count: ['POST /block_documents/count', 'b'],
    filter: ['POST /block_documents/filter', 'b'],
    delete: ['DELETE /block_documents/{id}', ''],
    read: ['GET /block_documents/{id}', 'q'],
    update: ['PATCH /block_documents/{id}', 'b'],
  },
  blockSchemas: {
    create: ['POST /block_schemas/', 'b'],
    readByChecksum: ['GET /block_schemas/checksum/{checksum}', 'q'],
    filter: ['POST /block_schemas/filter', 'b'],
    delete: ['DELETE /block_schemas/{id}', ''],
    read: ['GET /block_schemas/{id}', ''],
  },
  blockTypes: {
    create: ['POST /block_types/', 'b'],
    filter: ['POST /block_types/filter', 'b'],
    installSystemBlockTypes: ['POST /block_types/install_system_block_types', ''],
    readBySlug: ['GET /block_types/slug/{slug}', ''],
    readBlockDocumentsBySlug: ['GET /block_types/slug/{slug}/block_documents', 'q'],
    readBlockDocumentByName: ['GET /block_types/slug/{slug}/block_documents/name/{block_document_name}', 'q'],
    delete: ['DELETE /block_types/{id}', ''],
    read: ['GET /block_types/{id}', ''],
    update: ['PATCH /block_types/{id}', 'b'],
  },
  collections: {
    readView: ['GET /collections/views/{view}', ''],
  },
  tagConcurrencyLimits: {
    create: ['POST /concurrency_limits/', 'b'],
    decrement: ['POST /concurrency_limits/decrement', 'b'],
    filter: ['POST /concurrency_limits/filter', 'b'],
    increment: ['POST /concurrency_limits/increment', 'b'],
    deleteByTag: ['DELETE /concurrency_limits/tag/{tag}', ''],
    readByTag: ['GET /concurrency_limits/tag/{tag}', ''],
    resetByTag: ['POST /concurrency_limits/tag/{tag}/reset', 'b'],
    delete: ['DELETE /concurrency_limits/{id}', ''],
    read: ['GET /concurrency_limits/{id}', ''],
  },
  server: {
    readCsrfToken: ['GET /csrf-token', 'q'],
    readHealth: ['GET /health', ''],
    readHello: ['GET /hello', ''],
    readReady: ['GET /ready', ''],
    readVersion: ['GET /version', ''],
  },
  deployments: {
    create: ['POST /deployments/', 'b'],
    bulkDelete: ['POST /deployments/bulk_delete', 'b'],
    count: ['POST /deployments/count', 'b'],
    filter: ['POST /deployments/filter', 'b'],
    getScheduledFlowRuns: ['POST /deployments/get_scheduled_flow_runs', 'b'],
    readByName: ['GET /deployments/name/{flow_name}/{deployment_name}', ''],
    paginate: ['POST /deployments/paginate', 'b'],
    delete: ['DELETE /deployments/{id}', ''],
    read: ['GET /deployments/{id}', ''],
    update: ['PATCH /deployments/{id}', 'b'],
    createFlowRun: ['POST /deployments/{id}/create_flow_run', 'b'],
    createFlowRunBulk: ['POST /deployments/{id}/create_flow_run/bulk', 'b'],
    pauseDeployment: ['POST /deployments/{id}/pause_deployment', ''],
    resumeDeployment: ['POST /deployments/{id}/resume_deployment', ''],
    schedule: ['POST /deployments/{id}/schedule', 'b'],
    readSchedules: ['GET /deployments/{id}/schedules', ''],
    createSchedules: ['POST /deployments/{id}/schedules', 'b'],
    deleteSchedule: ['DELETE /deployments/{id}/schedules/{schedule_id}', ''],
    updateSchedule: ['PATCH /deployments/{id}/schedules/{schedule_id}', 'b'],
    readWorkQueueCheck: ['GET /deployments/{id}/work_queue_check', ''],
  },
  events: {
    create: ['POST /events', 'b'],
    countBy: ['POST /events/count-by/{countable}', 'b'],
    filter: ['POST /events/filter', 'b'],
    readFilterNext: ['GET /events/filter/next', 'q'],
  },
  flowRunStates: {
    list: ['GET /flow_run_states/', 'q'],
    read: ['GET /flow_run_states/{id}', ''],
  },
  flowRuns: {
    create: ['POST /flow_runs/', 'b'],
    bulkDelete: ['POST /flow_runs/bulk_delete', 'b'],
    bulkSetState: ['POST /flow_runs/bulk_set_state', 'b'],
    count: ['POST /flow_runs/count', 'b'],
    filter: ['POST /flow_runs/filter', 'b'],
    history: ['POST /flow_runs/history', 'b'],
    lateness: ['POST /flow_runs/lateness', 'b'],
    paginate: ['POST /flow_runs/paginate', 'b'],
    delete: ['DELETE /flow_runs/{id}', ''],
    read: ['GET /flow_runs/{id}', ''],
    update: ['PATCH /flow_runs/{id}', 'b'],
    readGraph: ['GET /flow_runs/{id}/graph', ''],
    readGraphV2: ['GET /flow_runs/{id}/graph-v2', 'q'],
    createInput: ['POST /flow_runs/{id}/input', 'b'],
    filterInput: ['POST /flow_runs/{id}/input/filter', 'b'],
    deleteInput: ['DELETE /flow_runs/{id}/input/{key}', ''],
    readInput: ['GET /flow_runs/{id}/input/{key}', ''],
    updateLabels: ['PATCH /flow_runs/{id}/labels', 'b'],
    downloadLogs: ['GET /flow_runs/{id}/logs/download', ''],
    resume: ['POST /flow_runs/{id}/resume', 'b'],
    setState: ['POST /flow_runs/{id}/set_state', 'b'],
  },
  flows: {
    create: ['POST /flows/', 'b'],
    bulkDelete: ['POST /flows/bulk_delete', 'b'],
    count: ['POST /flows/count', 'b'],
    filter: ['POST /flows/filter', 'b'],
    readByName: ['GET /flows/name/{name}', ''],
    paginate: ['POST /flows/paginate', 'b'],
    delete: ['DELETE /flows/{id}', ''],
    read: ['GET /flows/{id}', ''],
    update: ['PATCH /flows/{id}', 'b'],
  },
  logs: {
    create: ['POST /logs/', 'b'],
    filter: ['POST /logs/filter', 'b'],
  },
  savedSearches: {
    save: ['PUT /saved_searches/', 'b'],
    filter: ['POST /saved_searches/filter', 'b'],
    delete: ['DELETE /saved_searches/{id}', ''],
    read: ['GET /saved_searches/{id}', ''],
  },
  taskRunStates: {
    list: ['GET /task_run_states/', 'q'],
    read: ['GET /task_run_states/{id}', ''],
  },
  taskRuns: {
    create: ['POST /task_runs/', 'b'],
    count: ['POST /task_runs/count', 'b'],
    filter: ['POST /task_runs/filter', 'b'],
    history: ['POST /task_runs/history', 'b'],
    paginate: ['POST /task_runs/paginate', 'b'],
    delete: ['DELETE /task_runs/{id}', ''],
    read: ['GET /task_runs/{id}', ''],
    update: ['PATCH /task_runs/{id}', 'b'],
    setState: ['POST /task_runs/{id}/set_state', 'b'],
  },
  taskWorkers: {
    filter: ['POST /task_workers/filter', 'b'],
  },
  templates: {
    validate: ['POST /templates/validate', 'b'],
  },
  ui: {
    flowRunsCountTaskRuns: ['POST /ui/flow_runs/count-task-runs', 'b'],
    flowRunsHistory: ['POST /ui/flow_runs/history', 'b'],
    flowsCountDeployments: ['POST /ui/flows/count-deployments', 'b'],
    flowsNextRuns: ['POST /ui/flows/next-runs', 'b'],
    validateSchemas: ['POST /ui/schemas/validate', 'b'],
    countTaskRuns: ['POST /ui/task_runs/count', 'b'],
    taskRunsDashboardCounts: ['POST /ui/task_runs/dashboard/counts', 'b'],
    readTaskRun: ['GET /ui/task_runs/{id}', ''],
    overview: ['POST /ui/overview', 'b'],
    flowRunsPage: ['POST /ui/flow_runs/page', 'b'],
    automationsPage: ['POST /ui/automations/page', 'b'],
    search: ['POST /ui/search', 'b'],
    flowsPage: ['POST /ui/flows/page', 'b'],
    deploymentsPage: ['POST /ui/deployments/page', 'b'],
    workPoolsPage: ['POST /ui/work_pools/page', 'b'],
    readFlowRunsTimeline: ['GET /ui/flow_runs/{id}/timeline', ''],
    readFlowRunsWhy: ['GET /ui/flow_runs/{id}/why', ''],
    schedulesDates: ['POST /ui/schedules/dates', 'b'],
    concurrencyLimitsPage: ['POST /ui/concurrency_limits/page', 'b'],
  },
  concurrencyLimits: {
    create: ['POST /v2/concurrency_limits/', 'b'],
    decrement: ['POST /v2/concurrency_limits/decrement', 'b'],
    decrementWithLease: ['POST /v2/concurrency_limits/decrement-with-lease', 'b'],
    filter: ['POST /v2/concurrency_limits/filter', 'b'],
    increment: ['POST /v2/concurrency_limits/increment', 'b'],
    incrementWithLease: ['POST /v2/concurrency_limits/increment-with-lease', 'b'],
    renewLease: ['POST /v2/concurrency_limits/leases/{lease_id}/renew', 'b'],
    delete: ['DELETE /v2/concurrency_limits/{id_or_name}', ''],
    read: ['GET /v2/concurrency_limits/{id_or_name}', ''],
    update: ['PATCH /v2/concurrency_limits/{id_or_name}', 'b'],
  },
  variables: {
    create: ['POST /variables/', 'b'],
    count: ['POST /variables/count', 'b'],
    filter: ['POST /variables/filter', 'b'],
    deleteByName: ['DELETE /variables/name/{name}', ''],
    readByName: ['GET /variables/name/{name}', ''],
    updateByName: ['PATCH /variables/name/{name}', 'b'],
    delete: ['DELETE /variables/{id}', ''],
    read: ['GET /variables/{id}', ''],
    update: ['PATCH /variables/{id}', 'b'],
  },
  workPools: {
    create: ['POST /work_pools/', 'b'],
    count: ['POST /work_pools/count', 'b'],
    filter: ['POST /work_pools/filter', 'b'],
    delete: ['DELETE /work_pools/{name}', ''],
    read: ['GET /work_pools/{name}', ''],
    update: ['PATCH /work_pools/{name}', 'b'],
    concurrencyStatus: ['POST /work_pools/{name}/concurrency_status', 'b'],
    getScheduledFlowRuns: ['POST /work_pools/{name}/get_scheduled_flow_runs', 'b'],
    createQueue: ['POST /work_pools/{work_pool_name}/queues', 'b'],
    filterQueues: ['POST /work_pools/{work_pool_name}/queues/filter', 'b'],
    deleteQueue: ['DELETE /work_pools/{work_pool_name}/queues/{name}', ''],
    readQueue: ['GET /work_pools/{work_pool_name}/queues/{name}', ''],
    updateQueue: ['PATCH /work_pools/{work_pool_name}/queues/{name}', 'b'],
    filterWorkers: ['POST /work_pools/{work_pool_name}/workers/filter', 'b'],
    heartbeatWorkers: ['POST /work_pools/{work_pool_name}/workers/heartbeat', 'b'],
    deleteWorker: ['DELETE /work_pools/{work_pool_name}/workers/{name}', ''],
  },
  workQueues: {
    create: ['POST /work_queues/', 'b'],
    filter: ['POST /work_queues/filter', 'b'],
    readByName: ['GET /work_queues/name/{name}', ''],
    delete: ['DELETE /work_queues/{id}', ''],
    read: ['GET /work_queues/{id}', ''],
    update: ['PATCH /work_queues/{id}', 'b'],
    concurrencyStatus: ['POST /work_queues/{id}/concurrency_status', 'b'],
    getRuns: ['POST /work_queues/{id}/get_runs', 'b'],
    readStatus: ['GET /work_queues/{id}/status', ''],
  },
};
