import { connectedTaskWorkers } from '../resources/task-workers.ts';
import type { Routes } from './route.ts';

export const taskWorkerRoutes: Routes = {
  'POST /task_workers/filter': ({ body }, core) => connectedTaskWorkers(core, body.task_worker_filter?.task_keys),
};
