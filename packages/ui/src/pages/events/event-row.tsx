import type { ReceivedEvent } from '@prefect-ts/protocol';
import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronRight } from 'lucide-react';
import type { Burst } from '../../events/bursts.ts';
import { ResourceLink } from '../../events/resource-link.tsx';
import { eventLink } from '../../events/resources.ts';
import { RelativeTime } from '../../widgets/time.tsx';

const ROLES = ['flow', 'deployment', 'work-pool', 'flow-run'];

/** An event in a list: when, what, about what. */
export function EventRow({ event, inside }: { event: ReceivedEvent; inside?: boolean }) {
  const related = ROLES.flatMap((role) => event.related.filter((labels) => labels['prefect.resource.role'] === role).slice(0, 1));
  return (
    <div
      className={`relative grid min-h-11 grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 py-2 pe-4 transition-colors duration-100 hover:bg-surface-2 lg:grid-cols-[minmax(12rem,2fr)_minmax(10rem,2fr)_minmax(8rem,2fr)_6rem] ${inside ? 'ps-10' : 'ps-4'}`}
    >
      <Link
        {...eventLink(event)}
        className="truncate font-mono text-sm outline-offset-[-2px] after:absolute after:inset-0 after:content-['']"
      >
        {event.event}
      </Link>
      <span className="order-last col-span-2 flex min-w-0 text-sm lg:order-none lg:col-span-1">
        <ResourceLink labels={event.resource} />
      </span>
      <span className="hidden min-w-0 gap-4 text-sm lg:flex">
        {related.slice(0, 2).map((labels) => (
          <ResourceLink key={labels['prefect.resource.id']} labels={labels} quiet />
        ))}
      </span>
      <span className="text-end text-sm text-text-2">
        <RelativeTime at={event.occurred} />
      </span>
    </div>
  );
}

/** Many events of the same name in a row: one line that opens. */
export function BurstRow({ burst, open, onToggle }: { burst: Burst; open: boolean; onToggle: () => void }) {
  const [latest] = burst.events;
  if (!latest) return null;
  const resources = new Set(burst.events.map((event) => event.resource['prefect.resource.id'])).size;
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <>
      <button
        type="button"
        onClick={onToggle}
        aria-expanded={open}
        className="grid min-h-11 w-full cursor-pointer grid-cols-[1fr_auto] items-center gap-x-4 py-2 ps-4 pe-4 text-start outline-offset-[-2px] transition-colors duration-100 hover:bg-surface-2 lg:grid-cols-[minmax(12rem,2fr)_minmax(18rem,4fr)_6rem]"
      >
        <span className="flex min-w-0 items-center gap-1.5">
          <Chevron size={14} aria-hidden className="-ms-1 shrink-0 text-text-2" />
          <span className="truncate font-mono text-sm">{latest.event}</span>
          <span className="tabular shrink-0 rounded-full bg-surface-2 px-1.5 text-xs text-text-2">× {burst.events.length}</span>
        </span>
        <span className="hidden text-sm text-text-2 lg:inline">
          {resources === 1 ? 'one resource' : `${resources} resources`}
        </span>
        <span className="text-end text-sm text-text-2">
          <RelativeTime at={latest.occurred} />
        </span>
      </button>
      {open && (
        <ul className="divide-y border-t bg-bg">
          {burst.events.map((event) => (
            <li key={event.id}>
              <EventRow event={event} inside />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
