import type { Group } from '../../command.ts';
import { create, deleteProfile, populateDefaults, rename, use } from './change.ts';
import { inspect, ls } from './show.ts';

export const profile: Group = {
  commands: { ls, create, use, inspect, rename, delete: deleteProfile, 'populate-defaults': populateDefaults },
};
