import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { lockDeployment } from '../resources/deployments/deployments.ts';
import {
  deleteSchedule,
  insertSchedules,
  patchSchedule,
  readSchedules,
  scheduleResponse,
} from '../resources/deployments/schedules.ts';
import { touchSchedules } from '../resources/deployments/update-deployment.ts';
import type { WorkUnit } from '../work-unit.ts';
import type { Routes } from './route.ts';
import { readNewSchedules, readWantedSchedule } from './schedule-body.ts';

/** The schedules of a deployment, one by one. */
export const deploymentScheduleRoutes: Routes = {
  'GET /deployments/{id}/schedules': async ({ path }, core) => {
    const db = core.storage.builder;
    const deployment = await core.read.first(db.selectFrom('deployment').select('id').where('id', '=', path.id));
    if (!deployment) throw new DetailError(404, 'Deployment not found.');
    return ((await readSchedules(core.read, db, [path.id])).get(path.id) ?? []).map(scheduleResponse);
  },

  'POST /deployments/{id}/schedules': async ({ path, body }, core) => {
    const schedules = readNewSchedules(body, { ...aroundOf(core, body), loc: ['body'] });
    return core.write(async (unit) => {
      await requireDeployment(unit, path.id);
      const rows = await insertSchedules(unit, path.id, schedules);
      await touchSchedules(unit, path.id, { futureOnly: true });
      return rows.map(scheduleResponse);
    });
  },

  'PATCH /deployments/{id}/schedules/{schedule_id}': async ({ path, body }, core) => {
    const wanted = readWantedSchedule(body, { ...aroundOf(core, body), loc: ['body'] });
    await core.write(async (unit) => {
      await requireDeployment(unit, path.id);
      const found = await patchSchedule(unit, path.id, path.schedule_id, wanted);
      if (!found) throw new DetailError(404, 'Schedule not found.');
      await touchSchedules(unit, path.id, { futureOnly: true });
    });
    return undefined;
  },

  'DELETE /deployments/{id}/schedules/{schedule_id}': async ({ path }, core) => {
    await core.write(async (unit) => {
      await requireDeployment(unit, path.id);
      const found = await deleteSchedule(unit, path.id, path.schedule_id);
      if (!found) throw new DetailError(404, 'Schedule not found.');
      await touchSchedules(unit, path.id, { futureOnly: false });
    });
    return undefined;
  },
};

function aroundOf(core: Core, body: unknown) {
  return { settings: core.settings, now: core.clock(), body };
}

async function requireDeployment(unit: WorkUnit, id: string): Promise<void> {
  if (!(await lockDeployment(unit, id))) throw new DetailError(404, 'Deployment not found.');
}
