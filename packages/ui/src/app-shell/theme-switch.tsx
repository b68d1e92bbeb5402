import { Monitor, Moon, Sun } from 'lucide-react';
import { IconButton } from '../widgets/button.tsx';
import { setPreferences, type Theme, usePreferences } from '../widgets/preferences.ts';

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS = { system: Monitor, light: Sun, dark: Moon };

/** Goes round the three themes. */
export function ThemeSwitch() {
  const { theme } = usePreferences();
  const Icon = ICONS[theme];
  return (
    <IconButton
      label={`Theme: ${theme}. Change to ${NEXT[theme]}`}
      onPress={() => setPreferences({ theme: NEXT[theme] })}
      icon={<Icon size={16} aria-hidden />}
    />
  );
}
