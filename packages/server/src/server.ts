import { hostname } from 'node:os';
import { nowMicros, uuid4 } from '@prefect-ts/protocol';
import type { FastifyInstance } from 'fastify';
import { pino } from '#web';
import { apiApp } from './api/app.ts';
import { serverRoutes } from './api/server-info.ts';
import { type Clock, type Core, makeCore } from './core.ts';
import { encryptionKey, lazyCipher } from './encryption/index.ts';
import type { Bus } from './events/bus.ts';
import { openBus } from './events/open-bus.ts';
import { serveSockets } from './events/sockets.ts';
import { type Launch, makeLauncher } from './launch/launcher.ts';
import { runServices, type Service } from './services/service.ts';
import type { ServerSettings } from './settings.ts';
import { OlderDatabaseError } from './storage/errors.ts';
import { openStorage } from './storage/index.ts';
import { pendingSteps } from './storage/migration.ts';
import { schemaVersion } from './storage/schema-version.ts';
import type { Storage } from './storage/storage.ts';
import { serveApiDocuments } from './web/api-documents.ts';
import { serveDashboard, uiSettings } from './web/dashboard.ts';

/** A server that answers. */
export interface RunningServer {
  /** `http://host:port`. */
  readonly url: string;
  /** Where API clients reach it. */
  readonly apiUrl: string;
  readonly core: Core;
  readonly app: FastifyInstance;
  /** Answers what is under way, ends the services and closes the database. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Tells the time in place of the machine's clock. */
  readonly clock?: Clock;
  /** Starts the runs of push and managed pools; without it such runs wait. */
  readonly launch?: Launch | undefined;
}

/** The address is taken by somebody else. */
export class AddressInUseError extends Error {
  override readonly name = 'AddressInUseError';
  constructor(host: string, port: number, cause: unknown) {
    super(`Port ${port} on ${host} is in use. Stop what uses it, or start the server with --port and another number.`, { cause });
  }
}

/**
 * Starts a server: opens and migrates its database, starts its services and listens.
 *
 * @throws AddressInUseError, StorageLocationError, NewerDatabaseError, UnknownDatabaseError, InvalidSettingError with what to do in their messages.
 */
export async function startServer(
  settings: ServerSettings,
  { clock = nowMicros, launch }: StartOptions = {},
): Promise<RunningServer> {
  // A key that cannot be one is told at once; none is made before it is needed.
  if (settings.encryptionKey !== null) encryptionKey(settings);
  const cipher = lazyCipher(() => encryptionKey(settings));
  const log = pino({ level: pinoLevel(settings.logLevel), base: null });
  const storage = await openStorage({
    url: settings.databaseUrl,
    poolSize: settings.databasePoolSize,
    timeoutSeconds: settings.databaseTimeoutSeconds,
  });
  let bus: Bus | undefined;
  try {
    if (settings.migrateOnStart) await storage.migrate();
    else await requireNewestSchema(storage);
    bus = await openBus(settings.databaseUrl, storage, log);
    const serverId = `${hostname()}-${process.pid}-${uuid4().slice(0, 8)}`;
    const core = makeCore({ settings, storage, bus, clock, log, serverId, cipher });
    const blockTypes = lazily(async () => {
      if (!settings.registerBlocks) return;
      await core.write((await import('./resources/blocks/known-types.ts')).registerKnownTypes);
    });
    const app = apiApp(core, {
      early: serverRoutes,
      late: async (name) => {
        if (/\/(block_|collections)/.test(name)) await blockTypes();
        return (await import('./api/index.ts')).findHandler(name);
      },
    });
    if (settings.metricsEnabled) (await import('./metrics/serve-metrics.ts')).serveMetrics(app, core);
    serveWeb(app, settings);
    const sockets = serveSockets(app.server, core, async () => (await import('./events/index.ts')).SOCKETS);
    await listen(app, settings);
    const own = await loadRest(blockTypes).catch(async (error: unknown) => {
      await sockets.close();
      await app.close();
      throw error;
    });
    const url = urlOf(app, settings);
    const apiUrl = url + settings.apiBasePath;
    const launcher = launch && settings.servicesEnabled ? makeLauncher(launch, apiUrl) : undefined;
    const services = settings.servicesEnabled ? runServices(core, launcher ? [...own, launcher.service] : own) : undefined;
    const stop = async () => {
      await services?.stop();
      await launcher?.stop();
      await sockets.close();
      await app.close();
      await core.bus.close();
      await storage.close();
    };
    let stopped: Promise<void> | undefined;
    return {
      url,
      apiUrl,
      core,
      app,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await bus?.close();
    await storage.close();
    throw error;
  }
}

async function requireNewestSchema(storage: Storage): Promise<void> {
  const { length } = pendingSteps(await schemaVersion(storage));
  if (length > 0) throw new OlderDatabaseError(length);
}

/** Loads what is not needed to listen, between the requests of the first clients; see docs/decisions/start-up.md. */
async function loadRest(registerBlockTypes: () => Promise<void>): Promise<readonly Service[]> {
  await (await import('./api/index.ts')).loadAllTables();
  await import('./events/index.ts');
  const { SERVICES } = await import('./services/index.ts');
  await registerBlockTypes();
  return SERVICES;
}

function lazily<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** What is served beside the API: its documents, the settings of the page, and the page. */
function serveWeb(app: FastifyInstance, settings: ServerSettings): void {
  serveApiDocuments(app, settings);
  const told = () => uiSettings(settings, urlOf(app, settings) + settings.apiBasePath);
  for (const path of new Set(['/ui-settings', `${settings.uiBasePath}ui-settings`])) app.get(path, told);
  if (settings.uiEnabled) serveDashboard(app, settings);
}

async function listen(app: FastifyInstance, { host, port }: ServerSettings): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw new AddressInUseError(host, port, error);
    throw error;
  }
}

function urlOf(app: FastifyInstance, settings: ServerSettings): string {
  return `${settings.tls ? 'https' : 'http'}://${addressOf(app, settings)}`;
}

function addressOf(app: FastifyInstance, { host, port }: ServerSettings): string {
  const address = app.server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  const named = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return `${named.includes(':') ? `[${named}]` : named}:${actual}`;
}

/** The reference's names of levels are Python's. */
function pinoLevel(level: string): string {
  const levels: Record<string, string> = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error', CRITICAL: 'fatal' };
  return levels[level.toUpperCase()] ?? 'warn';
}
