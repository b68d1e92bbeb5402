import type { ApiClient } from 'prefect-ts/client';
import { ObjectNotFound } from 'prefect-ts/client';
import { findPlaceholders, isRecord, lookUp, NOT_SET, toText } from './placeholders.ts';

/** Where blocks and variables come from. */
export interface ReferenceSource {
  /** The data of a block document, secrets included. */
  blockById(id: string): Promise<Record<string, unknown>>;
  blockByName(typeSlug: string, name: string): Promise<Record<string, unknown>>;
  /** The value of a variable; `undefined` when there is none. */
  variable(name: string): Promise<unknown>;
}

/** Reads blocks and variables from the server. */
export function serverReferences(client: ApiClient): ReferenceSource {
  return {
    async blockById(id) {
      const query = { include_secrets: true };
      return (await client.call('GET /block_documents/{id}', { path: { id }, query })).data;
    },
    async blockByName(slug, name) {
      const query = { include_secrets: true };
      const operation = 'GET /block_types/slug/{slug}/block_documents/name/{block_document_name}';
      const path = { slug, block_document_name: name };
      return (await client.call(operation, { path, query })).data;
    },
    async variable(name) {
      try {
        return (await client.call('GET /variables/name/{name}', { path: { name } })).value;
      } catch (error) {
        if (error instanceof ObjectNotFound) return undefined;
        throw error;
      }
    },
  };
}

/** A reference to a block cannot be filled in. */
export class BlockReferenceError extends Error {
  override readonly name = 'BlockReferenceError';
}

/** Fills the references to blocks and then those to variables of a template (contract 9.1). */
export async function resolveReferences(template: unknown, source: ReferenceSource): Promise<unknown> {
  return resolveVariables(await resolveBlocks(template, source), source);
}

/** Fills `{"$ref": {"block_document_id": …}}` and `{{ prefect.blocks.<type>.<name>[.path] }}`. */
async function resolveBlocks(template: unknown, source: ReferenceSource): Promise<unknown> {
  if (typeof template === 'string') return resolveBlocksOfText(template, source);
  if (isRecord(template)) {
    const reference = template.$ref;
    if (isRecord(reference) && typeof reference.block_document_id === 'string') {
      return source.blockById(reference.block_document_id);
    }
  }
  return mapEntries(template, (entry) => resolveBlocks(entry, source));
}

async function resolveBlocksOfText(text: string, source: ReferenceSource): Promise<unknown> {
  const placeholders = findPlaceholders(text).filter(({ kind }) => kind === 'block');
  const [first] = placeholders;
  if (first === undefined) return text;
  if (first.text === text) return readBlock(first.name, source);
  let filled = text;
  for (const { text: placeholder, name } of placeholders) {
    const value = await readBlock(name, source);
    if (typeof value === 'object' && value !== null) {
      throw new BlockReferenceError(
        `"${placeholder}" is an object and cannot stand inside a longer text; name one of its fields.`,
      );
    }
    filled = filled.replaceAll(placeholder, () => toText(value));
  }
  return filled;
}

async function readBlock(reference: string, source: ReferenceSource): Promise<unknown> {
  const [typeSlug = '', name = '', ...rest] = reference.slice('prefect.blocks.'.length).split('.');
  const data = await source.blockByName(typeSlug, name);
  const path = rest.join('.');
  const onlyValue = Object.keys(data).length === 1 && Object.hasOwn(data, 'value');
  const asksForValue = /^value(?:$|[.[])/.test(path);
  const start = onlyValue && !asksForValue ? data.value : data;
  const value = path === '' ? start : lookUp(start, path);
  if (value === NOT_SET) {
    throw new BlockReferenceError(
      `Invalid template: "{{ ${reference} }}". Could not resolve the keypath in the block document data.`,
    );
  }
  return value;
}

/** Fills `{{ prefect.variables.<name> }}`; a missing variable is an empty text. */
async function resolveVariables(template: unknown, source: ReferenceSource): Promise<unknown> {
  if (typeof template !== 'string') return mapEntries(template, (entry) => resolveVariables(entry, source));
  const placeholders = findPlaceholders(template).filter(({ kind }) => kind === 'variable');
  const [first] = placeholders;
  if (first === undefined) return template;
  if (first.text === template) return (await source.variable(variableName(first.name))) ?? '';
  let filled = template;
  for (const { text, name } of placeholders) {
    const value = await source.variable(variableName(name));
    filled = filled.replaceAll(text, () => (value === undefined ? '' : toText(value)));
  }
  return filled;
}

function variableName(reference: string): string {
  return reference.slice('prefect.variables.'.length);
}

async function mapEntries(value: unknown, change: (entry: unknown) => Promise<unknown>): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map(change));
  if (!isRecord(value)) return value;
  const entries = await Promise.all(Object.entries(value).map(async ([key, entry]) => [key, await change(entry)] as const));
  return Object.fromEntries(entries);
}
