import { useQuery } from '@tanstack/react-query';
import { CalendarClock, X } from 'lucide-react';
import { useCallback, useState } from 'react';
import { eventGroups } from '../../api/event-queries.ts';
import { EVENT_PREFIXES } from '../../events/resources.ts';
import {
  DEFAULT_EVENT_WINDOW,
  type EventSearch,
  type EventWindow,
  isNarrowed,
  parseStretch,
} from '../../filters/event-search.ts';
import { Button } from '../../widgets/button.tsx';
import { type Choice, SearchField, Select, Switch } from '../../widgets/fields.tsx';
import { FilterMenu } from '../../widgets/filter-menu.tsx';
import { formatInstant } from '../../widgets/time-text.ts';
import { useDebouncedText } from '../../widgets/use-debounced.ts';

const WINDOWS: readonly Choice<EventWindow>[] = [
  { id: '-1h', title: 'Last hour' },
  { id: '-24h', title: 'Last 24 hours' },
  { id: '-7d', title: 'Last 7 days' },
  { id: '-30d', title: 'Last 30 days' },
];

/** The chips over the events. What they choose is in the URL. */
export function EventFilterBar({ search, onChange }: { search: EventSearch; onChange: (search: EventSearch) => void }) {
  const set = useCallback(
    (next: { [Key in keyof EventSearch]?: EventSearch[Key] | undefined }) => onChange({ ...search, ...next } as EventSearch),
    [search, onChange],
  );
  const [text, setText] = useDebouncedText(
    search.q ?? '',
    useCallback((q: string) => set({ q: q.trim() || undefined }), [set]),
  );
  return (
    <search className="mb-4 flex flex-wrap items-center gap-2">
      <SearchField
        label="Search the events"
        placeholder="Words, -without, &quot;a phrase&quot;"
        value={text}
        onChange={setText}
      />
      <NameChoice search={search} set={set} />
      <ResourceChoice search={search} set={set} />
      {search.at ? (
        <StretchChip at={search.at} onClear={() => set({ at: undefined })} />
      ) : (
        <Select label="Time" choices={WINDOWS} value={search.in ?? DEFAULT_EVENT_WINDOW} onChange={(id) => set({ in: id })} />
      )}
      <Switch isSelected={search.heartbeats === 'show'} onChange={(on) => set({ heartbeats: on ? 'show' : undefined })}>
        Heartbeats
      </Switch>
      {isNarrowed(search) && (
        <Button
          kind="quiet"
          icon={<X size={14} aria-hidden />}
          onPress={() => onChange({ ...(search.in ? { in: search.in } : {}), ...(search.at ? { at: search.at } : {}) })}
        >
          Clear
        </Button>
      )}
    </search>
  );
}

interface ChoiceProps {
  search: EventSearch;
  set: (next: { [Key in keyof EventSearch]?: EventSearch[Key] | undefined }) => void;
}

/** What choices are counted over: all that happened in the time shown. */
function timeOf({ in: window, at }: EventSearch): EventSearch {
  return { ...(window ? { in: window } : {}), ...(at ? { at } : {}) };
}

function NameChoice({ search, set }: ChoiceProps) {
  const [opened, setOpened] = useState(false);
  const query = useQuery({ ...eventGroups('event', { ...timeOf(search), heartbeats: 'show' }), enabled: opened });
  const choices = [
    ...EVENT_PREFIXES.map(({ prefix, title }) => ({ id: `${prefix}*`, title })),
    ...(query.data ?? []).map(({ value }) => ({ id: value, title: value })),
  ];
  return (
    <FilterMenu
      label="Event"
      choices={choices}
      selected={search.event ?? []}
      onChange={(ids) => set({ event: ids.length > 0 ? ids : undefined })}
      onOpen={() => setOpened(true)}
      loading={query.isPending}
    />
  );
}

/** More than these would be no menu any more; the search field finds the others. */
const MOST_RESOURCES = 200;

function ResourceChoice({ search, set }: ChoiceProps) {
  const [opened, setOpened] = useState(false);
  const query = useQuery({ ...eventGroups('resource', timeOf(search)), enabled: opened });
  return (
    <FilterMenu
      label="Resource"
      choices={(query.data ?? []).slice(0, MOST_RESOURCES).map(({ value, label }) => ({
        id: value,
        title: label === value ? value : `${label} (${value.replace(/^prefect\./, '').replace(/\..*$/s, '')})`,
      }))}
      selected={search.resource ?? []}
      onChange={(ids) => set({ resource: ids.length > 0 ? ids : undefined })}
      onOpen={() => setOpened(true)}
      loading={query.isPending}
    />
  );
}

function StretchChip({ at, onClear }: { at: string; onClear: () => void }) {
  const stretch = parseStretch(at);
  if (!stretch) return null;
  return (
    <span className="inline-flex min-h-8 items-center gap-1.5 rounded-md border border-accent/40 bg-accent-soft ps-2.5 pe-1 text-sm text-accent-fg">
      <CalendarClock size={13} aria-hidden className="shrink-0" />
      {formatInstant(stretch.from)} – {formatInstant(stretch.to)}
      <Button
        kind="quiet"
        onPress={onClear}
        aria-label="Back to a window that moves with time"
        icon={<X size={13} aria-hidden />}
      />
    </span>
  );
}
