import type { Group } from '../../command.ts';
import { ls } from './ls.ts';
import { serve } from './serve.ts';

export const flow: Group = { commands: { ls, serve } };
