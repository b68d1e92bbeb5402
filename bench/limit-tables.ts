import { DatabaseSync } from 'node:sqlite';

/**
 * Opens the database of the limit server: the rows that any server of this API must write, the indexes without which it could not
 * answer, and the same promise as ours: what was acknowledged is on the disk.
 */
export function openLimitDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;');
  database.exec(TABLES);
  return database;
}

const RUN_COLUMNS = `
  id TEXT PRIMARY KEY, created INTEGER, updated INTEGER, name TEXT, state_id TEXT, state_type TEXT, state_name TEXT,
  state_timestamp INTEGER, run_count INTEGER DEFAULT 0, expected_start_time INTEGER, next_scheduled_start_time INTEGER,
  start_time INTEGER, end_time INTEGER, total_run_time INTEGER DEFAULT 0, tags TEXT, labels TEXT, empirical_policy TEXT`;

const STATE_COLUMNS = `
  id TEXT PRIMARY KEY, run_id TEXT, type TEXT, name TEXT, timestamp INTEGER, message TEXT, state_details TEXT, data TEXT`;

const TABLES = `
CREATE TABLE flow (id TEXT PRIMARY KEY, name TEXT UNIQUE, created INTEGER, tags TEXT, labels TEXT);
CREATE TABLE work_pool (id TEXT PRIMARY KEY, name TEXT UNIQUE, created INTEGER, queue_id TEXT, last_polled INTEGER);
CREATE TABLE deployment (id TEXT PRIMARY KEY, name TEXT, flow_id TEXT, queue_id TEXT, pool_name TEXT, created INTEGER, parameters TEXT);
CREATE TABLE flow_run (${RUN_COLUMNS}, flow_id TEXT, deployment_id TEXT, queue_id TEXT, parameters TEXT, context TEXT, job_variables TEXT);
CREATE INDEX flow_run_newest ON flow_run (expected_start_time);
CREATE INDEX flow_run_by_flow ON flow_run (flow_id, start_time);
CREATE INDEX flow_run_due ON flow_run (queue_id, state_type, next_scheduled_start_time);
CREATE TABLE flow_run_state (${STATE_COLUMNS});
CREATE INDEX flow_run_state_by_run ON flow_run_state (run_id, timestamp);
CREATE TABLE task_run (${RUN_COLUMNS}, flow_run_id TEXT, task_key TEXT, dynamic_key TEXT, task_inputs TEXT);
CREATE UNIQUE INDEX task_run_identity ON task_run (flow_run_id, task_key, dynamic_key);
CREATE INDEX task_run_newest ON task_run (expected_start_time);
CREATE TABLE task_run_state (${STATE_COLUMNS});
CREATE INDEX task_run_state_by_run ON task_run_state (run_id, timestamp);
CREATE TABLE log (id TEXT PRIMARY KEY, created INTEGER, name TEXT, level INTEGER, message TEXT, timestamp INTEGER,
  flow_run_id TEXT, task_run_id TEXT);
CREATE INDEX log_by_run ON log (flow_run_id, timestamp);
CREATE TABLE event (id TEXT PRIMARY KEY, occurred INTEGER, event TEXT, resource_id TEXT, resource TEXT, related TEXT, payload TEXT,
  follows TEXT, received INTEGER, recorded INTEGER);
CREATE INDEX event_newest ON event (occurred);
CREATE TABLE event_resource (event_id TEXT, occurred INTEGER, resource_id TEXT, resource_role TEXT, labels TEXT);
CREATE INDEX event_resource_by_resource ON event_resource (resource_id, occurred);
CREATE INDEX event_resource_by_event ON event_resource (event_id);
`;
