import { artifactRoutes } from './artifacts.ts';
import { eventRoutes } from './events.ts';
import { flowRunRoutes } from './flow-runs.ts';
import { flowRoutes } from './flows.ts';
import { logRoutes } from './logs.ts';
import type { Routes } from './route.ts';
import { serverRoutes } from './server-info.ts';
import { stateRoutes } from './states.ts';
import { taskRunRoutes } from './task-runs.ts';

/** Every route table of the API. */
export const ROUTES: readonly Routes[] = [
  serverRoutes,
  eventRoutes,
  flowRoutes,
  flowRunRoutes,
  taskRunRoutes,
  stateRoutes,
  logRoutes,
  artifactRoutes,
];
