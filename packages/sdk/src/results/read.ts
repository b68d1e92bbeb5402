import { MissingResult } from '../errors.ts';
import { currentSession } from '../session/session.ts';
import { localStore } from './local-store.ts';
import type { ResultMetadata } from './metadata.ts';
import { valueInFile } from './records.ts';

const TRIES = 10;
const WAIT_MS = 250;

/** Reads a kept result by the metadata of a state. A state may be visible a moment before its file is: that is waited for. */
export async function readResult(metadata: ResultMetadata, tries: number = TRIES): Promise<unknown> {
  if (metadata.storage_block_id) {
    throw new MissingResult(
      `The result ${metadata.storage_key} lies in the storage block ${metadata.storage_block_id}, which cannot be read yet.`,
    );
  }
  const store = localStore(currentSession().settings.get('PREFECT_RESULTS_LOCAL_STORAGE_PATH'));
  for (let left = tries; left > 0; left--) {
    const text = await store.read(metadata.storage_key);
    if (text !== undefined) return valueInFile(text, metadata.serializer);
    if (left > 1) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  throw new MissingResult(`There is no result at ${metadata.storage_key}.`, {
    hint: 'It was written on another machine, or deleted. Keep results in a shared folder to read them elsewhere.',
  });
}
