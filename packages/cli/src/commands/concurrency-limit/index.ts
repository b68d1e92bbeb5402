import type { Group } from '../../command.ts';
import { create, deleteLimit, reset } from './change.ts';
import { inspect, ls } from './show.ts';

export const concurrencyLimit: Group = { commands: { create, ls, inspect, reset, delete: deleteLimit } };
