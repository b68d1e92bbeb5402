import type { Group } from '../../command.ts';
import { deleteDeployment } from './delete.ts';
import { run } from './run.ts';
import { schedule } from './schedule/index.ts';
import { inspect, ls } from './show.ts';

export const deployment: Group = { commands: { run, ls, inspect, delete: deleteDeployment, schedule } };
