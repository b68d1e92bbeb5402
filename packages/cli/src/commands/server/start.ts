import { choice, command, flag, integer, positive, text, toggle, value } from '../../command.ts';
import { CommandError, UsageError } from '../../errors.ts';
import { startInBackground } from './background.ts';
import { serve } from './serve.ts';

export const start = command({
  summary: 'Start a server: API, dashboard and services',
  options: {
    host: text('--host <address>', 'Address to listen on'),
    port: value('--port <n>', 'Port to listen on; 0 takes any free one', port),
    keepAliveTimeout: value('--keep-alive-timeout <seconds>', 'How long an idle connection is kept', integer),
    logLevel: choice('--log-level <level>', 'Level of logs', ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const),
    scheduler: toggle('scheduler', 'Make the runs that schedules ask for'),
    analytics: flag('--analytics-on, --analytics-off', 'Accepted for scripts; nothing is ever sent'),
    lateRuns: toggle('late-runs', 'Mark runs that did not start in time'),
    ui: toggle('ui', 'Serve the dashboard'),
    noServices: flag('--no-services', 'Only the API and the dashboard; services run elsewhere'),
    background: flag('-b, --background', 'Return once it answers'),
    workers: value('--workers <n>', 'Processes of the server', positive),
  },
  async run({ options, session }) {
    const settings = (await session.settings()).with({
      PREFECT_SERVER_API_HOST: options.host,
      PREFECT_SERVER_API_PORT: options.port,
      PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: options.keepAliveTimeout,
      PREFECT_SERVER_LOGGING_LEVEL: options.logLevel,
      PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED: options.scheduler,
      PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED: options.lateRuns,
      PREFECT_SERVER_UI_ENABLED: options.ui,
    });
    if ((options.workers ?? 1) > 1) refuseWorkers(settings.get('PREFECT_SERVER_DATABASE_CONNECTION_URL'));
    const [problem] = settings.problems();
    if (problem) throw new CommandError(problem, 'Nothing was started.');
    if (options.background) await startInBackground(session, settings, options.noServices);
    else await serve(session, settings, !options.noServices);
  },
});

function refuseWorkers(databaseUrl: string | null): never {
  if (!databaseUrl?.startsWith('postgres')) {
    throw new CommandError(
      'Multi-worker mode (--workers > 1) is not supported with SQLite database.',
      'Set PREFECT_SERVER_DATABASE_CONNECTION_URL to a PostgreSQL database.',
    );
  }
  throw new CommandError(
    'One command starts one server process.',
    'Start `prefect server start` several times on the same PostgreSQL database, behind a load balancer.',
  );
}

function port(text: string): number {
  const number = integer(text);
  if (number < 0 || number > 65_535) throw new UsageError(`'${text}' is not a port: they go from 0 to 65535.`);
  return number;
}
