import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidNameError } from '../errors.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import type { UntypedBlock } from './documents.ts';
import type { BlockInstance } from './instance.ts';

const BRAND = Symbol.for('prefect-ts.block');
const KNOWN = Symbol.for('prefect-ts.blocks');

/** Blocks that others refer to, by the field that holds them. */
export type BlockReferences = Readonly<Record<string, AnyBlock>>;

/** What a kind of block is. */
export interface BlockOptions<S extends StandardSchemaV1 = StandardSchemaV1, R extends BlockReferences = BlockReferences> {
  /** The fields, less those that hold other blocks. A schema of an object. */
  readonly schema: S;
  /** Fields that hold another block. */
  readonly refs?: R | undefined;
  /** Fields that are hidden in the database, the dashboard and in print; `tokens.*` for all of a record. */
  readonly secrets?: readonly string[] | undefined;
  /** Names of fields for other languages. Default: in snake case, as Python writes them. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** The schema as JSON Schema, where the library cannot write it. */
  readonly jsonSchema?: JsonSchema | undefined;
  /** How the dashboard calls the kind. Default: made from the slug. */
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly logoUrl?: string | undefined;
  readonly documentationUrl?: string | undefined;
  readonly codeExample?: string | undefined;
  readonly capabilities?: readonly string[] | undefined;
  /** Version of the schema. Default: `non-versioned`. */
  readonly version?: string | undefined;
}

/** What a block is saved with: its fields, and in place of other blocks those that were loaded or saved before. */
export type BlockInput<S extends StandardSchemaV1, R extends BlockReferences> = StandardSchemaV1.InferInput<S> & {
  readonly [F in keyof R]: R[F] extends Block<infer V, infer M> ? BlockInstance<V, M> : never;
};

/** The fields of a block, with the blocks that it refers to. */
export type BlockValue<S extends StandardSchemaV1, R extends BlockReferences> = Readonly<StandardSchemaV1.InferOutput<S>> & {
  readonly [F in keyof R]: R[F] extends Block<infer V, infer M> ? BlockInstance<V, M> : never;
};

/** A kind of block: settings and secrets that the server keeps under a name. */
export interface Block<V, M, I = unknown> {
  readonly [BRAND]: BlockDefinition;
  readonly slug: string;
  /** Brings type and schema to the server, where they are not there yet. Saving does it too. */
  register(): Promise<void>;
  /** The block of this name, with its methods. @throws ObjectNotFound, ParameterTypeError when its data do not fit */
  load(name: string, options?: LoadOptions): Promise<BlockInstance<V, M>>;
  /** Keeps a block under a name. @throws ConfigurationError when there is one and it may not be replaced */
  save(name: string, value: I, options?: SaveOptions): Promise<BlockInstance<V, M>>;
  /** Removes the block of this name. @returns whether there was one */
  delete(name: string): Promise<boolean>;
}

/** How a block is loaded. */
export interface LoadOptions {
  /** Whether the data have to fit the schema. Default true. */
  readonly validate?: boolean | undefined;
}

/** How a block is saved. */
export interface SaveOptions {
  /** Whether a block of that name may be replaced. Default false. */
  readonly overwrite?: boolean | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: a block of whatever types; its methods are never called through this.
export type AnyBlock = Block<any, any, any>;

/** A kind of block, as what registers, saves and loads reads it. */
export interface BlockDefinition extends BlockOptions {
  readonly slug: string;
  readonly methods: (value: never) => object;
}

/**
 * Defines a kind of block: a schema, and functions that work with the values.
 *
 * @example
 * const Bucket = block('bucket', { schema: z.object({ name: z.string(), key: z.string() }), secrets: ['key'] }, (bucket) => ({
 *   read: (path: string) => get(bucket.name, path, bucket.key),
 * }));
 * const lake = await Bucket.load('lake');
 */
export function block<S extends StandardSchemaV1, R extends BlockReferences = Record<never, never>, M extends object = object>(
  slug: string,
  options: BlockOptions<S, R>,
  methods: (value: BlockValue<S, R>) => M = () => ({}) as M,
): Block<BlockValue<S, R>, M, BlockInput<S, R>> {
  if (!/^[a-z0-9-]+$/.test(slug)) {
    throw new InvalidNameError(`The block slug "${slug}" may only have lowercase letters, digits and dashes.`);
  }
  const definition: BlockDefinition = { ...options, slug, methods: methods as BlockDefinition['methods'] };
  const documents = () => import('./documents.ts');
  const made: AnyBlock = {
    [BRAND]: definition,
    slug,
    register: async () => void (await (await import('./register.ts')).registerBlock(definition)),
    load: async (name, loadOptions) => (await documents()).loadBlock(definition, name, loadOptions),
    save: async (name, value, saveOptions) => (await documents()).saveBlock(definition, name, value, saveOptions),
    delete: async (name) => (await documents()).deleteBlock(slug, name),
  };
  knownBlocks().set(slug, definition);
  return made;
}

/** Any block as data, for kinds that are not defined here. `place` is `slug/name`. */
block.untyped = async (place: string): Promise<UntypedBlock> => (await import('./documents.ts')).loadUntyped(place);

/** The definition of a kind of block. */
export function blockDefinitionOf(value: AnyBlock): BlockDefinition {
  return value[BRAND];
}

/** The kinds of blocks that this process defines, by slug; shared by all copies of this package. */
export function knownBlocks(): Map<string, BlockDefinition> {
  const shared = globalThis as { [KNOWN]?: Map<string, BlockDefinition> };
  shared[KNOWN] ??= new Map();
  return shared[KNOWN];
}
