import type { Group } from '../../../command.ts';
import { downgrade } from './downgrade.ts';
import { reset } from './reset.ts';
import { upgrade } from './upgrade.ts';

export const database: Group = { summary: 'Bring the database up to date, or empty it', commands: { upgrade, downgrade, reset } };
