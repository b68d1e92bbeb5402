/** A bucket or container of some cloud, as far as steps need it. */
export interface ObjectStore {
  /** The keys that begin so. */
  list(prefix: string): AsyncIterable<string>;
  /** Writes an object to a file. */
  read(key: string, path: string): Promise<void>;
  /** Writes a file under a key. */
  write(key: string, path: string): Promise<void>;
  /** Lets go of connections. */
  close?(): void;
}

/** Does work with a store, and lets go of it. */
export async function withStore<Result>(
  opening: Promise<ObjectStore>,
  work: (store: ObjectStore) => Promise<Result>,
): Promise<Result> {
  const store = await opening;
  try {
    return await work(store);
  } finally {
    store.close?.();
  }
}

/** A step that names no bucket, or credentials that cannot be meant. */
export class ObjectStoreInputError extends Error {
  override readonly name = 'ObjectStoreInputError';
}

/** The text under a name among a step's inputs. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @throws {ObjectStoreInputError} when there is none */
export function requiredText(inputs: Readonly<Record<string, unknown>>, name: string): string {
  const text = textOf(inputs[name]);
  if (text === undefined) throw new ObjectStoreInputError(`The step needs the input \`${name}\`.`);
  return text;
}
