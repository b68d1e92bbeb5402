import { type JsonSchema, SchemaCompiler } from '@prefect-ts/protocol/contract';

export const CHANNEL_VERSION = 'work_pool_worker_channel.v1';
/** What every worker on the channel must be able to do. */
export const REQUIRED_CAPABILITIES = ['worker_heartbeat.v1', 'work_pool_snapshot.v1'] as const;
export const CLEANUP_CAPABILITY = 'cleanup_delivery.v1';

export interface Hello {
  readonly consumer_id: string;
  readonly worker_name: string;
  readonly worker_type: string;
  readonly heartbeat_interval_seconds: number;
  readonly supported_channel_versions: readonly string[];
  readonly requested_capabilities: readonly string[];
  readonly work_queue_names: readonly string[];
  readonly handled_cleanup_kinds: readonly string[];
  readonly max_cleanup_concurrency: number;
  readonly create_pool_if_not_found: boolean;
  readonly default_base_job_template: Record<string, unknown>;
}

export interface Heartbeat {
  readonly consumer_id: string;
  readonly worker_name: string;
  readonly heartbeat_interval_seconds: number;
}

export interface CleanupWord {
  readonly message_id: string;
  readonly reservation_token: string;
}

/** What a worker may say. Contract: deployments-and-workers 8.4. */
export type WorkerFrame =
  | { readonly type: 'worker.hello.v1'; readonly id: string; readonly payload: Hello }
  | { readonly type: 'worker.heartbeat.v1'; readonly id: string; readonly payload: Heartbeat }
  | {
      readonly type: 'cleanup.ack.v1' | 'cleanup.release.v1' | 'cleanup.renew.v1';
      readonly id: string;
      readonly payload: CleanupWord;
    };

const name: JsonSchema = { type: 'string', minLength: 1, maxLength: 1000 };
const id: JsonSchema = { type: 'string', format: 'uuid' };
const seconds: JsonSchema = { type: 'integer', exclusiveMinimum: 0, maximum: 2_147_483_647 };
const settled = { message_id: id, reservation_token: name };

const PAYLOADS: Readonly<Record<WorkerFrame['type'], JsonSchema>> = {
  'worker.hello.v1': {
    ...exactly({
      consumer_id: id,
      worker_name: name,
      worker_type: name,
      heartbeat_interval_seconds: seconds,
      supported_channel_versions: listOf({ type: 'string' }),
      requested_capabilities: listOf({ enum: [...REQUIRED_CAPABILITIES, CLEANUP_CAPABILITY] }),
      work_queue_names: { ...listOf(name), default: [] },
      handled_cleanup_kinds: {
        ...listOf({ enum: ['cancelling_timeout_teardown.v1', 'pending_claim_teardown.v1'] }),
        default: [],
      },
      max_cleanup_concurrency: { type: 'integer', minimum: 0, maximum: 1000, default: 0 },
      create_pool_if_not_found: { type: 'boolean', default: false },
      default_base_job_template: { type: 'object', default: {} },
      worker_metadata: { anyOf: [{ type: 'object' }, { type: 'null' }], default: null },
    }),
  },
  'worker.heartbeat.v1': exactly({ consumer_id: id, worker_name: name, heartbeat_interval_seconds: seconds }),
  'cleanup.ack.v1': exactly(settled),
  'cleanup.renew.v1': exactly(settled),
  'cleanup.release.v1': exactly({ ...settled, reason: name }),
};

function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items, uniqueItems: true, maxItems: 1000 };
}

/** An object of these members: those without a default must be there, and no others may. */
function exactly(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const required = Object.keys(properties).filter((member) => properties[member]?.default === undefined);
  return { type: 'object', properties, required, additionalProperties: false };
}

const compiler = new SchemaCompiler({});
const readers = new Map(
  Object.entries(PAYLOADS).map(([type, payload]) => [
    type,
    compiler.compile(exactly({ type: { const: type }, id, sent_at: { type: 'string', format: 'date-time' }, payload }), 'frame'),
  ]),
);

/** Reads what a worker said; nothing when it is no frame of the channel. */
export function readWorkerFrame(message: Readonly<Record<string, unknown>> | undefined): WorkerFrame | undefined {
  const outcome = readers.get(String(message?.type))?.(message);
  return outcome?.ok ? (outcome.value as WorkerFrame) : undefined;
}
