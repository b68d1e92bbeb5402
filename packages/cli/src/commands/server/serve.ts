import { setFlagsFromString } from 'node:v8';
import type { RunningServer } from '@prefect-ts/server';
import type { Settings } from 'prefect-ts/settings';
import { CommandError } from '../../errors.ts';
import { ownVersion } from '../../own-version.ts';
import type { Session } from '../../session.ts';
import type { Output } from '../../terminal/output.ts';
import { launchPools } from './launch-pools.ts';
import { claimPidFile } from './pid-file.ts';

/** Runs a server in this process until a signal ends it. */
export async function serve(session: Session, settings: Settings, withServices: boolean): Promise<void> {
  const releasePidFile = await claimPidFile(settings.home).catch((error: unknown) => {
    throw homeError(settings.home, error);
  });
  try {
    const { readServerSettings, startServer } = await import('@prefect-ts/server');
    const serverSettings = { ...readServerSettings(settings.toEnvironment()), servicesEnabled: withServices };
    const launch = launchPools(settings, serverSettings.authString);
    const server = await startServer(serverSettings, { launch });
    keepHeapSmall();
    const stopped = stopOnSignal(server);
    tellStart(session.out, settings, server, serverSettings.authString !== null);
    process.send?.({ url: server.url, apiUrl: server.apiUrl });
    await stopped;
    session.out.line('Server stopped!');
  } finally {
    await releasePidFile();
  }
}

/**
 * Keeps the heap near what the server needs. The engine would let the part for new objects grow to a hundred megabytes under load, and the
 * rest fourfold between two collections; what a request makes is gone with its answer, so that saves next to nothing. Said once everything
 * is loaded, for code that was cached under other flags is not taken from the cache.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=100');
}

/** The first signal lets requests finish; a second one ends the process at once. */
function stopOnSignal(server: RunningServer): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const onSignal = () => {
      if (stopping) process.exit(130);
      stopping = true;
      server.stop().then(resolve, reject);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  });
}

function tellStart(out: Output, settings: Settings, { url, apiUrl }: RunningServer, hasPassword: boolean): void {
  const { colors } = out;
  const host = settings.get('PREFECT_SERVER_API_HOST');
  out.line(`${colors.bold(`prefect-ts ${ownVersion()}`)} is ready.\n`);
  out.line(`  API        ${colors.cyan(apiUrl)}`);
  if (settings.get('PREFECT_SERVER_UI_ENABLED')) out.line(`  Dashboard  ${colors.cyan(url)}`);
  out.line(`  Data       ${settings.home}\n`);
  if (settings.get('PREFECT_API_URL')?.replace(/\/$/, '') !== apiUrl) {
    out.line('To let commands and flows talk to it:\n');
    out.line(`  ${colors.green(`prefect config set PREFECT_API_URL=${apiUrl}`)}\n`);
  }
  if (!hasPassword && !['127.0.0.1', 'localhost', '::1'].includes(host)) {
    out.warn(`Anyone who reaches ${host} may use this server: set PREFECT_SERVER_API_AUTH_STRING=user:password.`);
  }
}

function homeError(home: string, error: unknown): CommandError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CommandError(`The folder ${home} cannot be written: ${reason}`, 'Set PREFECT_HOME to a folder of yours.');
}
