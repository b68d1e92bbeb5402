import type { ReceivedEvent } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, Filter, SearchX, Zap } from 'lucide-react';
import { ApiError } from '../../api/client.ts';
import { eventNeighbours, oneEvent } from '../../api/event-queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { ResourceLink } from '../../events/resource-link.tsx';
import { describeResource, eventLink, type Labels } from '../../events/resources.ts';
import { CopyableId } from '../../widgets/copyable.tsx';
import { DefinitionList } from '../../widgets/definition-list.tsx';
import { JsonView } from '../../widgets/json-view.tsx';
import { PLAIN_LINK } from '../../widgets/link-look.ts';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { FullTime, RelativeTime } from '../../widgets/time.tsx';

const CRUMBS = [{ title: 'Events', link: { to: '/events' as const } }];
/** One event: what it is about, what it is related to, and what it carries. */
export function EventPage() {
  const { date, id } = useParams({ from: '/events/event/$date/$id' });
  const query = useQuery(oneEvent(date, id));
  if (query.data) return <LoadedEvent event={query.data} />;
  const missing = query.error instanceof ApiError && (query.error.status === 404 || query.error.status === 422);
  return (
    <>
      <PageHeader title="Event" tabTitle="Event" crumbs={CRUMBS} />
      <div className="card">
        {query.isPending && <SkeletonRows />}
        {query.isError && missing && (
          <EmptyState icon={<SearchX size={20} aria-hidden />} title="There is no such event">
            <p className="break-all">
              Nothing with the id {id} happened on {date}. Events are kept for a limited time.
            </p>
          </EmptyState>
        )}
        {query.isError && !missing && (
          <ErrorState title="The event could not be loaded" error={query.error} retry={() => void query.refetch()} />
        )}
      </div>
    </>
  );
}

function LoadedEvent({ event }: { event: ReceivedEvent }) {
  const resource = describeResource(event.resource);
  const isPlain = Object.keys(event.payload).length === 0;
  return (
    <>
      <PageHeader
        title={<span className="font-mono break-all">{event.event}</span>}
        tabTitle={`${event.event} · ${resource.name}`}
        crumbs={CRUMBS}
        actions={
          <>
            <Neighbours event={event} />
            <Link to="/events" search={{ event: [event.event], in: '-7d' }} className={PLAIN_LINK}>
              <Filter size={14} aria-hidden /> Events like this
            </Link>
            <Link
              to="/automations/create"
              search={{ event: event.event, ...(resource.id ? { resource: resource.id } : {}) }}
              className={PLAIN_LINK}
            >
              <Zap size={14} aria-hidden /> Make an automation
            </Link>
          </>
        }
      >
        <p className="mt-1 text-sm text-text-2">
          <FullTime at={event.occurred} /> · <RelativeTime at={event.occurred} />
        </p>
      </PageHeader>
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div className="space-y-4">
          <section className="card" aria-label="Resource">
            <h2 className="border-b px-4 py-2.5 text-sm font-semibold">{resource.words}</h2>
            <ResourceCard labels={event.resource} />
          </section>
          <section className="card" aria-label="Related resources">
            <h2 className="border-b px-4 py-2.5 text-sm font-semibold">Related</h2>
            {event.related.length === 0 && <p className="px-4 py-3 text-sm text-text-2">It is related to nothing else.</p>}
            <ul className="divide-y">
              {event.related.map((labels, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a resource may be related in more than one role
                <li key={index} className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 text-sm">
                  <span className="w-28 shrink-0 truncate text-text-2">{labels['prefect.resource.role']}</span>
                  <span className="flex min-w-0 flex-1">
                    <ResourceLink labels={labels} near={event.occurred} />
                  </span>
                  <FilterByLink labels={labels} />
                </li>
              ))}
            </ul>
          </section>
          <section className="card p-4" aria-label="About the event">
            <DefinitionList
              entries={[
                ['Id', <CopyableId key="id" id={event.id} />],
                ['Occurred', <FullTime key="occurred" at={event.occurred} />],
                ['Received', <FullTime key="received" at={event.received} />],
                [
                  'Follows',
                  event.follows && (
                    <Link
                      key="follows"
                      {...eventLink({ id: event.follows, occurred: event.occurred })}
                      className="font-mono text-xs text-accent-fg hover:underline"
                    >
                      {event.follows.slice(0, 8)}
                    </Link>
                  ),
                ],
              ]}
            />
          </section>
        </div>
        <section className="card min-w-0" aria-label="Payload">
          <h2 className="border-b px-4 py-2.5 text-sm font-semibold">Payload</h2>
          {isPlain ? (
            <p className="px-4 py-3 text-sm text-text-2">It carries nothing besides its name and its resources.</p>
          ) : (
            <div className="p-4">
              <JsonView value={event.payload} label="the payload" />
            </div>
          )}
        </section>
      </div>
    </>
  );
}

function ResourceCard({ labels }: { labels: Labels }) {
  const others = Object.entries(labels).filter(([label]) => label !== 'prefect.resource.id');
  return (
    <div className="space-y-3 p-4">
      <div className="flex items-center justify-between gap-4">
        <span className="flex min-w-0 font-medium">
          <ResourceLink labels={labels} />
        </span>
        <FilterByLink labels={labels} />
      </div>
      <p className="font-mono text-xs break-all text-text-2">{labels['prefect.resource.id']}</p>
      <DefinitionList
        entries={others.map(([label, value]) => [
          label.replace(/^prefect\./, ''),
          <span key={label} className="break-all">
            {value}
          </span>,
        ])}
      />
    </div>
  );
}

function FilterByLink({ labels }: { labels: Labels }) {
  const { id, name } = describeResource(labels);
  return (
    <Link
      to="/events"
      search={{ resource: [id], in: '-7d' }}
      className="shrink-0 rounded-sm text-sm text-accent-fg hover:underline"
    >
      Its events<span className="sr-only"> ({name})</span>
    </Link>
  );
}

/** The way to what happened to the same resource before and after. */
function Neighbours({ event }: { event: ReceivedEvent }) {
  const { data } = useQuery(eventNeighbours(event));
  return (
    <>
      {data?.before && (
        <Link {...eventLink(data.before)} className={PLAIN_LINK} title={data.before.event}>
          <ChevronLeft size={14} aria-hidden /> Before
        </Link>
      )}
      {data?.after && (
        <Link {...eventLink(data.after)} className={PLAIN_LINK} title={data.after.event}>
          After <ChevronRight size={14} aria-hidden />
        </Link>
      )}
    </>
  );
}
