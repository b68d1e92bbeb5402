import { createHash } from 'node:crypto';
import { isJsonObject } from '../../json/exact-json.ts';
import { pythonJson } from '../../json/python-json.ts';

type JsonObject = Record<string, unknown>;

/**
 * What a block schema is known by: clients compute it of their class and look their schema up by it, so it must agree to the bit.
 * Contract: events-blocks-and-the-rest 14.4.
 *
 * @param fields as posted, read by `parseExactJson`.
 */
export function blockSchemaChecksum(fields: JsonObject): string {
  const hashed = withNeededDefinitions(withoutSecretFields(fields));
  return `sha256:${createHash('sha256')
    .update(pythonJson([[hashed], {}]))
    .digest('hex')}`;
}

function withoutSecretFields(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([name]) => name !== 'secret_fields')
      .map(([name, value]) => [name, isJsonObject(value) ? withoutSecretFields(value) : value]),
  );
}

/** The definitions that are referred to, say anything, and are not blocks, which have checksums of their own. */
function withNeededDefinitions(fields: JsonObject): JsonObject {
  const { definitions, ...others } = fields;
  if (!isJsonObject(definitions) || Object.keys(definitions).length === 0) return fields;
  const referred = new Set(referencesIn(fields));
  const needed = Object.entries(definitions).filter(([name, definition]) => referred.has(name) && isOtherThanBlock(definition));
  return needed.length === 0 ? others : { ...others, definitions: Object.fromEntries(needed) };
}

function isOtherThanBlock(definition: unknown): boolean {
  return isJsonObject(definition) && Object.keys(definition).length > 0 && !definition.block_type_slug;
}

const PREFIX = '#/definitions/';

/** The names of the definitions that `value` refers to, anywhere in it. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' && typeof member === 'string'
      ? [member.startsWith(PREFIX) ? member.slice(PREFIX.length) : member]
      : referencesIn(member),
  );
}
