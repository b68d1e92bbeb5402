import type { StateType } from '@prefect-ts/protocol';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useCallback, useState } from 'react';
import { deployments, flows, workPools } from '../api/queries.ts';
import { Button } from '../widgets/button.tsx';
import { type Choice, SearchField, Select } from '../widgets/fields.tsx';
import { FilterMenu } from '../widgets/filter-menu.tsx';
import { StateGlyph } from '../widgets/state-badge.tsx';
import { useDebouncedText } from '../widgets/use-debounced.ts';
import {
  DEFAULT_WINDOW,
  isNarrowed,
  RUN_STATES,
  type RunFilter,
  type RunSort,
  type RunState,
  type RunWindow,
} from './run-filter.ts';
import { TagFilter } from './tag-filter.tsx';

const WINDOWS: readonly Choice<RunWindow>[] = [
  { id: '-1h', title: 'Last hour' },
  { id: '-24h', title: 'Last 24 hours' },
  { id: '-7d', title: 'Last 7 days' },
  { id: '-30d', title: 'Last 30 days' },
  { id: '+24h', title: 'Next 24 hours' },
  { id: '+7d', title: 'Next 7 days' },
  { id: 'all', title: 'All time' },
];

const SORTS: readonly Choice<RunSort>[] = [
  { id: 'newest', title: 'Newest first' },
  { id: 'oldest', title: 'Oldest first' },
  { id: 'ended', title: 'Last ended first' },
  { id: 'name', title: 'By name' },
];

const STATES: readonly Choice<string>[] = RUN_STATES.map((state) => {
  const title = state[0]?.toUpperCase() + state.slice(1);
  const type = (state === 'late' ? 'SCHEDULED' : state.toUpperCase()) as StateType;
  return { id: state, title, icon: <StateGlyph type={type} name={title} /> };
});

/** The chips over a list of runs. What they choose is in the URL, so `onChange` navigates. */
export function RunFilterBar({ filter, onChange }: { filter: RunFilter; onChange: (filter: RunFilter) => void }) {
  const set = useCallback(
    (change: { [Key in keyof RunFilter]?: RunFilter[Key] | undefined }) => onChange({ ...filter, ...change } as RunFilter),
    [filter, onChange],
  );
  const [name, setName] = useDebouncedText(
    filter.name ?? '',
    useCallback((text: string) => set({ name: text || undefined }), [set]),
  );
  return (
    <search className="mb-4 flex flex-wrap items-center gap-2">
      <SearchField label="Search runs by name" placeholder="Run name" value={name} onChange={setName} />
      <FilterMenu
        label="State"
        choices={STATES}
        selected={filter.state ?? []}
        onChange={(ids) => set({ state: ids.length > 0 ? (ids as RunState[]) : undefined })}
      />
      <FlowChoice filter={filter} set={set} />
      <DeploymentChoice filter={filter} set={set} />
      <PoolChoice filter={filter} set={set} />
      <TagFilter tags={filter.tag ?? []} onChange={(tag) => set({ tag: tag.length > 0 ? tag : undefined })} />
      <Select label="Time" choices={WINDOWS} value={filter.in ?? DEFAULT_WINDOW} onChange={(id) => set({ in: id })} />
      <Select label="Order" choices={SORTS} value={filter.sort ?? 'newest'} onChange={(id) => set({ sort: id })} />
      {isNarrowed(filter) && (
        <Button
          kind="quiet"
          icon={<X size={14} aria-hidden />}
          onPress={() => onChange({ ...(filter.in ? { in: filter.in } : {}) })}
        >
          Clear
        </Button>
      )}
    </search>
  );
}

interface ChoiceProps {
  filter: RunFilter;
  set: (change: { [Key in keyof RunFilter]?: RunFilter[Key] | undefined }) => void;
}

function FlowChoice({ filter, set }: ChoiceProps) {
  const [opened, setOpened] = useState(false);
  const query = useInfiniteQuery({ ...flows(''), enabled: opened });
  return (
    <FilterMenu
      label="Flow"
      choices={(query.data?.pages ?? []).flatMap((page) => page.results).map(({ name }) => ({ id: name, title: name }))}
      selected={filter.flow ?? []}
      onChange={(ids) => set({ flow: ids.length > 0 ? ids : undefined })}
      onOpen={() => setOpened(true)}
      loading={query.isPending}
    />
  );
}

function DeploymentChoice({ filter, set }: ChoiceProps) {
  const [opened, setOpened] = useState(false);
  const query = useInfiniteQuery({ ...deployments({}), enabled: opened });
  const choices = (query.data?.pages ?? [])
    .flatMap((page) => page.results)
    .map((row) => `${row.flow_name}/${row.name}`)
    .map((id) => ({ id, title: id }));
  return (
    <FilterMenu
      label="Deployment"
      single
      choices={choices}
      selected={filter.deployment ? [filter.deployment] : []}
      onChange={([id]) => set({ deployment: id })}
      onOpen={() => setOpened(true)}
      loading={query.isPending}
    />
  );
}

function PoolChoice({ filter, set }: ChoiceProps) {
  const [opened, setOpened] = useState(false);
  const query = useQuery({ ...workPools(), enabled: opened });
  return (
    <FilterMenu
      label="Work pool"
      choices={(query.data?.results ?? []).map(({ name }) => ({ id: name, title: name }))}
      selected={filter.pool ?? []}
      onChange={(ids) => set({ pool: ids.length > 0 ? ids : undefined })}
      onOpen={() => setOpened(true)}
      loading={query.isPending}
    />
  );
}
