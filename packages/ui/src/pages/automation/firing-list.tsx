import type { ReceivedEvent, UiAutomation } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleX, Zap } from 'lucide-react';
import { FAILED, firings } from '../../api/automation-queries.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import { actionKind } from '../../automations/action-kinds.ts';
import { ResourceLink } from '../../events/resource-link.tsx';
import { eventLink, type Labels } from '../../events/resources.ts';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { RelativeTime } from '../../widgets/time.tsx';

interface Firing {
  readonly event: ReceivedEvent;
  readonly outcomes: readonly ReceivedEvent[];
}

/** What an automation did in the last seven days, the last firing on top. */
export function FiringList({ automation: { id } }: { automation: UiAutomation }) {
  const query = useQuery(firings(id));
  useRefreshOn(
    { topic: 'events', filter: { event: { prefix: ['prefect.automation.'] }, resource: { id: [`prefect.automation.${id}`] } } },
    ['firings', id],
    query.data ? null : undefined,
  );
  return (
    <section className="card" aria-label="Firings">
      <div className="flex items-baseline justify-between gap-4 border-b px-4 py-2.5">
        <h2 className="text-sm font-semibold">Firings</h2>
        <Link
          to="/events"
          search={{ resource: [`prefect.automation.${id}`], in: '-7d' }}
          className="text-sm text-accent-fg hover:underline"
        >
          All its events
        </Link>
      </div>
      {query.isPending && <SkeletonRows count={3} />}
      {query.isError && !query.data && (
        <ErrorState title="The firings could not be loaded" error={query.error} retry={() => void query.refetch()} />
      )}
      {query.data && <Firings events={query.data.events} />}
    </section>
  );
}

function Firings({ events }: { events: readonly ReceivedEvent[] }) {
  const list = gatherFirings(events);
  if (list.length === 0)
    return (
      <EmptyState icon={<Zap size={20} aria-hidden />} title="Not fired in the last seven days">
        It shows here when it fires. “Edit” can try it against what has happened.
      </EmptyState>
    );
  return (
    <ul className="divide-y">
      {list.map((firing) => (
        <FiringRow key={firing.event.id} firing={firing} />
      ))}
    </ul>
  );
}

function FiringRow({ firing: { event, outcomes } }: { firing: Firing }) {
  const cause = triggeringEvent(event);
  return (
    <li className="px-4 py-2.5 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link {...eventLink(event)} className="font-medium hover:underline">
          Fired <RelativeTime at={event.occurred} />
        </Link>
        {cause ? (
          <span className="inline-flex min-w-0 flex-wrap items-center gap-x-2 text-text-2">
            <Link {...eventLink(cause)} className="font-mono text-xs break-all hover:underline">
              {cause.event}
            </Link>
            <ResourceLink labels={cause.resource} />
          </span>
        ) : (
          <span className="text-text-2">because something did not happen</span>
        )}
      </div>
      {outcomes.length > 0 && (
        <ul className="mt-1.5 space-y-1">
          {outcomes.map((outcome) => (
            <Outcome key={outcome.id} outcome={outcome} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Outcome({ outcome }: { outcome: ReceivedEvent }) {
  const failed = outcome.event === FAILED;
  const type = String(outcome.payload.action_type);
  const reason = outcome.payload.reason;
  const Icon = failed ? CircleX : CircleCheck;
  return (
    <li className="flex items-start gap-2 ps-1">
      <Icon size={15} aria-hidden className={`mt-0.5 shrink-0 ${failed ? 'text-failed-fg' : 'text-completed-fg'}`} />
      <span className="min-w-0">
        <Link {...eventLink(outcome)} className="hover:underline">
          {actionKind(type)?.title ?? type}: {failed ? 'failed' : 'done'}
        </Link>
        {typeof reason === 'string' && <span className="block break-words text-text-2">{reason}</span>}
      </span>
    </li>
  );
}

/** Puts what became of actions below the firing that asked for them. */
function gatherFirings(events: readonly ReceivedEvent[]): Firing[] {
  const outcomes = events.filter(({ event }) => event !== 'prefect.automation.triggered');
  return events
    .filter(({ event }) => event === 'prefect.automation.triggered')
    .map((event) => ({
      event,
      outcomes: outcomes
        .filter(({ related }) => related.some((labels) => labels['prefect.resource.id'] === `prefect.event.${event.id}`))
        .sort((a, b) => Number(a.payload.action_index) - Number(b.payload.action_index)),
    }));
}

interface Cause {
  readonly id: string;
  readonly event: string;
  readonly occurred: string;
  readonly resource: Labels;
}

/** The event that made a trigger fire, as the firing tells of it. */
function triggeringEvent({ payload }: ReceivedEvent): Cause | undefined {
  const cause = payload.triggering_event;
  if (typeof cause !== 'object' || cause === null || !('id' in cause) || !('event' in cause) || !('occurred' in cause))
    return undefined;
  const resource = 'resource' in cause && typeof cause.resource === 'object' ? (cause.resource as Labels | null) : null;
  return { id: String(cause.id), event: String(cause.event), occurred: String(cause.occurred), resource: resource ?? {} };
}
