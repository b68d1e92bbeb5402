import pg from 'pg';
import type { Database } from '../options.ts';

/** Makes an empty database for a server; nothing where the server keeps everything in its folder. */
export async function freshDatabase(database: Database, server: string): Promise<string | undefined> {
  if (database === 'sqlite') return undefined;
  const url = process.env.PREFECT_TEST_POSTGRES_URL;
  if (!url) throw new Error('There is no PostgreSQL: run this by `node tools/with-postgres.ts --durable node bench/run.ts …`.');
  const name = `bench_${server}_${process.pid}_${Date.now()}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}
