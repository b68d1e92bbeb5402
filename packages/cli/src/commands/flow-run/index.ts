import type { Group } from '../../command.ts';
import { cancel } from './cancel.ts';
import { deleteRun } from './delete.ts';
import { execute } from './execute.ts';
import { logs } from './logs.ts';
import { retry } from './retry.ts';
import { inspect, ls } from './show.ts';
import { watch } from './watch.ts';
import { why } from './why.ts';

export const flowRun: Group = { commands: { ls, inspect, why, logs, watch, cancel, retry, delete: deleteRun, execute } };
