import type { Migration } from '../migration.ts';

/** Infrastructure that workers should take down, with who was asked to. */
export const workerCleanups: Migration = {
  version: 6,
  name: 'worker-cleanups',
  statements({ uuid, text, json, micros, integer, tableOptions }) {
    return [
      `CREATE TABLE worker_cleanup (
         id ${uuid} PRIMARY KEY, created ${micros} NOT NULL, work_pool_id ${uuid} NOT NULL REFERENCES work_pool ON DELETE CASCADE,
         work_queue_id ${uuid} NOT NULL, kind ${text} NOT NULL, target ${json} NOT NULL, delivery_count ${integer} NOT NULL,
         reservation_token ${text}, reservation_expiration ${micros}) ${tableOptions}`,
      'CREATE INDEX worker_cleanup_pool ON worker_cleanup (work_pool_id, created)',
    ];
  },
};
