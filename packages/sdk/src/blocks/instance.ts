import { inspect } from 'node:util';

const DOCUMENT = Symbol.for('prefect-ts.block.document');
const MASK = '**********';

/** Which document of the server a block is. */
export interface BlockDocumentPlace {
  readonly id: string;
  /** null for one without a name, that only belongs to something else. */
  readonly name: string | null;
  readonly slug: string;
}

/** A block: its values, its methods, and where it is kept. Secrets are masked in print and in JSON. */
export type BlockInstance<V, M> = V & M & { readonly [DOCUMENT]: BlockDocumentPlace };

/** Puts values, methods and place of a block together. */
export function blockInstance(
  value: Readonly<Record<string, unknown>>,
  methods: object,
  place: BlockDocumentPlace,
  secrets: readonly string[],
): BlockInstance<object, object> {
  const shown = () =>
    masked(
      value,
      secrets.map((path) => path.split('.')),
    );
  const hidden = {
    [DOCUMENT]: { value: place },
    [inspect.custom]: { value: () => `${place.slug}/${place.name ?? place.id} ${inspect(shown())}` },
    toJSON: { value: shown },
  };
  for (const [name, method] of Object.entries(methods)) Object.assign(hidden, { [name]: { value: method } });
  return Object.defineProperties({ ...value }, hidden) as BlockInstance<object, object>;
}

/** Where a block is kept; undefined for what is none. */
export function placeOfBlock(value: unknown): BlockDocumentPlace | undefined {
  if (typeof value !== 'object' || value === null || !(DOCUMENT in value)) return undefined;
  return value[DOCUMENT] as BlockDocumentPlace;
}

function masked(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return value === null || value === undefined ? value : MASK;
  if (paths.length === 0 || typeof value !== 'object' || value === null || placeOfBlock(value)) return value;
  if (Array.isArray(value)) return value.map((each, index) => masked(each, below(paths, String(index))));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each, below(paths, name))]));
}

function below(paths: readonly (readonly string[])[], name: string): (readonly string[])[] {
  return paths.filter(([first]) => first === name || first === '*').map((path) => path.slice(1));
}
