import type { Group } from '../../command.ts';
import { set, unset } from './change.ts';
import { get, inspect, ls } from './show.ts';

export const variable: Group = { commands: { ls, inspect, get, set, unset, delete: unset } };
