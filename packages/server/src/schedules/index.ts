export { parseDuration } from './interval.ts';
export { normalizeSchedule } from './normalize-rrule.ts';
export { parseSchedule } from './parse-schedule.ts';
export { InvalidScheduleError, type Schedule, scheduleKind } from './schedule.ts';
export { type DateRange, ImpossibleScheduleError, type ScheduledDate, scheduleDates } from './schedule-dates.ts';
export { zoneOf } from './zone.ts';
