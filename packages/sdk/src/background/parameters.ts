import { COMPATIBLE_VERSION, uuid4 } from '@prefect-ts/protocol';
import type { ResultStore } from '../results/local-store.ts';
import { valueInFile } from '../results/records.ts';
import { JSON_SERIALIZER, serializeResult } from '../results/serializer.ts';

/** What a process that serves a task finds of a call (contract, SDK 21.1). */
interface StoredCall {
  readonly context: Readonly<Record<string, unknown>>;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Under this name lies an input that is no object of named parameters. */
const WHOLE = 'input';

/** Keeps the input of a call for whoever serves the task. @returns its id; undefined for a call without input */
export async function storeInput(store: ResultStore, input: unknown): Promise<string | undefined> {
  if (input === undefined) return undefined;
  const id = uuid4();
  const named = isNamed(input);
  const call: StoredCall = {
    // What Python keeps here are its own objects; it takes none for a process without any.
    context: named ? {} : { whole_input: true },
    parameters: named ? input : { [WHOLE]: input },
  };
  const metadata = {
    storage_key: id,
    expiration: null,
    serializer: JSON_SERIALIZER,
    prefect_version: COMPATIBLE_VERSION,
    storage_block_id: store.blockId,
  };
  await store.write(placeOf(id), JSON.stringify({ metadata, result: serializeResult(call) }));
  return id;
}

/** The input of a call; undefined when nothing is kept under the id. @throws SerializationError when Python wrote it as a pickle */
export async function readInput(store: ResultStore, id: string): Promise<{ readonly input: unknown } | undefined> {
  const text = await store.read(placeOf(id));
  if (text === undefined) return undefined;
  const { context, parameters = {} } = valueInFile(text, JSON_SERIALIZER) as StoredCall;
  return { input: context.whole_input === true ? parameters[WHOLE] : parameters };
}

function placeOf(id: string): string {
  return `parameters/${id}`;
}

function isNamed(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && Object.getPrototypeOf(input) === Object.prototype;
}
