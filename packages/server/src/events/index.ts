import { eventsIn } from './events-in.ts';
import { eventsOut } from './events-out.ts';
import { live } from './live.ts';
import { logsOut } from './logs-out.ts';
import type { SocketRoute } from './sockets.ts';
import { taskSubscription } from './task-subscription.ts';
import { wake } from './wake.ts';
import { workerChannel } from './worker-channel.ts';

/** Every websocket of the API. */
export const SOCKETS: readonly SocketRoute[] = [eventsIn, eventsOut, logsOut, live, wake, taskSubscription, workerChannel];
