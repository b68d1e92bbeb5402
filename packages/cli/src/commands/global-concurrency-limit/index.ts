import type { Group } from '../../command.ts';
import { disable, enable, update } from './change.ts';
import { create } from './create.ts';
import { deleteLimit } from './delete.ts';
import { inspect, ls } from './show.ts';

export const globalConcurrencyLimit: Group = {
  commands: { create, ls, inspect, update, enable, disable, delete: deleteLimit },
};
