import type { Group } from '../../command.ts';
import { deleteArtifact } from './delete.ts';
import { inspect, ls } from './show.ts';

export const artifact: Group = { commands: { ls, inspect, delete: deleteArtifact } };
