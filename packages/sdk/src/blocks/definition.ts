import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { JsonSchema } from '../schema/json-schema.ts';

/** Marks a block; carries its definition. */
export const BRAND = Symbol.for('prefect-ts.block');
const DOCUMENT = Symbol.for('prefect-ts.block.document');
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

/** Which document of the server a block is. */
export interface BlockPlace {
  readonly id: string;
  /** null for one without a name, that only belongs to something else. */
  readonly name: string | null;
  readonly slug: string;
}

/** A block: its values, its methods, and where it is kept. Secrets are masked in print and in JSON. */
export type BlockInstance<V, M> = V & M & { readonly [DOCUMENT]: BlockPlace };

/** Where a block is kept; undefined for what is none. */
export function placeOfBlock(value: unknown): BlockPlace | undefined {
  if (typeof value !== 'object' || value === null || !(DOCUMENT in value)) return undefined;
  return value[DOCUMENT] as BlockPlace;
}

/** Puts values, methods and place of a block together. */
export function blockInstance(value: object, hidden: PropertyDescriptorMap, place: BlockPlace): BlockInstance<object, object> {
  return Object.defineProperties({ ...value }, { ...hidden, [DOCUMENT]: { value: place } }) as BlockInstance<object, object>;
}

/** Tells a kind of block from any other value, also one made by another copy of this package. */
export function isBlock(value: unknown): value is AnyBlock {
  return typeof value === 'object' && value !== null && BRAND in value;
}

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
