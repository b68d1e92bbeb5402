import { Link } from '@tanstack/react-router';
import { Ellipsis, type LucideIcon } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';

interface Place {
  readonly to: string;
  readonly title: string;
  readonly Icon: LucideIcon;
}

/** So many places have a button of their own; the others are in a menu. */
const SHOWN = 4;

/** The rail of small screens: a bar at the bottom edge. */
export function BottomBar({ places }: { places: readonly Place[] }) {
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-5 border-t bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {places.slice(0, SHOWN).map(({ to, title, Icon }) => (
        <Link
          key={to}
          to={to}
          className="flex h-14 flex-col items-center justify-center gap-0.5 text-text-2 data-[status=active]:text-accent-fg"
        >
          <Icon size={18} aria-hidden />
          <span className="text-[11px]">{title}</span>
        </Link>
      ))}
      <MenuTrigger>
        <Button className="flex h-14 cursor-pointer flex-col items-center justify-center gap-0.5 text-text-2">
          <Ellipsis size={18} aria-hidden />
          <span className="text-[11px]">More</span>
        </Button>
        <Popover placement="top end" className="animate-layer z-40 min-w-48 rounded-lg border bg-surface p-1 shadow-2">
          <Menu aria-label="More places" className="outline-none">
            {places.slice(SHOWN).map(({ to, title, Icon }) => (
              <MenuItem
                key={to}
                id={to}
                href={to}
                textValue={title}
                className="flex h-11 cursor-pointer items-center gap-2.5 rounded-md px-3 text-sm outline-none data-[focused]:bg-surface-2"
              >
                <Icon size={16} aria-hidden className="text-text-2" />
                {title}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </nav>
  );
}
