import type { Group } from '../../command.ts';
import { database } from './database.ts';
import { services } from './services.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';

export const server: Group = { commands: { start, status, stop, services, database } };
