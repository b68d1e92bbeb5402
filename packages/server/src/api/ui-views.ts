import { formatTimestamp, type Micros, type UiScheduleDates, type UiScheduleDatesRequest } from '@prefect-ts/protocol';
import { automationPage } from '../resources/ui-views/automation-page.ts';
import { concurrencyLimitPage } from '../resources/ui-views/concurrency-limit-page.ts';
import { deploymentPage } from '../resources/ui-views/deployment-page.ts';
import { flowPage } from '../resources/ui-views/flow-page.ts';
import { flowRunPage } from '../resources/ui-views/flow-run-page.ts';
import { overview } from '../resources/ui-views/overview.ts';
import { searchObjects } from '../resources/ui-views/search.ts';
import { flowRunTimeline } from '../resources/ui-views/timeline.ts';
import { workPoolPage } from '../resources/ui-views/work-pool-page.ts';
import { readWaitingFacts } from '../resources/waiting-facts.ts';
import { whyWaiting } from '../resources/why-waiting.ts';
import { ImpossibleScheduleError, scheduleDates } from '../schedules/index.ts';
import { invalidValue } from './request-body.ts';
import type { Routes } from './route.ts';
import { readSchedule } from './schedule-body.ts';

/** What the dashboard asks for: one answer a view, with all that it shows. */
export const uiViewRoutes: Routes = {
  'POST /ui/overview': ({ body }, core) => overview(core, body),
  'POST /ui/flow_runs/page': ({ body }, core) => flowRunPage(core, body),
  'POST /ui/flows/page': ({ body }, core) => flowPage(core, body),
  'POST /ui/deployments/page': ({ body }, core) => deploymentPage(core, body),
  'POST /ui/work_pools/page': ({ body }, core) => workPoolPage(core, body),
  'POST /ui/automations/page': ({ body }, core) => automationPage(core, body),
  'POST /ui/search': ({ body }, core) => searchObjects(core, body.text),
  'GET /ui/flow_runs/{id}/timeline': ({ path }, core) => flowRunTimeline(core, path.id),
  'GET /ui/flow_runs/{id}/why': async ({ path }, core) => whyWaiting(await readWaitingFacts(core, path.id)),
  'POST /ui/concurrency_limits/page': ({ body }, core) => concurrencyLimitPage(core, body),
  'POST /ui/schedules/dates': ({ body }, core) => nextDates(body, core.clock()),
};

const MOST_DATES = 10;

/** When a schedule that somebody still writes would come due. */
function nextDates(body: UiScheduleDatesRequest, now: Micros): UiScheduleDates {
  const schedule = readSchedule(body.schedule, { now, loc: ['body'], body });
  try {
    const dates = [...scheduleDates(schedule, { now, n: body.limit ?? MOST_DATES })];
    return { dates: dates.map(({ at }) => formatTimestamp(at)) };
  } catch (error) {
    if (!(error instanceof ImpossibleScheduleError)) throw error;
    throw invalidValue(['body', 'schedule'], error.message, body.schedule, body);
  }
}
