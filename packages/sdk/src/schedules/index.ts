export { cron, every, rrule, type Schedule, type ScheduleOptions } from './schedules.ts';
