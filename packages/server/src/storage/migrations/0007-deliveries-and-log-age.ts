import type { Migration } from '../migration.ts';

/**
 * Messages that automations have decided to send and that have not left yet; sealed, since they hold the secrets of their blocks;
 * and where old lines of log are.
 */
export const deliveriesAndLogAge: Migration = {
  version: 7,
  name: 'deliveries-and-log-age',
  statements({ uuid, text, micros, integer, tableOptions }, dialect) {
    return [
      `CREATE TABLE automation_delivery
        (id ${uuid} PRIMARY KEY, due ${micros} NOT NULL, attempts ${integer} NOT NULL, sealed ${text} NOT NULL) ${tableOptions}`,
      'CREATE INDEX automation_delivery_due ON automation_delivery (due)',
      // Old lines are found by the blocks that they lie in; SQLite keeps lines in their order.
      ...(dialect === 'postgres' ? ['CREATE INDEX log_age ON log USING brin (timestamp)'] : []),
    ];
  },
};
