import type { UiSearchResult } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowRight, CornerDownLeft, Keyboard, Moon, Play, Plus, Search, Sun, Zap } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useOfferedActions } from '../actions/page-actions.ts';
import { search } from '../api/queries.ts';
import { ResourceIcon } from '../events/resource-link.tsx';
import { setPreferences } from '../widgets/preferences.ts';
import { StateGlyph } from '../widgets/state-badge.tsx';
import { useDebouncedText } from '../widgets/use-debounced.ts';
import { GO_KEYS } from './go-keys.ts';

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly keys?: string | undefined;
  readonly icon: ReactNode;
  run(): void;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly entries: readonly Entry[];
}

const SEARCH_MS = 80;

/** One field for everything: go to a page, find an object of any kind, do what the page offers. */
export default function Palette({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const [asked, setAsked] = useState('');
  const [text, setText] = useDebouncedText(asked, setAsked, SEARCH_MS);
  const found = useQuery(search(asked));
  const sections = useSections(text, asked === '' ? NOTHING : (found.data ?? NOTHING), onKeys);
  const entries = sections.flatMap((section) => section.entries);
  const [chosen, setChosen] = useState<string>();
  // What was chosen stays so while it is there; else it is the first.
  const active = entries.find(({ id }) => id === chosen) ?? entries[0];
  const listId = useId();
  const optionId = (id: string) => `${listId}-${entries.findIndex((entry) => entry.id === id)}`;
  const run = (entry: Entry) => {
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const place = active ? entries.indexOf(active) : -1;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && entries.length > 0) {
      event.preventDefault();
      setChosen(entries[(place + step + entries.length) % entries.length]?.id);
    } else if (event.key === 'Enter' && active) {
      event.preventDefault();
      run(active);
    }
  };
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="fixed inset-0 z-50 flex items-start justify-center bg-[rgb(0_0_0/0.4)] p-2 sm:p-6 sm:pt-[12vh]"
    >
      <Modal className="animate-layer w-full max-w-xl overflow-hidden rounded-lg border bg-surface shadow-2">
        <Dialog aria-label="Search or do anything" className="outline-none">
          <div className="relative border-b">
            <Search size={16} aria-hidden className="pointer-events-none absolute start-4 top-1/2 -translate-y-1/2 text-text-2" />
            <input
              role="combobox"
              aria-label="Search or do anything"
              aria-expanded
              aria-controls={listId}
              aria-activedescendant={active && optionId(active.id)}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setChosen(undefined);
              }}
              onKeyDown={onKeyDown}
              placeholder="A page, a run, a flow, an id, an action…"
              className="h-12 w-full bg-transparent ps-11 pe-4 text-base outline-none placeholder:text-text-2"
            />
          </div>
          <div id={listId} role="listbox" aria-label="What was found" className="max-h-[60vh] overflow-y-auto p-1.5">
            {sections.map((section) => (
              // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a listbox
              <div key={section.id} role="group" aria-label={section.title} className="pb-1.5">
                <p aria-hidden className="px-2.5 pt-1.5 pb-1 text-xs font-medium text-text-2">
                  {section.title}
                </p>
                {section.entries.map((entry) => (
                  <Option
                    key={entry.id}
                    id={optionId(entry.id)}
                    entry={entry}
                    active={entry === active}
                    onPoint={() => setChosen(entry.id)}
                    onRun={() => run(entry)}
                  />
                ))}
              </div>
            ))}
          </div>
          {entries.length === 0 && (
            <p role="status" className="px-3 pt-2 pb-6 text-center text-sm break-words text-text-2">
              {found.isFetching || asked !== text ? 'Looking…' : `Nothing is called “${text}”.`}
            </p>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Option({
  id,
  entry,
  active,
  onPoint,
  onRun,
}: {
  id: string;
  entry: Entry;
  active: boolean;
  onPoint: () => void;
  onRun: () => void;
}) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field, which says which option is meant
    <div
      ref={ref}
      id={id}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      onClick={onRun}
      onPointerMove={onPoint}
      className={`flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm ${active ? 'bg-accent-soft text-accent-fg' : ''}`}
    >
      <span className="flex w-4 shrink-0 justify-center">{entry.icon}</span>
      <span className="truncate">{entry.title}</span>
      {entry.detail && <span className={`truncate text-xs ${active ? '' : 'text-text-2'}`}>{entry.detail}</span>}
      <span className="flex-1" />
      {entry.keys && <kbd className="shrink-0 rounded-sm border px-1.5 font-sans text-[11px]">{entry.keys}</kbd>}
      {active && <CornerDownLeft size={13} aria-hidden className="shrink-0" />}
    </div>
  );
}

const NOTHING: readonly UiSearchResult[] = [];

const KIND_WORDS: Readonly<Record<UiSearchResult['kind'], string>> = {
  flow: 'Flow',
  deployment: 'Deployment',
  'work-pool': 'Work pool',
  automation: 'Automation',
  'flow-run': 'Flow run',
  'task-run': 'Task run',
};

function useSections(text: string, results: readonly UiSearchResult[], onKeys: () => void): Section[] {
  const navigate = useNavigate();
  const offered = useOfferedActions();
  return useMemo(() => {
    const wanted = text.trim().toLowerCase();
    const matches = ({ title }: Entry) =>
      wanted === '' || wanted.split(/\s+/).every((word) => title.toLowerCase().includes(word));
    const go = GO_KEYS.map(
      ({ key, to, title }): Entry => ({
        id: `go ${to}`,
        title: `Go to ${title}`,
        keys: `g ${key}`,
        icon: <ArrowRight size={14} aria-hidden />,
        run: () => void navigate({ to }),
      }),
    );
    const here = offered.map(
      (action): Entry => ({
        id: `do ${action.id}`,
        title: action.title,
        keys: action.shortcut,
        icon: <Zap size={14} aria-hidden />,
        run: action.run,
      }),
    );
    const always: Entry[] = [
      {
        id: 'new-automation',
        title: 'New automation',
        icon: <Plus size={14} aria-hidden />,
        run: () => void navigate({ to: '/automations/create' }),
      },
      { id: 'light', title: 'Light theme', icon: <Sun size={14} aria-hidden />, run: () => setPreferences({ theme: 'light' }) },
      { id: 'dark', title: 'Dark theme', icon: <Moon size={14} aria-hidden />, run: () => setPreferences({ theme: 'dark' }) },
      { id: 'keys', title: 'Keyboard shortcuts', keys: '?', icon: <Keyboard size={14} aria-hidden />, run: onKeys },
    ];
    const objects = results.flatMap((result): Entry[] => [
      {
        id: `${result.kind} ${result.id}`,
        title: result.name,
        detail: [KIND_WORDS[result.kind], result.detail].filter(Boolean).join(' · '),
        icon: result.state_type ? (
          <StateGlyph type={result.state_type} name={result.state_name} />
        ) : (
          <ResourceIcon kind={result.kind} />
        ),
        run: () => openResult(result, navigate),
      },
      ...(result.kind === 'deployment'
        ? [
            {
              id: `run ${result.id}`,
              title: `Run ${result.name}…`,
              detail: result.detail ?? undefined,
              icon: <Play size={14} aria-hidden />,
              run: () => void navigate({ to: '/deployments/deployment/$id/run', params: { id: result.id } }),
            },
          ]
        : []),
    ]);
    return [
      { id: 'here', title: 'On this page', entries: here.filter(matches) },
      { id: 'found', title: 'Found', entries: objects },
      { id: 'go', title: 'Go to', entries: go.filter(matches) },
      { id: 'always', title: 'Do', entries: always.filter(matches) },
    ].filter(({ entries }) => entries.length > 0);
  }, [text, results, navigate, offered, onKeys]);
}

function openResult({ kind, id, name }: UiSearchResult, navigate: ReturnType<typeof useNavigate>): void {
  switch (kind) {
    case 'flow':
      return void navigate({ to: '/flows/flow/$id', params: { id } });
    case 'deployment':
      return void navigate({ to: '/deployments/deployment/$id', params: { id } });
    case 'work-pool':
      return void navigate({ to: '/work-pools/work-pool/$name', params: { name } });
    case 'automation':
      return void navigate({ to: '/automations/automation/$id', params: { id } });
    case 'flow-run':
      return void navigate({ to: '/runs/flow-run/$id', params: { id } });
    case 'task-run':
      return void navigate({ to: '/runs/task-run/$id', params: { id } });
  }
}
