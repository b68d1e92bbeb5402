import type { Group } from '../../command.ts';
import { inspect, logs, ls } from './show.ts';

export const taskRun: Group = { commands: { ls, inspect, logs } };
