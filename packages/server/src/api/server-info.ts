import { API_VERSION, COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import { Reply, type Routes } from './route.ts';

/** What the server tells about itself. */
export const serverRoutes: Routes = {
  'GET /health': () => true,
  'GET /hello': () => '👋',
  'GET /version': () => API_VERSION,
  'GET /admin/version': () => COMPATIBLE_VERSION,

  'GET /ready': async (_request, core) => {
    try {
      await core.read.all(core.storage.builder.selectFrom('migration').select('version').limit(1));
      return { message: 'OK' };
    } catch (error) {
      core.log.warn({ err: error }, 'the database is not available');
      return new Reply(503, { message: 'Database is not available' });
    }
  },
};
