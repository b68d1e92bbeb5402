import type { EventTriggerInput } from '@prefect-ts/protocol';
import { type Duration, toSeconds } from '../durations.ts';

/**
 * Events that start runs of a deployment: a trigger of an automation as on the wire (an event trigger, or a compound or sequence of
 * such), and what its runs get.
 */
export interface DeploymentTrigger extends Readonly<Record<string, unknown>> {
  readonly name?: string;
  readonly description?: string;
  readonly enabled?: boolean;
  /** Parameters of the runs; texts may hold templates over the event. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly job_variables?: Readonly<Record<string, unknown>>;
  /** Seconds between the event and the run. */
  readonly schedule_after?: number;
}

export interface OnEventOptions {
  /** Labels of the resource of the event; a trailing `*` matches any rest. */
  match?: Readonly<Record<string, string | string[]>>;
  matchRelated?: Readonly<Record<string, string | string[]>>;
  /** Labels by whose values events are counted apart. */
  forEach?: readonly string[];
  /** How many events it takes. Default 1. */
  threshold?: number;
  /** The time within which they must come. Default: at once. */
  within?: Duration;
  params?: Readonly<Record<string, unknown>>;
  jobVariables?: Readonly<Record<string, unknown>>;
  /** How long after the event the run is scheduled. */
  after?: Duration;
  name?: string;
}

/**
 * Starts a run when an event comes.
 *
 * @example onEvent('file.arrived', { params: { path: '{{ event.resource.id }}' } })
 */
export function onEvent(events: string | readonly string[], options: OnEventOptions = {}): DeploymentTrigger {
  return {
    type: 'event',
    posture: 'Reactive',
    expect: typeof events === 'string' ? [events] : [...events],
    match: { ...options.match },
    match_related: { ...options.matchRelated },
    for_each: [...(options.forEach ?? [])],
    threshold: options.threshold ?? 1,
    // The wire carries a number of seconds, though the schema of the answer says text.
    within: toSeconds(options.within ?? 0) as unknown as string,
    ...(options.name ? { name: options.name } : {}),
    ...(options.params ? { parameters: options.params } : {}),
    ...(options.jobVariables ? { job_variables: options.jobVariables } : {}),
    ...(options.after === undefined ? {} : { schedule_after: toSeconds(options.after) }),
  } satisfies DeploymentTrigger & EventTriggerInput;
}
