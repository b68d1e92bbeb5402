import { SECOND } from '@prefect-ts/protocol';
import { contract, SchemaCompiler } from '@prefect-ts/protocol/contract';
import type { Core } from '../core.ts';
import { type EventFilter, type EventFilterBody, eventFilter } from './event-filter.ts';
import type { NewEvent, StoredEvent } from './event-log.ts';
import { type ClientSocket, parseFrame, type SocketRoute } from './sockets.ts';

/** So far back a socket replays what has happened, in microseconds. */
const LONGEST_BACKFILL = 15 * 60 * SECOND;
const PAGE = 250;
/** A client that lets more than this pile up misses events, so that it cannot exhaust the server. */
const LARGEST_BACKLOG = 4 * 1024 * 1024;

const compiler = new SchemaCompiler(contract.components.schemas);

/** Where clients receive events: those of a window that has begun, then those that happen. Contract: events 3.3. */
export const eventsOut: SocketRoute = {
  path: '/events/out',
  async serve(socket, _parameters, core) {
    const opening = await readOpening(socket, core);
    if (!opening) return;
    const { filter, backfill } = opening;
    const sent = new Set<string>();
    // What happens during the backfill waits here, so that nothing falls between the two.
    let waiting: StoredEvent[] | undefined = [];
    const stop = core.bus.subscribe('events', (events) => {
      const matching = events.filter((event) => isInside(filter, event.occurred) && filter.matches(event));
      if (waiting) waiting.push(...matching);
      else for (const event of matching) deliver(socket, event.body);
    });
    try {
      if (backfill) await replay(socket, core, filter, sent);
      for (const event of waiting) if (!sent.has(event.id)) deliver(socket, event.body);
      waiting = undefined;
      await socket.gone();
    } finally {
      stop();
    }
  },
};

function deliver(socket: ClientSocket, body: string): void {
  if (socket.backlog < LARGEST_BACKLOG) socket.send(`{"type":"event","event":${body}}`);
}

function isInside({ since, until }: EventFilter, time: number): boolean {
  return time >= since && time <= until;
}

async function readOpening(socket: ClientSocket, core: Core): Promise<{ filter: EventFilter; backfill: boolean } | undefined> {
  const frame = await socket.next();
  if (frame === undefined) return undefined;
  const message = parseFrame(frame);
  if (message?.type !== 'filter') return void socket.close(1002, "Expected 'filter' message");
  const outcome = compiler.compile({ $ref: '#/components/schemas/EventFilter' }, 'filter')(message.filter ?? {});
  if (!outcome.ok)
    return void socket.close(
      1002,
      `Invalid filter: ${outcome.issues.map(({ msg, loc }) => `${loc.join('.')}: ${msg}`).join('; ')}`,
    );
  const now = core.clock();
  const filter = eventFilter(outcome.value as EventFilterBody, now);
  return {
    filter: { ...filter, since: Math.max(filter.since, now - LONGEST_BACKFILL) },
    backfill: message.backfill !== false,
  };
}

async function replay(socket: ClientSocket, core: Core, filter: EventFilter, sent: Set<string>): Promise<void> {
  const db = core.storage.builder;
  const last = { occurred: filter.since - 1, position: 0 };
  while (!socket.closed) {
    const rows = await core.scan.all(
      db
        .selectFrom('event')
        .select(['position', 'id', 'occurred', 'event', 'body'])
        .where((where) =>
          where.or([
            where('occurred', '>', last.occurred),
            where.and([where('occurred', '=', last.occurred), where('position', '>', last.position)]),
          ]),
        )
        .where('occurred', '<=', filter.until)
        .orderBy('occurred')
        .orderBy('position')
        .limit(PAGE),
    );
    for (const row of rows) {
      last.occurred = row.occurred;
      last.position = row.position;
      if (!filter.matches(JSON.parse(row.body) as NewEvent)) continue;
      sent.add(row.id);
      deliver(socket, row.body);
    }
    if (rows.length < PAGE) return;
  }
}
