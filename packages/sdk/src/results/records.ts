import { COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import type { ResultStore } from './local-store.ts';
import type { ResultMetadata } from './metadata.ts';
import { deserializeResult, JSON_SERIALIZER, serializeResult } from './serializer.ts';

/** A result with what is known about it. */
export interface ResultRecord {
  readonly metadata: ResultMetadata;
  readonly value: unknown;
}

/** Keeps the result of a task: one file with metadata and value (contract, SDK 19.3). */
export async function writeTaskRecord(
  store: ResultStore,
  key: string,
  value: unknown,
  expiration: string | null,
): Promise<ResultMetadata> {
  const metadata = metadataFor(store, key, expiration);
  await store.write(key, JSON.stringify({ metadata, result: serializeResult(value) }));
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
  now: number = Date.now(),
): Promise<ResultRecord | undefined> {
  const text = await store.read(key);
  if (text === undefined) return undefined;
  const record = parseRecord(text);
  if (!record) return undefined;
  const { metadata, result } = record;
  if (metadata.expiration && Date.parse(metadata.expiration) <= now) return undefined;
  return { metadata, value: deserializeResult(result, metadata.serializer) };
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
