import type { Migration } from '../migration.ts';

/** The queue of background tasks and who takes from it, the heartbeats of flow runs, and what finds the children of cancelled runs. */
export const taskQueueAndHeartbeats: Migration = {
  version: 3,
  name: 'task-queue-and-heartbeats',
  statements({ uuid, text, json, micros, flag, tableOptions }) {
    const table = (name: string, columns: string) => `CREATE TABLE ${name} (${columns}) ${tableOptions}`;
    return [
      table(
        'task_worker',
        `id ${uuid} PRIMARY KEY, identifier ${text} NOT NULL, task_keys ${json} NOT NULL, observed ${micros} NOT NULL,
         server ${text} NOT NULL, expiration ${micros} NOT NULL`,
      ),
      table(
        'queued_task_run',
        `task_run_id ${uuid} PRIMARY KEY REFERENCES task_run ON DELETE CASCADE, task_key ${text} NOT NULL, is_retry ${flag} NOT NULL,
         queued ${micros} NOT NULL, task_worker_id ${uuid} REFERENCES task_worker ON DELETE SET NULL`,
      ),
      `CREATE INDEX queued_task_run_next ON queued_task_run (task_key, is_retry DESC, queued) WHERE task_worker_id IS NULL`,
      'CREATE INDEX queued_task_run_worker ON queued_task_run (task_worker_id) WHERE task_worker_id IS NOT NULL',

      table(
        'flow_run_heartbeat',
        `flow_run_id ${uuid} PRIMARY KEY REFERENCES flow_run ON DELETE CASCADE, occurred ${micros} NOT NULL, heard ${micros} NOT NULL,
         spacing ${micros}`,
      ),

      `CREATE INDEX flow_run_cancelled ON flow_run (end_time) WHERE state_type = 'CANCELLED'`,
      `CREATE INDEX flow_run_open_child ON flow_run (id)
         WHERE parent_task_run_id IS NOT NULL AND state_type IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')`,
    ];
  },
};
