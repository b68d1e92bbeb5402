import { ConfigurationError } from '../errors.ts';

/** The server as this kit needs it. It is a package of its own, which a project installs for its tests. */
interface ServerPackage {
  readServerSettings(environment: Readonly<Record<string, string>>): unknown;
  startServer(settings: unknown): Promise<RunningServer>;
}

/** A server that answers on a port of this machine. */
export interface RunningServer {
  readonly apiUrl: string;
  stop(): Promise<void>;
}

// A name that is not written where it is imported: the package is there only where tests run.
const SERVER_PACKAGE: string = '@prefect-ts/server';

/** Starts the real server on a database in memory. */
export async function startServerInMemory(environment: Readonly<Record<string, string>>): Promise<RunningServer> {
  const { readServerSettings, startServer } = await loadServer();
  return startServer(
    readServerSettings({
      PREFECT_SERVER_API_PORT: '0',
      PREFECT_SERVER_UI_ENABLED: 'false',
      PREFECT_SERVER_LOGGING_LEVEL: 'CRITICAL',
      PREFECT_SERVER_REGISTER_BLOCKS_ON_START: 'false',
      PREFECT_API_DATABASE_CONNECTION_URL: 'sqlite:///:memory:',
      ...environment,
    }),
  );
}

async function loadServer(): Promise<ServerPackage> {
  try {
    return (await import(SERVER_PACKAGE)) as ServerPackage;
  } catch (error) {
    throw new ConfigurationError(`The testing kit needs the package ${SERVER_PACKAGE}.`, {
      cause: error,
      hint: `Install it for your tests: npm install --save-dev ${SERVER_PACKAGE}`,
    });
  }
}
