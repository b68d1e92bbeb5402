import type { Migration } from '../migration.ts';

/** Flows, runs, deployments, work pools, limits, logs, artifacts and events. */
export const runsAndDeployments: Migration = {
  version: 1,
  name: 'runs-and-deployments',
  statements({ uuid, text, json, micros, integer, real, flag, position, tableOptions }) {
    const entity = `id ${uuid} PRIMARY KEY, created ${micros} NOT NULL, updated ${micros} NOT NULL`;
    const run = `
      name ${text} NOT NULL,
      state_id ${uuid}, state_type ${text}, state_name ${text}, state_timestamp ${micros}, state ${json},
      tags ${json} NOT NULL, labels ${json} NOT NULL,
      run_count ${integer} NOT NULL, expected_start_time ${micros}, next_scheduled_start_time ${micros},
      start_time ${micros}, end_time ${micros}, total_run_time ${micros} NOT NULL, empirical_policy ${json} NOT NULL`;
    const state = `
      id ${uuid} PRIMARY KEY, timestamp ${micros} NOT NULL, type ${text} NOT NULL, name ${text} NOT NULL, message ${text},
      state_details ${json} NOT NULL, data ${json}`;
    const table = (name: string, columns: string) => `CREATE TABLE ${name} (${columns}) ${tableOptions}`;
    return [
      table('flow', `${entity}, name ${text} NOT NULL UNIQUE, tags ${json} NOT NULL, labels ${json} NOT NULL`),

      table(
        'work_pool',
        `${entity}, name ${text} NOT NULL UNIQUE, description ${text}, type ${text} NOT NULL, base_job_template ${json} NOT NULL,
         is_paused ${flag} NOT NULL, concurrency_limit ${integer}, status ${text}, default_queue_id ${uuid},
         storage_configuration ${json} NOT NULL, last_transitioned_status_at ${micros}`,
      ),
      table(
        'work_queue',
        `${entity}, work_pool_id ${uuid} NOT NULL REFERENCES work_pool ON DELETE CASCADE, name ${text} NOT NULL,
         description ${text} NOT NULL, is_paused ${flag} NOT NULL, concurrency_limit ${integer}, priority ${integer} NOT NULL,
         filter ${json}, last_polled ${micros}, status ${text} NOT NULL, UNIQUE (work_pool_id, name)`,
      ),
      table(
        'worker',
        `${entity}, work_pool_id ${uuid} NOT NULL REFERENCES work_pool ON DELETE CASCADE, name ${text} NOT NULL,
         last_heartbeat_time ${micros}, heartbeat_interval_seconds ${integer}, status ${text} NOT NULL, UNIQUE (work_pool_id, name)`,
      ),

      table(
        'concurrency_limit',
        `${entity}, name ${text} NOT NULL UNIQUE, "limit" ${integer} NOT NULL, active ${flag} NOT NULL, active_slots ${integer} NOT NULL,
         denied_slots ${integer} NOT NULL, slot_decay_per_second ${real} NOT NULL, avg_slot_occupancy_seconds ${real} NOT NULL`,
      ),
      table(
        'concurrency_lease',
        `id ${uuid} PRIMARY KEY, created ${micros} NOT NULL, expiration ${micros} NOT NULL, resource_ids ${json} NOT NULL,
         slots ${integer} NOT NULL, holder_type ${text}, holder_id ${uuid}`,
      ),
      'CREATE INDEX concurrency_lease_expiration ON concurrency_lease (expiration)',
      'CREATE INDEX concurrency_lease_holder ON concurrency_lease (holder_id) WHERE holder_id IS NOT NULL',

      table(
        'deployment',
        `${entity}, name ${text} NOT NULL, flow_id ${uuid} NOT NULL REFERENCES flow ON DELETE CASCADE, version ${text},
         description ${text}, paused ${flag} NOT NULL,
         concurrency_limit_id ${uuid} REFERENCES concurrency_limit ON DELETE SET NULL, concurrency_options ${json},
         job_variables ${json} NOT NULL, parameters ${json} NOT NULL, tags ${json} NOT NULL, labels ${json} NOT NULL,
         work_queue_id ${uuid} REFERENCES work_queue ON DELETE SET NULL, work_queue_name ${text}, last_polled ${micros},
         parameter_openapi_schema ${json} NOT NULL, path ${text}, pull_steps ${json}, entrypoint ${text}, storage_document_id ${uuid},
         infrastructure_document_id ${uuid}, created_by ${json}, updated_by ${json}, status ${text} NOT NULL,
         enforce_parameter_schema ${flag} NOT NULL, UNIQUE (flow_id, name)`,
      ),
      'CREATE INDEX deployment_work_queue ON deployment (work_queue_id) WHERE work_queue_id IS NOT NULL',
      'CREATE INDEX deployment_updated ON deployment (updated)',
      'CREATE INDEX deployment_name ON deployment (name)',
      table(
        'deployment_schedule',
        `${entity}, deployment_id ${uuid} NOT NULL REFERENCES deployment ON DELETE CASCADE, schedule ${json} NOT NULL,
         active ${flag} NOT NULL, max_scheduled_runs ${integer}, parameters ${json} NOT NULL, slug ${text}`,
      ),
      'CREATE UNIQUE INDEX deployment_schedule_slug ON deployment_schedule (deployment_id, slug) WHERE slug IS NOT NULL',
      'CREATE INDEX deployment_schedule_deployment ON deployment_schedule (deployment_id, updated)',

      table(
        'flow_run',
        `${entity}, ${run}, flow_id ${uuid} NOT NULL REFERENCES flow ON DELETE CASCADE, deployment_id ${uuid}, deployment_version ${text},
         work_queue_id ${uuid} REFERENCES work_queue ON DELETE SET NULL, work_queue_name ${text}, flow_version ${text},
         parameters ${json} NOT NULL, idempotency_key ${text}, context ${json} NOT NULL, parent_task_run_id ${uuid},
         auto_scheduled ${flag} NOT NULL, infrastructure_document_id ${uuid}, infrastructure_pid ${text}, created_by ${json},
         job_variables ${json}`,
      ),
      'CREATE UNIQUE INDEX flow_run_idempotency_key ON flow_run (flow_id, idempotency_key) WHERE idempotency_key IS NOT NULL',
      'CREATE INDEX flow_run_flow ON flow_run (flow_id, expected_start_time)',
      'CREATE INDEX flow_run_expected_start_time ON flow_run (expected_start_time)',
      'CREATE INDEX flow_run_deployment ON flow_run (deployment_id, expected_start_time) WHERE deployment_id IS NOT NULL',
      'CREATE INDEX flow_run_work_queue ON flow_run (work_queue_id) WHERE work_queue_id IS NOT NULL',
      'CREATE INDEX flow_run_parent ON flow_run (parent_task_run_id) WHERE parent_task_run_id IS NOT NULL',
      `CREATE INDEX flow_run_due ON flow_run (next_scheduled_start_time) WHERE state_type = 'SCHEDULED'`,
      `CREATE INDEX flow_run_due_in_queue ON flow_run (work_queue_id, next_scheduled_start_time) WHERE state_type = 'SCHEDULED'`,
      `CREATE INDEX flow_run_active ON flow_run (work_queue_id, state_type)
         WHERE state_type IN ('PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')`,
      table('flow_run_state', `${state}, flow_run_id ${uuid} NOT NULL REFERENCES flow_run ON DELETE CASCADE`),
      'CREATE UNIQUE INDEX flow_run_state_run ON flow_run_state (flow_run_id, timestamp)',
      table(
        'flow_run_input',
        `${entity}, flow_run_id ${uuid} NOT NULL REFERENCES flow_run ON DELETE CASCADE, key ${text} NOT NULL, value ${text} NOT NULL,
         sender ${text}, UNIQUE (flow_run_id, key)`,
      ),

      table(
        'task_run',
        `${entity}, ${run}, flow_run_id ${uuid} REFERENCES flow_run ON DELETE CASCADE, task_key ${text} NOT NULL,
         dynamic_key ${text} NOT NULL, cache_key ${text}, cache_expiration ${micros}, task_version ${text}, task_inputs ${json} NOT NULL,
         flow_run_run_count ${integer} NOT NULL, UNIQUE (flow_run_id, task_key, dynamic_key)`,
      ),
      'CREATE INDEX task_run_start_time ON task_run (start_time)',
      table('task_run_state', `${state}, task_run_id ${uuid} NOT NULL REFERENCES task_run ON DELETE CASCADE`),
      'CREATE INDEX task_run_state_run ON task_run_state (task_run_id, timestamp)',
      table(
        'task_run_state_cache',
        `id ${uuid} PRIMARY KEY, created ${micros} NOT NULL, cache_key ${text} NOT NULL, cache_expiration ${micros}, state ${json} NOT NULL`,
      ),
      'CREATE INDEX task_run_state_cache_key ON task_run_state_cache (cache_key, created)',

      table(
        'log',
        `id ${uuid} NOT NULL, created ${micros} NOT NULL, name ${text} NOT NULL, level ${integer} NOT NULL, message ${text} NOT NULL,
         timestamp ${micros} NOT NULL, flow_run_id ${uuid}, task_run_id ${uuid}, worker_id ${uuid}`,
      ),
      'CREATE INDEX log_flow_run ON log (flow_run_id, timestamp)',
      'CREATE INDEX log_task_run ON log (task_run_id, timestamp) WHERE task_run_id IS NOT NULL',

      table(
        'artifact',
        `${entity}, key ${text}, type ${text}, data ${json}, description ${text}, metadata ${json}, flow_run_id ${uuid}, task_run_id ${uuid}`,
      ),
      'CREATE INDEX artifact_flow_run ON artifact (flow_run_id) WHERE flow_run_id IS NOT NULL',
      'CREATE INDEX artifact_key ON artifact (key, created) WHERE key IS NOT NULL',

      table(
        'event',
        `position ${position}, id ${uuid} NOT NULL UNIQUE, occurred ${micros} NOT NULL, received ${micros} NOT NULL,
         event ${text} NOT NULL, resource_id ${text} NOT NULL, body ${json} NOT NULL`,
      ),
      'CREATE INDEX event_occurred ON event (occurred)',
      table('service_lease', `name ${text} PRIMARY KEY, holder ${text} NOT NULL, expiration ${micros} NOT NULL`),
    ];
  },
};
