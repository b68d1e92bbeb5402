import { useOfferedActions } from '../actions/page-actions.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { Switch } from '../widgets/fields.tsx';
import { setPreferences, usePreferences } from '../widgets/preferences.ts';
import { COMMAND_KEY, GO_KEYS } from './go-keys.ts';

/** Every key that does something here. */
export default function KeySheet({ onClose }: { onClose: () => void }) {
  const { shortcuts } = usePreferences();
  const here = useOfferedActions().flatMap(({ title, shortcut }) => (shortcut ? [[shortcut, title] as const] : []));
  return (
    <Dialog title="Keyboard shortcuts" isOpen onClose={onClose} wide>
      <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
        <Keys
          title="Everywhere"
          keys={[
            [`${COMMAND_KEY} K`, 'Search or do anything'],
            ['/', 'To the filter of the page'],
            ['?', 'These keys'],
            ['Esc', 'Close the top layer'],
          ]}
        />
        <Keys title="Go to" keys={GO_KEYS.map(({ key, title }) => [`g ${key}`, title] as const)} />
        {here.length > 0 && <Keys title="On this page" keys={here} />}
      </div>
      <div className="mt-5 border-t pt-4">
        <Switch isSelected={shortcuts} onChange={(on) => setPreferences({ shortcuts: on })}>
          Single keys do things
        </Switch>
      </div>
    </Dialog>
  );
}

function Keys({ title, keys }: { title: string; keys: readonly (readonly [keys: string, what: string])[] }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 text-sm font-semibold">{title}</h3>
      <dl className="space-y-2 text-sm">
        {keys.map(([key, what]) => (
          <div key={key} className="flex items-center justify-between gap-4">
            <dt>
              {key.split(' ').map((part) => (
                <kbd key={part} className="me-1 rounded-sm border bg-surface-2 px-1.5 py-0.5 font-sans text-xs">
                  {part}
                </kbd>
              ))}
            </dt>
            <dd className="flex-1 text-end text-text-2">{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
