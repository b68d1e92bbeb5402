import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { countEvents } from '../events/event-counts.ts';
import { decodeToken, type EventPage, encodeToken, firstPage, readPage } from '../events/event-pages.ts';
import { ingestEvents } from '../events/ingest.ts';
import { InvalidEventError, readEvent } from '../events/read-event.ts';
import { invalidValue } from './request-body.ts';
import { RawText, type Routes } from './route.ts';

const USUAL_PAGE = 50;

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

  'POST /events/filter': async ({ body, baseUrl }, core) =>
    answerPage(await firstPage(core, body?.filter ?? {}, body?.limit ?? USUAL_PAGE), core, baseUrl),

  'GET /events/filter/next': async ({ query, baseUrl }, core) => {
    const token = decodeToken(query['page-token']);
    if (!token) throw new DetailError(403, 'Forbidden');
    return answerPage(await readPage(core, token), core, baseUrl);
  },

  'POST /events/count-by/{countable}': ({ path, body }, core) =>
    countEvents(core, path.countable, body.filter, { unit: body.time_unit ?? 'day', times: body.time_interval ?? 1 }),
};

/** Events are stored as they are answered, so the answer is put together as text. */
function answerPage({ bodies, total, next }: EventPage, { settings }: Core, baseUrl: string): RawText {
  const address = next && `${baseUrl}${settings.apiBasePath}/events/filter/next?page-token=${encodeToken(next)}`;
  return new RawText(`{"events":[${bodies.join()}],"total":${total},"next_page":${JSON.stringify(address)}}`, 'application/json');
}
