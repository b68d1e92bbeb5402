import type { DeploymentScheduleCreate, DeploymentScheduleUpdate, Micros } from '@prefect-ts/protocol';
import type { NewSchedule, WantedSchedule } from '../resources/deployments/schedules.ts';
import { InvalidScheduleError, parseSchedule, type Schedule } from '../schedules/index.ts';
import type { ServerSettings } from '../settings.ts';
import { InvalidRequestError, invalidValue } from './request-body.ts';

type Location = readonly (string | number)[];

/** Where schedules stand in a request, and what is needed to read them. */
interface Surroundings {
  readonly settings: ServerSettings;
  readonly now: Micros;
  readonly body: unknown;
  /** Where the list, or the one schedule, stands in the request. */
  readonly loc: Location;
}

/** Reads the schedules that a request makes. Throws 422 for one that is none. */
export function readNewSchedules(given: readonly DeploymentScheduleCreate[], around: Surroundings): NewSchedule[] {
  return given.map((each, index) => {
    const at = { ...around, loc: [...around.loc, index] };
    return { ...readCommon(each, at), schedule: readSchedule(each.schedule, at) };
  });
}

/** Reads a schedule of which only what changes may be given. */
export function readWantedSchedule(given: DeploymentScheduleUpdate, around: Surroundings): WantedSchedule {
  const wanted = readCommon(given, around);
  return given.schedule ? { ...wanted, schedule: readSchedule(given.schedule, around) } : wanted;
}

/** Null says as little as nothing. */
function readCommon(
  { active, max_scheduled_runs, parameters, slug, replaces }: DeploymentScheduleUpdate,
  { settings, loc, body }: Surroundings,
): WantedSchedule {
  const most = settings.maxScheduledRunsOfSchedule;
  if (typeof max_scheduled_runs === 'number' && max_scheduled_runs > most)
    throw invalidValue(
      [...loc, 'max_scheduled_runs'],
      `\`max_scheduled_runs\` must be less than or equal to ${most}.`,
      max_scheduled_runs,
      body,
    );
  return {
    active: active ?? undefined,
    max_scheduled_runs: max_scheduled_runs ?? undefined,
    parameters,
    slug: slug ?? undefined,
    replaces: replaces ?? undefined,
  };
}

/** Reads one schedule. Throws 422 for what is none, at the field that is wrong. */
export function readSchedule(value: unknown, { now, loc, body }: Omit<Surroundings, 'settings'>): Schedule {
  try {
    return parseSchedule(value, now);
  } catch (error) {
    if (!(error instanceof InvalidScheduleError)) throw error;
    const at = [...loc, 'schedule', ...(error.field === undefined ? [] : [error.field])];
    const input = error.field === undefined ? value : (value as Record<string, unknown>)[error.field];
    if (error.type === 'value_error') throw invalidValue(at, error.message, input, body);
    throw new InvalidRequestError([{ type: error.type, loc: at, msg: error.message, input }], body);
  }
}
