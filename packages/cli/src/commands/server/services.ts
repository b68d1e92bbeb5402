import { command, type Group, output } from '../../command.ts';

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
  async run({ session }) {
    const { readServerSettings, startServices } = await import('@prefect-ts/server');
    const services = await startServices(readServerSettings((await session.settings()).toEnvironment()));
    const { promise: told, resolve: tell } = Promise.withResolvers<void>();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => tell());
    session.out.line('Services are running; Ctrl-C ends them.');
    await told;
    await services.stop();
    session.out.line('Services stopped!');
  },
});

const BY_SETTINGS = 'Settings switch services on and off, for example PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED=false.';

export const services: Group = {
  summary: 'Run the services apart from the API',
  commands: { ls, start },
  absent: {
    stop: 'End the process of `prefect server services start`.',
    enable: BY_SETTINGS,
    disable: BY_SETTINGS,
    manager: 'Start them with `prefect server services start`.',
  },
};
