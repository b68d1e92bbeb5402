import { type Micros, parseTimestamp, SECOND, uuid7 } from '@prefect-ts/protocol';
import type { NewEvent, ResourceLabels } from '../events/event-log.ts';
import type { WorkUnit } from '../work-unit.ts';
import type { ActionResult } from './action-error.ts';
import { type ActionMessage, automationLabels } from './firings.ts';

/** Events this far apart no longer count as one following the other. */
const TIGHT: Micros = 5 * 60 * SECOND;

/** Tells that an action was triggered, and what became of it. Contract: events 9.3. */
export async function tellOutcome(
  unit: WorkUnit,
  message: ActionMessage,
  outcome: 'executed' | 'failed',
  { details, related }: ActionResult,
): Promise<void> {
  const { automation, firing, action, action_index, triggering_event: event } = message;
  const occurred = parseTimestamp(message.triggered) ?? unit.now;
  const id = uuid7(unit.now / 1000);
  const common = {
    resource: { ...automationLabels(automation, firing.trigger), 'prefect.trigger-type': firing.trigger.type },
    related: [
      ...related,
      eventResource(message.automation_triggered_event_id, 'automation-triggered-event'),
      ...(event ? [eventResource(event.id, 'triggering-event')] : []),
    ],
  };
  const payload = { action_index, action_type: action.type, invocation: message.id };
  const follows = event && Math.abs(occurred - (parseTimestamp(event.occurred) ?? 0)) < TIGHT ? event.id : null;
  const name = 'prefect.automation.action';
  const triggered: NewEvent = { ...common, id, occurred, event: `${name}.triggered`, payload, follows };
  await unit.emit(triggered, { ...common, event: `${name}.${outcome}`, payload: { ...payload, ...details }, follows: id });
}

function eventResource(id: string, role: string): ResourceLabels {
  return { 'prefect.resource.id': `prefect.event.${id}`, 'prefect.resource.role': role };
}
