import type { Group } from '../../command.ts';
import { set } from './set.ts';
import { unset } from './unset.ts';
import { validate } from './validate.ts';
import { view } from './view.ts';

export const config: Group = { commands: { view, set, unset, validate } };
