import { command, type Group } from '../command.ts';
import { CommandError } from '../errors.ts';
import { dashboardLink, openInBrowser } from '../links.ts';

const open = command({
  summary: 'Open the dashboard in the browser',
  async run({ session }) {
    const url = await dashboardLink(session, '/');
    if (!url) throw new CommandError('The address of the dashboard is not known.', 'Set PREFECT_UI_URL or PREFECT_API_URL.');
    session.out.line(`Opening ${session.out.colors.cyan(url)}`);
    await openInBrowser(url);
  },
});

export const dashboard: Group = { commands: { open } };
