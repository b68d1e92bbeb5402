import type { Group } from '../../command.ts';
import { start } from './start.ts';

export const worker: Group = { commands: { start } };
