import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';

export interface MenuEntry {
  id: string;
  title: string;
  icon?: ReactNode;
  danger?: boolean;
  run: () => void;
}

/** The `…` button of a row or page. */
export function MoreMenu({ label, entries }: { label: string; entries: MenuEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <MenuTrigger>
      <IconButton label={label} icon={<Ellipsis size={16} aria-hidden />} />
      <Popover placement="bottom end" className="animate-layer z-40 min-w-44 rounded-lg border bg-surface p-1 shadow-2">
        <AriaMenu className="outline-none" onAction={(id) => entries.find((entry) => entry.id === id)?.run()}>
          {entries.map((entry) => (
            <AriaMenuItem
              key={entry.id}
              id={entry.id}
              textValue={entry.title}
              className={classNames(
                'flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-sm outline-none data-[focused]:bg-surface-2',
                entry.danger && 'text-failed-fg',
              )}
            >
              {entry.icon}
              {entry.title}
            </AriaMenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
