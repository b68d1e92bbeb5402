import { isJsonObject } from '../../json/exact-json.ts';
import { referencesIn } from './schema-checksum.ts';

export type JsonObject = Record<string, unknown>;

/** A property of a block that holds another block, as the fields of a schema name it. */
export interface BlockReference {
  readonly name: string;
  readonly slug: string;
  readonly checksum: string;
}

/** A block schema on its way out: its own fields, and the blocks that it holds. */
export interface SchemaNode {
  readonly slug: string;
  readonly checksum: string;
  readonly fields: JsonObject;
  readonly children: readonly { readonly name: string; readonly node: SchemaNode }[];
}

/** What is kept of the fields themselves; the blocks that they hold are schemas of their own. */
export function ownFields(fields: JsonObject): JsonObject {
  const { block_schema_references: _references, definitions, ...own } = fields;
  if (!isJsonObject(definitions)) return own;
  const others = Object.entries(definitions).filter(([, definition]) => !isBlock(definition) && !saysNothing(definition));
  return others.length === 0 ? own : { ...own, definitions: Object.fromEntries(others) };
}

/** The blocks that fields refer to; a property that may hold one of several has several references. */
export function blockReferences(fields: JsonObject): BlockReference[] {
  if (!isJsonObject(fields.block_schema_references)) return [];
  return Object.entries(fields.block_schema_references).flatMap(([name, referred]) =>
    (Array.isArray(referred) ? referred : [referred]).filter(isJsonObject).map((reference) => ({
      name,
      slug: String(reference.block_type_slug),
      checksum: String(reference.block_schema_checksum),
    })),
  );
}

/** The fields of a block that came along inside of another's definitions; nothing if it did not. */
export function bundledFields(parent: JsonObject, { name, slug }: BlockReference): JsonObject | undefined {
  if (!isJsonObject(parent.definitions)) return undefined;
  const { definitions, properties } = parent;
  const property = isJsonObject(properties) ? properties[name] : undefined;
  const block = referencesIn(property)
    .map((definition) => definitions[definition])
    .find((definition) => isJsonObject(definition) && definition.block_type_slug === slug);
  if (!isJsonObject(block)) return undefined;
  const reached = new Map<string, unknown>();
  const reach = (value: unknown): void => {
    for (const name of referencesIn(value)) {
      if (reached.has(name) || !(name in definitions)) continue;
      reached.set(name, definitions[name]);
      reach(definitions[name]);
    }
  };
  reach(block);
  return reached.size === 0 ? block : { ...block, definitions: Object.fromEntries(reached) };
}

/** The fields as clients know them, with the definitions of all blocks below. */
export function completeFields(node: SchemaNode): JsonObject {
  const definitions: JsonObject = {};
  collectDefinitions(node, definitions, new Set());
  const { definitions: _own, ...fields } = node.fields;
  return {
    ...fields,
    ...(Object.keys(definitions).length > 0 ? { definitions } : {}),
    block_schema_references: shownReferences(node),
  };
}

function collectDefinitions(node: SchemaNode, definitions: JsonObject, seen: Set<string>): void {
  if (isJsonObject(node.fields.definitions)) Object.assign(definitions, node.fields.definitions);
  for (const { node: child } of node.children) {
    if (seen.has(child.checksum)) continue;
    seen.add(child.checksum);
    const { definitions: _shared, ...fields } = child.fields;
    definitions[String(child.fields.title)] = { ...fields, block_schema_references: shownReferences(child) };
    collectDefinitions(child, definitions, seen);
  }
}

function shownReferences({ children }: SchemaNode): JsonObject {
  const shown: Record<string, unknown[]> = {};
  for (const { name, node } of children) {
    shown[name] ??= [];
    shown[name].push({ block_schema_checksum: node.checksum, block_type_slug: node.slug });
  }
  return Object.fromEntries(
    Object.entries(shown).map(([name, references]) => [name, references.length === 1 ? references[0] : references]),
  );
}

/** Any value will do: the definition that Pydantic makes of arbitrary JSON. */
function saysNothing(definition: unknown): boolean {
  return isJsonObject(definition) && Object.keys(definition).length === 0;
}

function isBlock(definition: unknown): boolean {
  return isJsonObject(definition) && Boolean(definition.block_type_slug);
}
