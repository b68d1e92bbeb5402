import type { Logger } from 'pino';
import { postgresUrl } from '../storage/index.ts';
import type { Storage } from '../storage/storage.ts';
import { type Bus, inProcessBus } from './bus.ts';

/** Opens the bus that reaches every server on a database: SQLite has only one. */
export async function openBus(databaseUrl: string, storage: Storage, log: Logger): Promise<Bus> {
  const url = postgresUrl(databaseUrl);
  if (url === undefined) return inProcessBus((error) => log.error({ err: error }, 'a listener failed'));
  const { postgresBus } = await import('./postgres-bus.ts');
  return postgresBus({ url, storage, onError: (error) => log.warn({ err: error }, 'the line to the other servers') });
}
