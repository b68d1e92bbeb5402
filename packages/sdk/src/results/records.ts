import { COMPATIBLE_VERSION, uuid4 } from '@prefect-ts/protocol';
import type { ResultStore } from './local-store.ts';
import type { ResultMetadata } from './metadata.ts';
import { deserializeResult, JSON_SERIALIZER, serializeResult } from './serializer.ts';

/** A result with what is known about it. */
export interface ResultRecord {
  readonly metadata: ResultMetadata;
  readonly value: unknown;
}

/** A result that is ready to be kept. */
export interface PreparedRecord {
  readonly metadata: ResultMetadata;
  write(): Promise<void>;
}

/**
 * Makes the record of a task's result: one file with metadata and value, or, with a place for keys, the value in one file and the
 * metadata under the key in another (contract, SDK 19.3).
 *
 * @throws SerializationError
 */
export function prepareTaskRecord(
  store: ResultStore,
  key: string,
  value: unknown,
  expiration: string | null,
  keys?: ResultStore,
): PreparedRecord {
  const result = serializeResult(value);
  if (!keys) {
    const metadata = metadataFor(store, key, expiration);
    return { metadata, write: () => store.write(key, JSON.stringify({ metadata, result })) };
  }
  const place = uuid4().replaceAll('-', '');
  const metadata = metadataFor(store, place, expiration);
  return {
    metadata,
    async write() {
      await store.write(place, result);
      await keys.write(key, JSON.stringify(metadata));
    },
  };
}

/** Keeps the result of a task at once. */
export async function writeTaskRecord(
  store: ResultStore,
  key: string,
  value: unknown,
  expiration: string | null,
): Promise<ResultMetadata> {
  const { metadata, write } = prepareTaskRecord(store, key, value, expiration);
  await write();
  return metadata;
}

/** Keeps the result of a flow: only the value; the metadata travels in the state. */
export async function writeFlowResult(store: ResultStore, key: string, value: unknown): Promise<ResultMetadata> {
  await store.write(key, serializeResult(value));
  return metadataFor(store, key, null);
}

/** The record under a key, undefined when there is none or it has expired. */
export async function readTaskRecord(
  store: ResultStore,
  key: string,
  keys?: ResultStore,
  now: number = Date.now(),
): Promise<ResultRecord | undefined> {
  const text = await (keys ?? store).read(key);
  if (text === undefined) return undefined;
  const record = keys ? await followMetadata(store, text) : parseRecord(text);
  if (!record) return undefined;
  const { metadata, result } = record;
  if (metadata.expiration && Date.parse(metadata.expiration) <= now) return undefined;
  return { metadata, value: deserializeResult(result, metadata.serializer) };
}

async function followMetadata(
  store: ResultStore,
  text: string,
): Promise<{ metadata: ResultMetadata; result: string } | undefined> {
  const metadata = JSON.parse(text) as ResultMetadata;
  const result = await store.read(metadata.storage_key);
  return result === undefined ? undefined : { metadata, result };
}

/** The value in a file: of a record, or bare as flows write it; the serializer is then that of the state. */
export function valueInFile(text: string, serializer: ResultMetadata['serializer']): unknown {
  const record = parseRecord(text);
  return record ? deserializeResult(record.result, record.metadata.serializer) : deserializeResult(text, serializer);
}

function metadataFor(store: ResultStore, key: string, expiration: string | null): ResultMetadata {
  return {
    storage_key: store.recordedKey(key),
    expiration,
    serializer: JSON_SERIALIZER,
    prefect_version: COMPATIBLE_VERSION,
    storage_block_id: store.blockId,
  };
}

function parseRecord(text: string): { metadata: ResultMetadata; result: string } | undefined {
  if (!text.startsWith('{"')) return undefined;
  try {
    const parsed = JSON.parse(text) as Partial<{ metadata: ResultMetadata; result: string }>;
    return parsed.metadata?.serializer && typeof parsed.result === 'string'
      ? { metadata: parsed.metadata, result: parsed.result }
      : undefined;
  } catch {
    return undefined;
  }
}
