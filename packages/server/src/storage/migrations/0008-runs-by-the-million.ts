import type { Migration } from '../migration.ts';

/** When a run began, or is expected to: the order of most lists. Queries spell it the same, or the indexes do not serve them. */
const START = 'coalesce(start_time, expected_start_time, 0)';

/**
 * Indexes that hold all that lists, counts and histories compare, so that they read no rows but those that they answer. What is not completed
 * is little, and asked for most: it has an index of its own.
 */
export const runsByTheMillion: Migration = {
  version: 8,
  name: 'runs-by-the-million',
  statements(_types, dialect) {
    // PostgreSQL reads rows behind an index of expressions; SQLite answers from the index, for which the texts have to be in it.
    const compared =
      dialect === 'sqlite' ? 'start_time, expected_start_time, state_type, state_name, name, tags, id' : 'state_type';
    const unfinished = `WHERE state_type IS DISTINCT FROM 'COMPLETED'`;
    const history = 'expected_start_time, state_type, state_name, start_time, total_run_time, state_timestamp';
    return [
      'DROP INDEX flow_run_expected_start_time',
      `CREATE INDEX flow_run_expected ON flow_run (${history})`,
      `CREATE INDEX flow_run_start ON flow_run (${START}, ${compared})`,
      'DROP INDEX flow_run_flow',
      `CREATE INDEX flow_run_flow ON flow_run (flow_id, ${START}, expected_start_time, state_type, id)`,
      'DROP INDEX flow_run_deployment',
      `CREATE INDEX flow_run_deployment ON flow_run (deployment_id, ${START}, expected_start_time, state_type, id)
         WHERE deployment_id IS NOT NULL`,
      'CREATE INDEX flow_run_name ON flow_run (name, id)',
      'CREATE INDEX flow_run_end ON flow_run (coalesce(end_time, 0), id)',
      `CREATE INDEX flow_run_unfinished ON flow_run (state_type, ${START}, expected_start_time, state_name, state_timestamp, flow_id, id)
         ${unfinished}`,
      // What is planned next, of each.
      `CREATE INDEX flow_run_due_of_flow ON flow_run (flow_id, next_scheduled_start_time) WHERE state_type = 'SCHEDULED'`,
      `CREATE INDEX flow_run_due_of_deployment ON flow_run (deployment_id, next_scheduled_start_time) WHERE state_type = 'SCHEDULED'`,
      'DROP INDEX flow_run_work_queue',
      `CREATE INDEX flow_run_work_queue ON flow_run (work_queue_id, ${START}, expected_start_time, state_type, id) WHERE work_queue_id IS NOT NULL`,

      `CREATE INDEX task_run_expected ON task_run (${history})`,
      'DROP INDEX task_run_start_time',
      'CREATE INDEX task_run_start_time ON task_run (start_time, state_type)',
      `CREATE INDEX task_run_unfinished ON task_run (state_type, expected_start_time, id) ${unfinished}`,

      ...(dialect === 'postgres' ? ['DROP INDEX log_age'] : []),
      'CREATE INDEX log_timestamp ON log (timestamp, level)',
    ];
  },
};
