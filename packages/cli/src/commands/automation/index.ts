import type { Group } from '../../command.ts';
import { disable, enable } from './change.ts';
import { deleteAutomation } from './delete.ts';
import { inspect, ls } from './show.ts';
import { test } from './test.ts';
import { create, update } from './write.ts';

export const automation: Group = {
  commands: { ls, inspect, create, update, test, resume: enable, enable, pause: disable, disable, delete: deleteAutomation },
};
