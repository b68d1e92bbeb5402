import { Search } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { IconButton } from '../widgets/button.tsx';
import { COMMAND_KEY } from './go-keys.ts';
import { useShortcuts } from './use-shortcuts.ts';

const Palette = lazy(() => import('./palette.tsx'));
const KeySheet = lazy(() => import('./key-sheet.tsx'));

const opener = new EventTarget();

/** The palette and the sheet of keys, over any page. Each is loaded when it is first wanted. */
export function Layers() {
  const [open, setOpen] = useState<'palette' | 'keys'>();
  const openPalette = useCallback(() => setOpen('palette'), []);
  const openKeys = useCallback(() => setOpen('keys'), []);
  useShortcuts({ openPalette, openKeys });
  useEffect(() => {
    opener.addEventListener('open', openPalette);
    return () => opener.removeEventListener('open', openPalette);
  }, [openPalette]);
  const close = () => setOpen(undefined);
  return (
    <Suspense>
      {open === 'palette' && <Palette onClose={close} onKeys={openKeys} />}
      {open === 'keys' && <KeySheet onClose={close} />}
    </Suspense>
  );
}

/** A button that looks like a search field and opens the palette. */
export function PaletteButton({ narrow }: { narrow: boolean }) {
  return (
    <AriaButton
      onPress={() => opener.dispatchEvent(new Event('open'))}
      className="mb-3 flex h-9 w-full cursor-pointer items-center gap-2.5 rounded-md border bg-bg px-2.5 text-sm text-text-2 hover:border-border-strong hover:text-text"
    >
      <Search size={15} aria-hidden className="shrink-0" />
      <span className={narrow ? 'sr-only' : 'sr-only flex-1 text-start lg:not-sr-only'}>Search</span>
      <kbd aria-hidden className={`rounded-sm border px-1 font-sans text-[11px] ${narrow ? 'hidden' : 'hidden lg:inline'}`}>
        {COMMAND_KEY} K
      </kbd>
    </AriaButton>
  );
}

/** The same as a picture, for narrow places. */
export function PaletteIcon() {
  return (
    <IconButton
      label="Search or do anything"
      onPress={() => opener.dispatchEvent(new Event('open'))}
      icon={<Search size={16} aria-hidden />}
    />
  );
}
