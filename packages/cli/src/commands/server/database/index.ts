import type { Group } from '../../../command.ts';
import { downgrade } from './downgrade.ts';
import { reset } from './reset.ts';
import { upgrade } from './upgrade.ts';

const OWN_STEPS = 'Changes of the schema are part of the server; see packages/server/src/storage/migrations.';

export const database: Group = {
  summary: 'Bring the database up to date, or empty it',
  commands: { upgrade, downgrade, reset },
  absent: { revision: OWN_STEPS, stamp: OWN_STEPS },
};
