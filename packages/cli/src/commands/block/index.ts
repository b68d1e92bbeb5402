import type { Group } from '../../command.ts';
import { create } from './create.ts';
import { deleteBlock } from './delete.ts';
import { register } from './register.ts';
import { inspect, ls } from './show.ts';
import { type } from './type.ts';

export const block: Group = { commands: { type, ls, inspect, create, register, delete: deleteBlock } };
