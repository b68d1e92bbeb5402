import type { Micros } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import { json } from '../storage/json-columns.ts';
import type { AutomationBucketTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';
import type { Bucket } from './buckets.ts';

/** A bucket with the values of the labels that it is for. */
export interface KeyedBucket {
  readonly key: readonly string[];
  readonly bucket: Bucket;
}

export async function readBucket(unit: WorkUnit, triggerId: string, key: readonly string[]): Promise<Bucket | undefined> {
  const row = await unit.first(
    unit.db
      .selectFrom('automation_bucket')
      .selectAll()
      .where('trigger_id', '=', triggerId)
      .where('bucketing_key', '=', json(key)),
  );
  return row && bucketOf(row).bucket;
}

/** A trigger's buckets whose windows are over. */
export async function readEndedBuckets(unit: WorkUnit, triggerId: string, now: Micros): Promise<KeyedBucket[]> {
  const rows = await unit.all(
    unit.db.selectFrom('automation_bucket').selectAll().where('trigger_id', '=', triggerId).where('ends', '<=', now),
  );
  return rows.map(bucketOf);
}

/** Stores what became of a bucket; nothing deletes it. */
export async function writeBucket(
  unit: WorkUnit,
  {
    automationId,
    triggerId,
    key,
  }: { readonly automationId: string; readonly triggerId: string; readonly key: readonly string[] },
  bucket: Bucket | undefined,
): Promise<void> {
  const address = { trigger_id: triggerId, bucketing_key: json(key) };
  if (!bucket) {
    const { trigger_id, bucketing_key } = address;
    await unit.run(
      unit.db.deleteFrom('automation_bucket').where('trigger_id', '=', trigger_id).where('bucketing_key', '=', bucketing_key),
    );
    return;
  }
  const { starts, ends, count, lastEvent } = bucket;
  const columns = { starts, ends, count, last_event: lastEvent === null ? null : json(lastEvent) };
  await unit.run(
    unit.db
      .insertInto('automation_bucket')
      .values({ ...address, automation_id: automationId, ...columns })
      .onConflict((conflict) => conflict.columns(['trigger_id', 'bucketing_key']).doUpdateSet(columns)),
  );
}

function bucketOf({ bucketing_key, starts, ends, count, last_event }: Selectable<AutomationBucketTable>): KeyedBucket {
  return {
    key: JSON.parse(bucketing_key),
    bucket: { starts, ends, count, lastEvent: last_event === null ? null : JSON.parse(last_event) },
  };
}
