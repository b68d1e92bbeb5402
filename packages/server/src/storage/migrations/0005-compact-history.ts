import type { Migration } from '../migration.ts';

/**
 * On SQLite each commit writes every page that it touched, so what is written most lies in as few trees as can be: states are kept in the
 * tree of their id, and the position of an event comes from the newest row instead of a table of counters.
 */
export const compactHistory: Migration = {
  version: 5,
  name: 'compact-history',
  statements({ uuid, text, json, micros }, dialect) {
    if (dialect !== 'sqlite') return [];
    const state = `id ${uuid} PRIMARY KEY, timestamp ${micros} NOT NULL, type ${text} NOT NULL, name ${text} NOT NULL, message ${text},
      state_details ${json} NOT NULL, data ${json}`;
    return [
      ...rebuilt('flow_run_state', `${state}, flow_run_id ${uuid} NOT NULL REFERENCES flow_run ON DELETE CASCADE`, [
        'CREATE UNIQUE INDEX flow_run_state_run ON flow_run_state (flow_run_id, timestamp)',
      ]),
      ...rebuilt('task_run_state', `${state}, task_run_id ${uuid} NOT NULL REFERENCES task_run ON DELETE CASCADE`, [
        'CREATE INDEX task_run_state_run ON task_run_state (task_run_id, timestamp)',
      ]),
      ...rebuilt(
        'event',
        `position INTEGER PRIMARY KEY, id ${uuid} NOT NULL UNIQUE, occurred ${micros} NOT NULL, received ${micros} NOT NULL,
         event ${text} NOT NULL, resource_id ${text} NOT NULL, body ${json} NOT NULL`,
        ['CREATE INDEX event_feed ON event (occurred, position, event, resource_id)'],
        'STRICT',
      ),
    ];
  },
};

function rebuilt(table: string, columns: string, indexes: readonly string[], options = 'STRICT, WITHOUT ROWID'): string[] {
  return [
    `CREATE TABLE new_${table} (${columns}) ${options}`,
    `INSERT INTO new_${table} SELECT * FROM ${table}`,
    `DROP TABLE ${table}`,
    `ALTER TABLE new_${table} RENAME TO ${table}`,
    ...indexes,
  ];
}
