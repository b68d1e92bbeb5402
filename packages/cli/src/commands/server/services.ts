import type { Settings } from 'prefect-ts/settings';
import { command, flag, type Group, output } from '../../command.ts';
import type { Session } from '../../session.ts';
import { startServicesInBackground } from './background.ts';
import { claimPidFile } from './pid-file.ts';
import { stopServices } from './stop.ts';

const ls = command({
  summary: 'List the services of a server, and how often each looks for work',
  options: { output: output() },
  async run({ options, session }) {
    const { listServices, readServerSettings } = await import('@prefect-ts/server');
    const { out } = session;
    const services = await listServices(readServerSettings((await session.settings()).toEnvironment()));
    if (options.output) return out.json(services.map(({ name, everySeconds }) => ({ name, every_seconds: everySeconds })));
    out.table(services, [
      { title: 'Name', cell: ({ name }) => name, paint: (text) => out.colors.blue(text) },
      { title: 'Enabled', cell: ({ everySeconds }) => (everySeconds === null ? 'No' : 'Yes') },
      { title: 'Every', cell: ({ everySeconds }) => (everySeconds === null ? '' : `${everySeconds} s`) },
    ]);
  },
});

const start = command({
  summary: 'Run the services alone, for servers started with --no-services on the same database',
  options: { background: flag('-b, --background', 'Return once they run') },
  async run({ options, session }) {
    const settings = await session.settings();
    if (options.background) return startServicesInBackground(session, settings);
    const releasePidFile = await claimPidFile(settings.home, 'services');
    await runServices(session, settings).finally(releasePidFile);
  },
});

const BY_SETTINGS = 'Settings switch services on and off, for example PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED=false.';

export const services: Group = {
  summary: 'Run the services apart from the API',
  commands: { ls, start, stop: stopServices },
  absent: {
    enable: BY_SETTINGS,
    disable: BY_SETTINGS,
    manager: 'Start them with `prefect server services start`.',
  },
};

/** Runs the services in this process until a signal ends it. */
async function runServices(session: Session, settings: Settings): Promise<void> {
  const { readServerSettings, startServices } = await import('@prefect-ts/server');
  const services = await startServices(readServerSettings(settings.toEnvironment()));
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => tell());
  session.out.line('Services are running; Ctrl-C ends them.');
  process.send?.({ ready: true });
  await told;
  await services.stop();
  session.out.line('Services stopped!');
}
