import type { Group } from '../../command.ts';
import { create, update } from './apply.ts';
import { deleteAutomation } from './delete.ts';
import { inspect, ls } from './show.ts';
import { disable, enable, pause, resume } from './switch.ts';
import { test } from './test.ts';

export const automation: Group = {
  commands: { create, ls, inspect, update, test, enable, disable, resume, pause, delete: deleteAutomation },
};
