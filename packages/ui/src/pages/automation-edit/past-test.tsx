import type { AutomationTestFiring, EventCount } from '@prefect-ts/protocol';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { testFiring } from '../../api/automation-queries.ts';
import type { AutomationDraft } from '../../automations/draft.ts';
import { EventHistogram } from '../../events/event-histogram.tsx';
import { ResourceLink } from '../../events/resource-link.tsx';
import { eventLink } from '../../events/resources.ts';
import { Button } from '../../widgets/button.tsx';
import { type Choice, Select } from '../../widgets/fields.tsx';
import { FullTime } from '../../widgets/time.tsx';

const SPANS: readonly Choice<'1' | '24' | '168'>[] = [
  { id: '1', title: 'The last hour' },
  { id: '24', title: 'The last 24 hours' },
  { id: '168', title: 'The last 7 days' },
];
const SHOWN = 20;

/** Asks what the automation would have done, had it been there before. Nothing is done. */
export function PastTest({ draft }: { draft: AutomationDraft }) {
  const [hours, setHours] = useState<'1' | '24' | '168'>('24');
  const [tried, setTried] = useState<string>();
  const trigger = JSON.stringify(draft.trigger);
  const test = useMutation({ mutationFn: () => testFiring(draft, Number(hours)) });
  return (
    <section className="card xl:sticky xl:top-4" aria-label="Test against the past">
      <h2 className="border-b px-4 py-2.5 text-sm font-semibold">Test against the past</h2>
      <div className="space-y-3 p-4">
        <p className="text-sm text-text-2">How often would it have fired on what has happened? Nothing is done by asking.</p>
        <div className="flex flex-wrap gap-2">
          <Select label="Events of" choices={SPANS} value={hours} onChange={setHours} />
          <Button
            icon={<FlaskConical size={14} aria-hidden />}
            isDisabled={test.isPending}
            onPress={() => {
              setTried(trigger + hours);
              test.mutate();
            }}
          >
            Test
          </Button>
        </div>
        <div aria-live="polite">
          {test.isError && <p className="text-sm break-words text-failed-fg">{test.error.message}</p>}
          {test.data && <Result result={test.data} stale={tried !== trigger + hours} />}
        </div>
      </div>
    </section>
  );
}

function Result({ result, stale }: { result: AutomationTestFiring; stale: boolean }) {
  const times = result.count === 1 ? 'once' : `${result.count.toLocaleString('en')} times`;
  return (
    <div className={stale ? 'opacity-60' : ''}>
      <p className="text-sm">
        {result.count === 0 ? (
          <>It would not have fired.</>
        ) : (
          <>
            It would have fired <strong>{times}</strong>.
          </>
        )}{' '}
        <span className="text-text-2">
          {result.events.toLocaleString('en')} {result.events === 1 ? 'event concerns' : 'events concern'} it.
          {!result.complete && ' There was more than one look can take, so this is not all.'}
          {stale && ' The trigger has changed since.'}
        </span>
      </p>
      {result.count > 0 && (
        <div className="mt-3">
          <EventHistogram
            counts={bucketsOf(result)}
            stretch={{ from: Date.parse(result.since), to: Date.parse(result.until) }}
            noun="firing"
          />
        </div>
      )}
      <ul className="mt-2 divide-y">
        {result.firings.slice(0, SHOWN).map((firing, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: firings that never were have no id
          <li key={index} className="py-1.5 text-sm">
            <span className="text-text-2">
              <FullTime at={firing.triggered} />
            </span>
            {firing.triggering_event ? (
              <span className="flex min-w-0 flex-wrap items-center gap-x-2">
                <Link {...eventLink(firing.triggering_event)} className="font-mono text-xs break-all hover:underline">
                  {firing.triggering_event.event}
                </Link>
                <ResourceLink labels={firing.triggering_event.resource} />
              </span>
            ) : (
              <span className="block">because something did not happen</span>
            )}
          </li>
        ))}
      </ul>
      {result.count > SHOWN && <p className="pt-2 text-xs text-text-2">The first {SHOWN} of them.</p>}
    </div>
  );
}

const BUCKETS = 48;

/** Firings over time; those that the answer does not list are not drawn. */
function bucketsOf({ since, until, firings }: AutomationTestFiring): EventCount[] {
  const from = Date.parse(since);
  const span = (Date.parse(until) - from) / BUCKETS;
  return Array.from({ length: BUCKETS }, (_, index) => {
    const start = from + index * span;
    const count = firings.filter(({ triggered }) => {
      const at = Date.parse(triggered);
      return at >= start && at < start + span;
    }).length;
    const instants = { start_time: new Date(start).toISOString(), end_time: new Date(start + span).toISOString() };
    return { value: String(index), label: instants.start_time, count, ...instants };
  });
}
