import type { Storage } from './storage.ts';

export interface StorageOptions {
  /** Where the database is: a path, `sqlite:///path` or `postgresql://…`, a driver suffix such as `+asyncpg` allowed. */
  readonly url: string;
  /** The most connections to PostgreSQL. */
  readonly poolSize: number;
  /** The longest that a read which scans may take. */
  readonly timeoutSeconds?: number;
}

/** Longer than anything that is not a mistake. */
const USUAL_TIMEOUT_SECONDS = 60;

/** Opens the database that a connection URL names. Only the code of that database is loaded. */
export async function openStorage({ url, poolSize, timeoutSeconds = USUAL_TIMEOUT_SECONDS }: StorageOptions): Promise<Storage> {
  const postgres = postgresUrl(url);
  if (postgres !== undefined) {
    const { openPostgres } = await import('./postgres/storage.ts');
    return openPostgres({ url: postgres, poolSize, timeoutSeconds });
  }
  const [scheme, rest] = schemeOf(url);
  const { openSqlite } = await import('./sqlite/storage.ts');
  if (scheme === 'sqlite') return openSqlite({ path: sqlitePath(rest), timeoutSeconds });
  if (scheme !== '') throw new UnknownDatabaseError(url);
  return openSqlite({ path: url, timeoutSeconds });
}

/** The address of a PostgreSQL database without the driver that clients of Python name in it; nothing for another kind. */
export function postgresUrl(url: string): string | undefined {
  const [scheme, rest] = schemeOf(url);
  return scheme === 'postgresql' || scheme === 'postgres' ? `postgresql://${rest}` : undefined;
}

function schemeOf(url: string): [scheme: string, rest: string] {
  const [, scheme = '', rest = ''] = /^([a-z0-9]+)(?:\+[a-z0-9]+)?:\/\/(.*)$/i.exec(url) ?? [];
  return [scheme, rest];
}

/** The connection URL names a kind of database that this server does not know. */
class UnknownDatabaseError extends Error {
  override readonly name = 'UnknownDatabaseError';
  constructor(url: string) {
    super(
      `PREFECT_API_DATABASE_CONNECTION_URL is "${url.replace(/:\/\/[^@/]*@/, '://***@')}", which is neither sqlite:///path nor postgresql://user:password@host/database.`,
    );
  }
}

/** After `sqlite://` comes a slash and the path, so three slashes start a relative path and four an absolute one. */
function sqlitePath(rest: string): string {
  const path = rest.replace(/\?.*$/, '').replace(/^\//, '');
  return path === '' ? ':memory:' : path;
}
