import { type Micros, parseTimestamp, SECOND } from '@prefect-ts/protocol';
import type { CompositeTrigger, Trigger, TriggeringEvent } from './triggers.ts';

/** That a trigger fired, as actions and templates see it. */
export interface Firing {
  readonly id: string;
  readonly trigger: Trigger;
  readonly trigger_states: readonly ['Triggered'];
  readonly triggered: string;
  readonly triggering_labels: Readonly<Record<string, string>>;
  readonly triggering_firings: readonly Firing[];
  readonly triggering_event: TriggeringEvent | null;
  readonly triggering_value: null;
}

/** What a composite remembers after one of its triggers fired, and the firings that made it fire. */
export interface CompositeEvaluation {
  readonly kept: readonly Firing[];
  readonly fires: readonly Firing[] | undefined;
}

/**
 * Shows a firing to the compound or sequence around its trigger. Contract: events 8.7.
 *
 * @param stored the latest firings of its triggers, at most one of each.
 */
export function onChildFiring(composite: CompositeTrigger, stored: readonly Firing[], firing: Firing): CompositeEvaluation {
  const expected = expectedFirings(composite);
  if (expected <= 1) return { kept: stored, fires: [firing] };
  const earliest = composite.within === null ? Number.NEGATIVE_INFINITY : timeOf(firing) - composite.within * SECOND;
  const kept = [...stored.filter(({ trigger }) => trigger.id !== firing.trigger.id), firing].filter(
    (each) => timeOf(each) >= earliest,
  );
  kept.sort((a, b) => timeOf(a) - timeOf(b));
  return isComplete(composite, kept, expected) ? { kept: [], fires: kept } : { kept, fires: undefined };
}

function isComplete(composite: CompositeTrigger, firings: readonly Firing[], expected: number): boolean {
  if (composite.type === 'compound') return firings.length >= expected;
  return (
    firings.length === composite.triggers.length && composite.triggers.every(({ id }, index) => id === firings[index]?.trigger.id)
  );
}

function expectedFirings(composite: CompositeTrigger): number {
  if (composite.type === 'sequence' || composite.require === 'all') return composite.triggers.length;
  return composite.require === 'any' ? 1 : composite.require;
}

function timeOf({ triggered }: Firing): Micros {
  return parseTimestamp(triggered) ?? 0;
}
