import { Check, ChevronDown, Search, X } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  SearchField as AriaSearchField,
  Select as AriaSelect,
  Switch as AriaSwitch,
  Button,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from 'react-aria-components';

/** The look of every one-line input. */
export const INPUT_LOOK =
  'h-8 pointer-coarse:h-11 w-full min-w-0 rounded-md border border-border-strong/60 bg-surface px-2.5 text-sm placeholder:text-text-2 disabled:opacity-50 aria-invalid:border-failed-solid';

/** A one-line search box with a cross to clear it. */
export function SearchField({
  label,
  placeholder,
  value,
  onChange,
  onSubmit,
}: {
  label: string;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
  onSubmit?: (value: string) => void;
}) {
  return (
    <AriaSearchField
      aria-label={label}
      value={value}
      onChange={onChange}
      {...(onSubmit ? { onSubmit } : {})}
      className="group relative w-full min-w-0 sm:w-64"
    >
      <Search size={14} aria-hidden className="pointer-events-none absolute start-2.5 top-1/2 -translate-y-1/2 text-text-2" />
      <Input placeholder={placeholder ?? label} className={`${INPUT_LOOK} ps-8 pe-8 [&::-webkit-search-cancel-button]:hidden`} />
      <Button className="absolute end-1 top-1/2 flex size-6 -translate-y-1/2 cursor-pointer items-center justify-center rounded-sm text-text-2 group-data-[empty]:hidden hover:bg-surface-2">
        <X size={13} aria-hidden />
      </Button>
    </AriaSearchField>
  );
}

export interface Choice<Id extends string> {
  id: Id;
  title: string;
  icon?: ReactNode;
}

/** One of a few. */
export function Select<Id extends string>({
  label,
  choices,
  value,
  onChange,
  showLabel,
}: {
  label: string;
  choices: readonly Choice<Id>[];
  value: Id;
  onChange: (id: Id) => void;
  showLabel?: boolean;
}) {
  return (
    <AriaSelect
      aria-label={label}
      value={value}
      onChange={(key) => {
        const choice = choices.find((candidate) => candidate.id === key);
        if (choice) onChange(choice.id);
      }}
      className="flex min-w-0 flex-col gap-1"
    >
      {showLabel && <Label className="text-sm font-medium">{label}</Label>}
      <Button className="flex h-8 pointer-coarse:h-11 cursor-pointer items-center justify-between gap-2 rounded-md border bg-surface px-2.5 text-sm shadow-1 hover:bg-surface-2">
        <SelectValue className="truncate [&_svg]:hidden" />
        <ChevronDown size={14} aria-hidden className="shrink-0 text-text-2" />
      </Button>
      <Popover className="animate-layer z-40 max-h-80 min-w-(--trigger-width) overflow-auto rounded-lg border bg-surface p-1 shadow-2">
        <ListBox className="outline-none">
          {choices.map((choice) => (
            <ListBoxItem
              key={choice.id}
              id={choice.id}
              textValue={choice.title}
              className="group flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-sm outline-none data-[focused]:bg-surface-2"
            >
              {choice.icon}
              <span className="flex-1 whitespace-nowrap">{choice.title}</span>
              <Check size={14} aria-hidden className="invisible text-accent-fg group-data-[selected]:visible" />
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

/** On or off, at once. */
export function Switch({
  children,
  isSelected,
  onChange,
  label,
  isDisabled,
}: {
  children?: ReactNode;
  label?: string;
  isSelected: boolean;
  onChange: (on: boolean) => void;
  isDisabled?: boolean;
}) {
  return (
    <AriaSwitch
      isSelected={isSelected}
      onChange={onChange}
      isDisabled={isDisabled ?? false}
      {...(label ? { 'aria-label': label } : {})}
      className="group inline-flex min-h-6 cursor-pointer items-center gap-2 text-sm data-[disabled]:opacity-50"
    >
      <span className="flex h-5 w-9 shrink-0 items-center rounded-full border border-border-strong bg-surface-2 px-0.5 transition-colors duration-100 group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-[var(--focus)] group-data-[selected]:border-accent group-data-[selected]:bg-accent">
        <span className="size-3.5 rounded-full bg-border-strong transition-transform duration-100 group-data-[selected]:translate-x-4 group-data-[selected]:bg-accent-text" />
      </span>
      {children}
    </AriaSwitch>
  );
}
