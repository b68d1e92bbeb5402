import type { Migration } from '../migration.ts';

/** Automations with what their triggers remember and what they have still to do, and an index that serves searches for events. */
export const automations: Migration = {
  version: 4,
  name: 'automations',
  statements({ uuid, text, json, micros, integer, flag, tableOptions }) {
    const table = (name: string, columns: string) => `CREATE TABLE ${name} (${columns}) ${tableOptions}`;
    const automation = `automation_id ${uuid} NOT NULL REFERENCES automation ON DELETE CASCADE`;
    return [
      table(
        'automation',
        `id ${uuid} PRIMARY KEY, created ${micros} NOT NULL, updated ${micros} NOT NULL, name ${text} NOT NULL, description ${text} NOT NULL,
         enabled ${flag} NOT NULL, tags ${json} NOT NULL, "trigger" ${json} NOT NULL, actions ${json} NOT NULL,
         actions_on_trigger ${json} NOT NULL, actions_on_resolve ${json} NOT NULL`,
      ),
      'CREATE INDEX automation_updated ON automation (updated)',
      table(
        'automation_relation',
        `${automation}, resource_id ${text} NOT NULL, owned ${flag} NOT NULL, PRIMARY KEY (automation_id, resource_id)`,
      ),
      'CREATE INDEX automation_relation_resource ON automation_relation (resource_id)',
      table(
        'automation_bucket',
        `trigger_id ${uuid} NOT NULL, bucketing_key ${text} NOT NULL, ${automation}, starts ${micros} NOT NULL, ends ${micros} NOT NULL,
         count ${integer} NOT NULL, last_event ${text}, PRIMARY KEY (trigger_id, bucketing_key)`,
      ),
      'CREATE INDEX automation_bucket_automation ON automation_bucket (automation_id)',
      'CREATE INDEX automation_bucket_ends ON automation_bucket (ends)',
      // The latest firing of each trigger inside of a compound or a sequence.
      table(
        'automation_child_firing',
        `trigger_id ${uuid} PRIMARY KEY, parent_id ${uuid} NOT NULL, ${automation}, triggered ${micros} NOT NULL, firing ${text} NOT NULL`,
      ),
      'CREATE INDEX automation_child_firing_parent ON automation_child_firing (parent_id)',
      'CREATE INDEX automation_child_firing_automation ON automation_child_firing (automation_id)',
      // Events that wait for the one that they follow.
      table(
        'automation_follower',
        `position ${micros} PRIMARY KEY, id ${uuid} NOT NULL, leader_id ${uuid} NOT NULL, received ${micros} NOT NULL`,
      ),
      table('automation_cursor', `name ${text} PRIMARY KEY, position ${micros} NOT NULL`),
      table(
        'automation_action',
        `id ${uuid} PRIMARY KEY, due ${micros} NOT NULL, attempts ${integer} NOT NULL, message ${text} NOT NULL`,
      ),
      'CREATE INDEX automation_action_due ON automation_action (due)',

      // Narrow, and with all that most searches compare, so that they read no events.
      'DROP INDEX event_occurred',
      'CREATE INDEX event_feed ON event (occurred, position, event, resource_id)',
    ];
  },
};
