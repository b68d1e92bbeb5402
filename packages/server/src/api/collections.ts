import { DetailError } from '../errors.ts';
import { workerMetadata } from '../job-templates/index.ts';
import type { Routes } from './route.ts';

/** What can be chosen from when something is set up: so far the types of work pools. */
export const collectionRoutes: Routes = {
  'GET /collections/views/{view}': ({ path }) => {
    if (path.view !== 'aggregate-worker-metadata') throw new DetailError(404, `View ${path.view} not found in registry`);
    return workerMetadata();
  },
};
