import type { BlockDocument } from '@prefect-ts/protocol';
import { currentSession } from '../session/session.ts';
import { knownBlocks } from './definition.ts';
import { instanceOf } from './documents.ts';

/** Puts blocks in the place of `{ $ref: { block_document_id } }`: of kinds that are defined here as such, others as data. */
export async function withBlocks(value: unknown): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Promise.all(value.map(withBlocks));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const id = referredDocument(value);
  if (id !== undefined) return loadReferred(id);
  const entries = Object.entries(value).map(async ([name, each]) => [name, await withBlocks(each)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function referredDocument(value: object): string | undefined {
  const { $ref } = value as { $ref?: unknown };
  const id = typeof $ref === 'string' ? $ref : ($ref as { block_document_id?: unknown } | undefined)?.block_document_id;
  return typeof id === 'string' ? id : undefined;
}

async function loadReferred(id: string): Promise<unknown> {
  const document: BlockDocument = await currentSession().client.call('GET /block_documents/{id}', {
    path: { id },
    query: { include_secrets: true },
  });
  const definition = knownBlocks().get(document.block_type?.slug ?? '');
  return definition ? instanceOf(definition, document, {}) : document.data;
}
