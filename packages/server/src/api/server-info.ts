import { API_VERSION, COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import { ApiError } from '../errors.ts';
import { Reply, type Routes } from './route.ts';

/** What the server tells about itself. */
export const serverRoutes: Routes = {
  'GET /health': (_request, core) => {
    const services = core.pulse.stuck();
    if (services.length === 0) return true;
    const message = `Services of this server are stuck: ${services.join(', ')}.`;
    throw new ApiError(503, { message, services }, message);
  },

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
