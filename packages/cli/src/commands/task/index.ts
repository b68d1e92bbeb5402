import type { Group } from '../../command.ts';
import { serve } from './serve.ts';

export const task: Group = { commands: { serve } };
