import type { TestServer } from './server.ts';

export interface RecordedEvent {
  readonly id: string;
  readonly event: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly related: readonly Readonly<Record<string, string>>[];
  readonly payload: unknown;
  readonly follows: string | null;
}

/** What a server has recorded about a resource, in order. */
export async function recordedEvents(server: TestServer, resourceId: string): Promise<RecordedEvent[]> {
  const { scan, storage } = server.running.core;
  const rows = await scan.all(
    storage.builder.selectFrom('event').select('body').where('resource_id', '=', resourceId).orderBy('position'),
  );
  return rows.map(({ body }) => JSON.parse(body) as RecordedEvent);
}
