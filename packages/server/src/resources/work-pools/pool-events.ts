import { createHash } from 'node:crypto';
import { type Micros, SECOND } from '@prefect-ts/protocol';
import type { NewEvent, ResourceLabels } from '../../events/event-log.ts';
import type { PoolStatus } from '../../storage/tables.ts';

/** What events say about a pool. */
export interface NamedPool {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

interface NamedQueue {
  readonly id: string;
  readonly name: string;
}

/** What changed, by the name of the field. */
export type FieldChanges = Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;

/** The members of `wanted` that differ from what there is. */
export function fieldChanges(current: Readonly<Record<string, unknown>>, wanted: object): FieldChanges {
  return Object.fromEntries(
    Object.entries(wanted)
      .filter(([name, to]) => name in current && JSON.stringify(current[name]) !== JSON.stringify(to))
      .map(([name, to]) => [name, { from: current[name], to }]),
  );
}

/** A pool came into being or went. */
export function poolEvent(
  change: 'created' | 'deleted',
  pool: NamedPool & { readonly default_queue_id: string | null },
  resultStorageId: string | null,
): NewEvent {
  return {
    event: `prefect.work-pool.${change}`,
    resource: poolLabels(pool),
    related: [
      ...(pool.default_queue_id
        ? [{ 'prefect.resource.id': `prefect.work-queue.${pool.default_queue_id}`, 'prefect.resource.role': 'default-queue' }]
        : []),
      ...(resultStorageId
        ? [{ 'prefect.resource.id': `prefect.block-document.${resultStorageId}`, 'prefect.resource.role': 'result-storage' }]
        : []),
    ],
    payload: {},
    follows: null,
  };
}

/** Fields of a pool changed. */
export function poolUpdatedEvent(pool: NamedPool, updates: FieldChanges): NewEvent {
  return {
    event: 'prefect.work-pool.updated',
    resource: poolLabels(pool),
    related: [],
    payload: { updated_fields: Object.keys(updates), updates },
    follows: null,
  };
}

/** Transitions further apart than this no longer count as one following the other. */
const TIGHT = 10 * 60 * SECOND;

/** A pool's status changed; `previous` is when it changed before. */
export function poolStatusEvent(pool: NamedPool, status: PoolStatus, at: Micros, previous: Micros | null): NewEvent {
  const { 'prefect.resource.role': _role, ...resource } = poolLabels(pool);
  return {
    id: transitionId(pool.id, at),
    occurred: at,
    event: `prefect.work-pool.${eventName(status)}`,
    resource,
    related: [],
    payload: {},
    follows: previous !== null && at - previous < TIGHT ? transitionId(pool.id, previous) : null,
  };
}

/** A queue came into being, changed or went. */
export function queueEvent(
  change: 'created' | 'updated' | 'deleted',
  queue: NamedQueue,
  pool: NamedPool,
  updates?: FieldChanges,
): NewEvent {
  return {
    event: `prefect.work-queue.${change}`,
    resource: queueLabels(queue),
    related: [poolLabels(pool)],
    payload: updates ? { updated_fields: Object.keys(updates), updates } : {},
    follows: null,
  };
}

/** A queue's status changed. */
export function queueStatusEvent(queue: NamedQueue, pool: NamedPool, status: PoolStatus): NewEvent {
  return {
    event: `prefect.work-queue.${eventName(status)}`,
    resource: queueLabels(queue),
    related: [poolLabels(pool)],
    payload: {},
    follows: null,
  };
}

function poolLabels(pool: NamedPool): ResourceLabels {
  return {
    'prefect.resource.id': `prefect.work-pool.${pool.id}`,
    'prefect.resource.name': pool.name,
    'prefect.work-pool.type': pool.type,
    'prefect.resource.role': 'work-pool',
  };
}

function queueLabels(queue: NamedQueue): ResourceLabels {
  return {
    'prefect.resource.id': `prefect.work-queue.${queue.id}`,
    'prefect.resource.name': queue.name,
    'prefect.resource.role': 'work-queue',
  };
}

function eventName(status: PoolStatus): string {
  return status.toLowerCase().replace('_', '-');
}

/** A time-ordered UUID that only the pool and the time decide, so that the next transition can name the one that it follows. */
function transitionId(poolId: string, at: Micros): string {
  const time = Math.floor(at / 1000)
    .toString(16)
    .padStart(12, '0');
  const hash = createHash('sha1').update(`${poolId} ${at}`).digest('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-a${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}
