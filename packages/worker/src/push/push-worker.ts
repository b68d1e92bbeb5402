import { BaseWorker, type FlowRunToStart, type RunResult, type WorkerClass, type WorkerContext } from '../base-worker.ts';
import { InfrastructureNotAvailableError } from '../infrastructure.ts';
import type { JobConfiguration } from '../job-template/job-configuration.ts';
import { findWorkerClass } from '../worker-types.ts';

/** What a pool must bring for its runs to be started without anything of the server's own. */
export interface PushCredentials {
  /** The variable that holds the credentials. */
  readonly variable: string;
  /** What must be in there; without it the platform's library would look around on the server's machine. */
  readonly fields: readonly string[];
}

const GOOGLE: PushCredentials = { variable: 'credentials', fields: ['service_account_info'] };
const PUSH_TYPES: Readonly<Record<string, { readonly like: string; readonly credentials: PushCredentials }>> = {
  'ecs:push': {
    like: 'ecs',
    credentials: { variable: 'aws_credentials', fields: ['aws_access_key_id', 'aws_secret_access_key'] },
  },
  'cloud-run:push': { like: 'cloud-run', credentials: GOOGLE },
  'cloud-run-v2:push': { like: 'cloud-run-v2', credentials: GOOGLE },
  'azure-container-instance:push': {
    like: 'azure-container-instance',
    credentials: { variable: 'aci_credentials', fields: ['client_id', 'tenant_id', 'client_secret'] },
  },
};

/** The types of pools whose runs a server can start on a platform without a worker. */
export const PUSH_TYPE_NAMES: readonly string[] = Object.keys(PUSH_TYPES);

/** A pool whose runs the server starts has no credentials, and those of the server are not for it. */
export class MissingPushCredentialsError extends Error {
  override readonly name = 'MissingPushCredentialsError';
  constructor(type: string, { variable, fields }: PushCredentials) {
    super(
      `A work pool of type '${type}' needs credentials of its own: save a block with ${fields.join(', ')} and make it the default of '${variable}' in the pool's base job template.`,
    );
  }
}

/** The class of what serves a pool of a push type in the server; undefined when there is none here. */
export async function findPushWorkerClass(type: string): Promise<WorkerClass | undefined> {
  const push = Object.hasOwn(PUSH_TYPES, type) ? PUSH_TYPES[type] : undefined;
  const platform = push && (await findWorkerClass(push.like));
  return push && platform && withOwnCredentials(type, push.credentials, platform);
}

/** The same as another class of worker, for pools that bring their credentials. */
export function withOwnCredentials(type: string, credentials: PushCredentials, Platform: WorkerClass): WorkerClass {
  function demand(config: JobConfiguration): void {
    const given: unknown = Object.entries(config).find(([name]) => name === credentials.variable)?.[1];
    const fields = typeof given === 'object' && given !== null ? new Map(Object.entries(given)) : new Map<string, unknown>();
    if (!credentials.fields.every((field) => fields.get(field))) throw new MissingPushCredentialsError(type, credentials);
  }

  return class extends BaseWorker {
    static readonly type = type;
    static override readonly name = Platform.name;
    static readonly description = Platform.description;
    static readonly variables = Platform.variables;
    readonly #platform: BaseWorker;

    constructor(context: WorkerContext) {
      super(context);
      this.#platform = new Platform(context);
    }

    override async setUp(): Promise<void> {
      await this.#platform.setUp?.();
    }

    override async close(): Promise<void> {
      await this.#platform.close?.();
    }

    override async run(
      flowRun: FlowRunToStart,
      config: JobConfiguration,
      started: (id: string) => void,
      signal: AbortSignal,
    ): Promise<RunResult> {
      demand(config);
      return this.#platform.run(flowRun, config, started, signal);
    }

    override async watch(flowRun: FlowRunToStart, config: JobConfiguration, id: string, signal: AbortSignal): Promise<RunResult> {
      demand(config);
      if (!this.#platform.watch) throw new InfrastructureNotAvailableError(`Runs of type '${type}' cannot be watched again.`);
      return this.#platform.watch(flowRun, config, id, signal);
    }

    override async kill(id: string, graceSeconds: number, config: JobConfiguration): Promise<void> {
      demand(config);
      await this.#platform.kill?.(id, graceSeconds, config);
    }
  };
}
