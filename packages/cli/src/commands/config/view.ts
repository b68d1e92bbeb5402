import type { SettingName, Settings } from 'prefect-ts/settings';
import { command, flag, output, toggle } from '../../command.ts';

export const view = command({
  summary: 'Show the settings in use and where each comes from',
  options: {
    showDefaults: toggle('show-defaults', 'Show settings that nobody set, too', false),
    showSources: flag('--show-sources', 'Say where each comes from (default)'),
    hideSources: flag('--hide-sources', 'Do not say where each comes from'),
    showSecrets: flag('--show-secrets', 'Show secrets as they are'),
    hideSecrets: flag('--hide-secrets', 'Show secrets as stars (default)'),
    output: output(),
  },
  async run({ options, session }) {
    const { SETTING_NAMES } = await import('prefect-ts/settings');
    const { out } = session;
    const settings = await session.settings();
    const names = (options.showDefaults ? [...SETTING_NAMES] : settings.given()).sort();
    const shown = await Promise.all(names.map(async (name) => [name, await show(settings, name, options.showSecrets)] as const));
    if (options.output) return out.json({ PREFECT_PROFILE: settings.profile, ...Object.fromEntries(shown) });
    const url = settings.get('PREFECT_UI_URL');
    if (url) out.line(`🚀 you are connected to:\n${out.colors.green(url)}`);
    out.line(out.colors.bold(`PREFECT_PROFILE='${settings.profile}'`));
    for (const [name, value] of shown) {
      const source = options.hideSources ? '' : out.colors.dim(` (from ${settings.source(name)})`);
      out.line(`${out.colors.blue(name)}='${out.colors.green(value)}'${source}`);
    }
  },
});

async function show(settings: Settings, name: SettingName, secrets: boolean): Promise<string> {
  const { settingOf } = await import('prefect-ts/settings');
  const value: unknown = settings.get(name);
  if (value === null || value === undefined) return 'None';
  if (settingOf(name).secret && !secrets) return '********';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
