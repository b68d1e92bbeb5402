import type { Core } from '../core.ts';
import { ingestEvents } from './ingest.ts';
import { InvalidEventError, readEvent } from './read-event.ts';
import { type ClientSocket, parseFrame, type SocketRoute } from './sockets.ts';

/** Where clients send their events, one a frame. Nothing is answered but pings, once what came before them is durable. */
export const eventsIn: SocketRoute = {
  path: '/events/in',
  async serve(socket: ClientSocket, _parameters, core: Core) {
    for (let frames = await socket.nextBatch(); frames; frames = await socket.nextBatch()) {
      try {
        await ingestEvents(
          core,
          frames.map((frame) => readEvent(parseFrame(frame))),
        );
      } catch (error) {
        if (error instanceof InvalidEventError) core.log.info({ err: error }, 'a client sent an invalid event');
        else core.log.error({ err: error }, 'events could not be stored');
        // Without the pong the client sends them again over a new connection.
        return socket.terminate();
      }
      socket.handled(frames.length);
    }
  },
};
