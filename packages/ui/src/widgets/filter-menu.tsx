import { Check, ListFilter, Search } from 'lucide-react';
import {
  Autocomplete,
  Button,
  DialogTrigger,
  Input,
  Menu,
  MenuItem,
  Popover,
  SearchField,
  useFilter,
} from 'react-aria-components';
import { classNames } from './class-names.ts';
import { type Choice, INPUT_LOOK } from './fields.tsx';

/** A chip that narrows a list: opens the choices, with a search over them, and tells what is chosen. */
export function FilterMenu({
  label,
  choices,
  selected,
  onChange,
  single,
  onOpen,
  loading,
}: {
  label: string;
  choices: readonly Choice<string>[];
  selected: readonly string[];
  onChange: (ids: string[]) => void;
  single?: boolean;
  onOpen?: () => void;
  loading?: boolean;
}) {
  const { contains } = useFilter({ sensitivity: 'base' });
  const active = selected.length > 0;
  const titles = selected.map((id) => choices.find((choice) => choice.id === id)?.title ?? id);
  return (
    <DialogTrigger onOpenChange={(open) => open && onOpen?.()}>
      <Button
        className={classNames(
          'inline-flex h-8 pointer-coarse:h-11 max-w-72 cursor-pointer items-center gap-1.5 rounded-md border px-2.5 text-sm shadow-1',
          active ? 'border-accent/40 bg-accent-soft text-accent-fg' : 'bg-surface hover:bg-surface-2',
        )}
      >
        {!active && <ListFilter size={13} aria-hidden className="text-text-2" />}
        <span className={active ? 'shrink-0' : ''}>{label}</span>
        {active && <span className="truncate font-medium">{titles.join(', ')}</span>}
      </Button>
      <Popover placement="bottom start" className="animate-layer z-40 w-64 rounded-lg border bg-surface shadow-2">
        <Autocomplete filter={contains}>
          <SearchField aria-label={`Search ${label}`} autoFocus className="relative border-b p-1.5">
            <Search size={14} aria-hidden className="pointer-events-none absolute start-4 top-1/2 -translate-y-1/2 text-text-2" />
            <Input
              placeholder={`Search ${label.toLowerCase()}`}
              className={`${INPUT_LOOK} border-0 ps-8 [&::-webkit-search-cancel-button]:hidden`}
            />
          </SearchField>
          <Menu
            aria-label={label}
            items={choices}
            selectionMode={single ? 'single' : 'multiple'}
            selectedKeys={selected}
            escapeKeyBehavior="none"
            onSelectionChange={(keys) => onChange(keys === 'all' ? choices.map((choice) => choice.id) : [...keys].map(String))}
            renderEmptyState={() => (
              <div className="px-3 py-4 text-sm text-text-2">{loading ? 'Loading…' : 'Nothing of this name'}</div>
            )}
            className="max-h-72 overflow-auto p-1 outline-none"
          >
            {(choice) => (
              <MenuItem
                id={choice.id}
                textValue={choice.title}
                className="group flex min-h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-sm outline-none data-[focused]:bg-surface-2"
              >
                {choice.icon}
                <span className="min-w-0 flex-1 truncate">{choice.title}</span>
                <Check size={14} aria-hidden className="invisible text-accent-fg group-data-[selected]:visible" />
              </MenuItem>
            )}
          </Menu>
        </Autocomplete>
      </Popover>
    </DialogTrigger>
  );
}
