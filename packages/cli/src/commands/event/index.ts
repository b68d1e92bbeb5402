import type { Group } from '../../command.ts';
import { emit } from './emit.ts';
import { stream } from './stream.ts';

export const event: Group = { commands: { stream, emit } };
