import { ingestEvents } from '../events/ingest.ts';
import { InvalidEventError, readEvent } from '../events/read-event.ts';
import { invalidValue } from './request-body.ts';
import type { Routes } from './route.ts';

export const eventRoutes: Routes = {
  'POST /events': async ({ body }, core) => {
    const events = body.map((event, index) => {
      try {
        return readEvent(event);
      } catch (error) {
        if (error instanceof InvalidEventError) throw invalidValue(['body', index], error.message, event, body);
        throw error;
      }
    });
    if (events.length > 0) await ingestEvents(core, events);
    return undefined;
  },
};
