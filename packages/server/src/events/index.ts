import { eventsIn } from './events-in.ts';
import { eventsOut } from './events-out.ts';
import { logsOut } from './logs-out.ts';
import type { SocketRoute } from './sockets.ts';

/** Every websocket of the API. */
export const SOCKETS: readonly SocketRoute[] = [eventsIn, eventsOut, logsOut];
