import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { scheduleDates } from '../api/queries.ts';
import { RelativeTime } from '../widgets/time.tsx';
import { millisOf } from '../widgets/time-text.ts';

const REST_MS = 300;

/** When a schedule comes due next, by its own clocks, as the server reckons; or what is wrong with it. */
export function ScheduleDates({ schedule, count = 6 }: { schedule: object | undefined; count?: number }) {
  const rested = useRested(schedule && JSON.stringify(schedule));
  const query = useQuery({ ...scheduleDates(rested ?? '{}', count), enabled: rested !== undefined });
  if (schedule === undefined) return <p className="text-sm text-text-2">Fill in the schedule to see when it comes due.</p>;
  if (query.isError) return <p className="text-sm break-words text-failed-fg">{plainProblem(query.error.message)}</p>;
  if (!query.data)
    return (
      <div role="status" aria-label="Loading" className="space-y-2.5 py-1">
        {Array.from({ length: count }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all the same
          <div key={index} className="skeleton h-3 w-3/4" />
        ))}
      </div>
    );
  if (query.data.dates.length === 0) return <p className="text-sm text-text-2">It does not come due any more.</p>;
  const zone = zoneOf(schedule);
  return (
    <ol aria-label="Next dates" className="space-y-1 text-sm">
      {query.data.dates.map((date) => (
        <li key={date} className="flex items-baseline justify-between gap-4">
          <span className="tabular">{inZone(date, zone)}</span>
          <RelativeTime at={date} className="text-xs text-text-2" />
        </li>
      ))}
    </ol>
  );
}

/** What stands before the words of the server says where in the request, which nobody here wrote. */
function plainProblem(message: string): string {
  return message.replace(/^schedule(\.\w+)?: /, '').replace(/^Value error, /, '');
}

function zoneOf(schedule: object): string {
  return 'timezone' in schedule && typeof schedule.timezone === 'string' ? schedule.timezone : 'UTC';
}

function inZone(date: string, timeZone: string): string {
  const at = millisOf(date);
  if (at === undefined) return date;
  try {
    return new Intl.DateTimeFormat('en-GB', {
      weekday: 'short',
      day: '2-digit',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: at % 60_000 === 0 ? undefined : '2-digit',
      timeZone,
      timeZoneName: 'short',
    }).format(at);
  } catch {
    return date;
  }
}

/** A value once it has not changed for a moment. */
function useRested(value: string | undefined): string | undefined {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
