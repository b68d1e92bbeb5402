import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidNameError } from '../errors.ts';
import {
  type AnyBlock,
  type Block,
  type BlockDefinition,
  type BlockInput,
  type BlockOptions,
  type BlockReferences,
  type BlockValue,
  BRAND,
  knownBlocks,
} from './definition.ts';
import type { UntypedBlock } from './documents.ts';

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
