import type { CronSchedule, IntervalScheduleOutput, RRuleSchedule } from '@prefect-ts/protocol';

/** A schedule as it is kept and answered; its keys tell which kind it is. */
export type Schedule = IntervalScheduleOutput | CronSchedule | RRuleSchedule;

/** The name that a schedule without a slug shows as the creator of its runs. */
export function scheduleKind(schedule: Schedule): 'IntervalSchedule' | 'CronSchedule' | 'RRuleSchedule' {
  if ('interval' in schedule) return 'IntervalSchedule';
  return 'cron' in schedule ? 'CronSchedule' : 'RRuleSchedule';
}

/** A value that is no schedule: which field is wrong, and the API's word for how. */
export class InvalidScheduleError extends Error {
  override name = 'InvalidScheduleError';
  /** The offending key, or undefined when the value as a whole is wrong. */
  readonly field: string | undefined;
  /** The `type` of the API's validation error, such as `value_error` or `missing`. */
  readonly type: string;

  constructor(message: string, field?: string, type = 'value_error') {
    super(message);
    this.field = field;
    this.type = type;
  }
}
