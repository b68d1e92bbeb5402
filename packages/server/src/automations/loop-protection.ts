import type { LabelPatterns } from '../events/label-patterns.ts';
import type { AutomationContent } from './automations.ts';
import type { EventTrigger } from './triggers.ts';

const EARLY_STATES = ['prefect.flow-run.Scheduled', 'prefect.flow-run.Pending', 'prefect.flow-run.Running', 'prefect.flow-run.*'];

const INFERRED =
  "Running an inferred deployment from a flow run state change event will lead to an infinite loop of flow runs.  Please choose a specific deployment and add additional filtering labels to the match or match_related for this automation's trigger.";
const SELECTED =
  "Running a selected deployment from a flow run state change event may lead to an infinite loop of flow runs.  Please include additional filtering labels on either match or match_related to narrow down which flow runs will trigger this automation to exclude flow runs from the deployment you've selected.";

/** Says why an automation would make runs that make it run again, if it would. Contract: events 7.3. */
export function loopProblem({
  enabled,
  trigger,
  actions,
}: Pick<AutomationContent, 'enabled' | 'trigger' | 'actions'>): string | undefined {
  if (!enabled || trigger.type !== 'event' || trigger.posture !== 'Reactive') return undefined;
  if (!trigger.expect.some((name) => EARLY_STATES.includes(name))) return undefined;
  const sources = actions.flatMap((action) => (action.type === 'run-deployment' ? [action.source] : []));
  if (sources.includes('inferred')) return INFERRED;
  return sources.includes('selected') && concernsEveryRun(trigger as EventTrigger) ? SELECTED : undefined;
}

function concernsEveryRun({ match, match_related: related }: EventTrigger): boolean {
  const specifications = Array.isArray(related) ? (related as LabelPatterns[]) : [related as LabelPatterns];
  return isTrivial(match) && (specifications.length === 0 || specifications.some(isTrivial));
}

function isTrivial(patterns: LabelPatterns): boolean {
  const [first, ...others] = Object.entries(patterns);
  if (!first) return true;
  const [label, wanted] = first;
  const list = typeof wanted === 'string' ? [wanted] : wanted;
  return others.length === 0 && label === 'prefect.resource.id' && list.includes('prefect.flow-run.*');
}
