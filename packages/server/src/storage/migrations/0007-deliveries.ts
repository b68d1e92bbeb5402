import type { Migration } from '../migration.ts';

/** Messages that automations have decided to send and that have not left yet; sealed, since they hold the secrets of their blocks. */
export const deliveries: Migration = {
  version: 7,
  name: 'deliveries',
  statements({ uuid, text, micros, integer, tableOptions }) {
    return [
      `CREATE TABLE automation_delivery
        (id ${uuid} PRIMARY KEY, due ${micros} NOT NULL, attempts ${integer} NOT NULL, sealed ${text} NOT NULL) ${tableOptions}`,
      'CREATE INDEX automation_delivery_due ON automation_delivery (due)',
    ];
  },
};
