import type { Group } from '../../../command.ts';
import { clear, deleteSchedule, pause, resume } from './change.ts';
import { create } from './create.ts';
import { ls } from './ls.ts';

export const schedule: Group = {
  summary: 'Set when a deployment runs by itself',
  commands: { create, ls, pause, resume, delete: deleteSchedule, clear },
};
