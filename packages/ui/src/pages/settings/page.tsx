import { useQuery } from '@tanstack/react-query';
import { apiBase } from '../../api/client.ts';
import { serverVersion } from '../../api/queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { CommandLine } from '../../widgets/copyable.tsx';
import { DefinitionList } from '../../widgets/definition-list.tsx';
import { type Choice, Select } from '../../widgets/fields.tsx';
import { type Preferences, setPreferences, type Theme, usePreferences } from '../../widgets/preferences.ts';

const THEMES: readonly Choice<Theme>[] = [
  { id: 'system', title: 'As the system' },
  { id: 'light', title: 'Light' },
  { id: 'dark', title: 'Dark' },
];
const ZONES: readonly Choice<Preferences['timeZone']>[] = [
  { id: 'local', title: 'Of this computer' },
  { id: 'UTC', title: 'UTC' },
];

/** How the dashboard looks here, and which server it talks to. */
export function SettingsPage() {
  const { theme, timeZone } = usePreferences();
  const version = useQuery(serverVersion());
  return (
    <>
      <PageHeader title="Settings" tabTitle="Settings" />
      <div className="grid max-w-3xl grid-cols-1 gap-4">
        <section aria-label="Appearance" className="card p-5">
          <h2 className="mb-3 text-lg font-semibold">Appearance</h2>
          <div className="grid gap-4 sm:grid-cols-2">
            <Select label="Theme" showLabel choices={THEMES} value={theme} onChange={(id) => setPreferences({ theme: id })} />
            <Select
              label="Time zone"
              showLabel
              choices={ZONES}
              value={timeZone}
              onChange={(id) => setPreferences({ timeZone: id })}
            />
          </div>
        </section>
        <section aria-label="Server" className="card space-y-4 p-5">
          <h2 className="text-lg font-semibold">Server</h2>
          <DefinitionList
            entries={[
              [
                'API',
                <code key="api" className="font-mono text-xs break-all">
                  {apiBase.href}
                </code>,
              ],
              ['Version', version.data ?? (version.isError ? 'cannot be read' : '…')],
            ]}
          />
          <div className="space-y-1.5">
            <p className="text-sm text-text-2">Let clients on this machine talk to it:</p>
            <CommandLine text={`prefect config set PREFECT_API_URL=${apiBase.href.replace(/\/$/, '')}`} />
          </div>
        </section>
      </div>
    </>
  );
}
