import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Launch, LaunchedPool, PoolToLaunch } from '@prefect-ts/server';
import type { WorkerClass } from '@prefect-ts/worker';
import type { Settings } from 'prefect-ts/settings';

const PROGRAM = fileURLToPath(new URL('../../../bin/prefect.js', import.meta.url));
const MANAGED = 'prefect:managed';
const PUSH = ['ecs:push', 'cloud-run:push', 'cloud-run-v2:push', 'azure-container-instance:push'];

/**
 * What lets a server start the runs of push and managed pools: the machinery of workers, in the server's process.
 *
 * @param authString what requests to the server must carry
 */
export function launchPools(settings: Settings, authString: string | null): Launch {
  return {
    refusal(type) {
      if (PUSH.includes(type)) return undefined;
      if (type !== MANAGED) return `This server cannot start runs of pools of type '${type}'.`;
      if (settings.get('PREFECT_SERVER_MANAGED_POOLS_ENABLED')) return undefined;
      return 'Managed pools are switched off: whoever may deploy to one runs code on this machine. PREFECT_SERVER_MANAGED_POOLS_ENABLED=true switches them on.';
    },
    open: (pool, apiUrl) => openPool(settings, authString, pool, apiUrl),
  };
}

async function openPool(
  settings: Settings,
  authString: string | null,
  pool: PoolToLaunch,
  apiUrl: string,
): Promise<LaunchedPool> {
  const { startWorker } = await import('@prefect-ts/worker');
  const { consoleLogger, supervisorClient } = await import('prefect-ts/runner');
  const workerClass = await classFor(settings, pool.type);
  const auth = authString === null ? {} : { PREFECT_API_AUTH_STRING: authString };
  const isManaged = pool.type === MANAGED;
  const publicUrl = isManaged ? apiUrl : (settings.get('PREFECT_API_URL') ?? apiUrl);
  return startWorker(workerClass, {
    client: supervisorClient(settings.with({ PREFECT_API_URL: apiUrl, ...auth })),
    pool: pool.name,
    // Its runs are found under this name by whichever server serves the pool next.
    name: pool.name,
    listed: false,
    createPool: false,
    limit: isManaged ? settings.get('PREFECT_SERVER_MANAGED_POOLS_RUN_LIMIT') : undefined,
    querySeconds: settings.get('PREFECT_WORKER_QUERY_SECONDS'),
    settings: { PREFECT_API_URL: publicUrl, ...auth },
    log: consoleLogger('prefect.server.launch'),
  });
}

async function classFor(settings: Settings, type: string): Promise<WorkerClass> {
  const { findPushWorkerClass, managedWorker } = await import('@prefect-ts/worker');
  if (type === MANAGED) {
    return managedWorker({
      directory: join(settings.home, 'managed-runs'),
      command: [process.execPath, PROGRAM, 'flow-run', 'execute'],
      env: shared(process.env),
      memoryMebibytes: settings.get('PREFECT_SERVER_MANAGED_POOLS_MEMORY_LIMIT'),
      seconds: settings.get('PREFECT_SERVER_MANAGED_POOLS_TIME_LIMIT'),
    });
  }
  const found = await findPushWorkerClass(type);
  if (found === undefined) throw new Error(`Runs of type '${type}' cannot be started by this installation.`);
  return found;
}

/** What programs need to work on this machine. Everything else of the environment is the server's own: its database, its passwords. */
const SHARED =
  /^(PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|PREFECT_PYTHON|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)$/;

function shared(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => SHARED.test(name)));
}
