import { uuid4 } from '@prefect-ts/protocol';
import { DetailError } from '../../errors.ts';
import { isJsonObject } from '../../json/exact-json.ts';
import type { WorkUnit } from '../../work-unit.ts';
import type { JsonObject } from './schema-fields.ts';

/** A member of a document that another document holds. */
export interface DocumentReference {
  readonly name: string;
  readonly documentId: string;
}

/** Parts what a client sends of a document into its own data and the documents that it refers to. */
export function splitData(data: JsonObject): { readonly own: JsonObject; readonly references: readonly DocumentReference[] } {
  const own: [name: string, value: unknown][] = [];
  const references: DocumentReference[] = [];
  for (const [name, value] of Object.entries(data)) {
    if (!isJsonObject(value) || !isJsonObject(value.$ref)) {
      own.push([name, value]);
      continue;
    }
    const documentId = value.$ref.block_document_id;
    if (typeof documentId !== 'string')
      throw new DetailError(400, `Received block reference without a block_document_id in key ${name}`);
    references.push({ name, documentId });
  }
  return { own: Object.fromEntries(own), references };
}

/** Makes `wanted` the references of a document: those that are not wanted any more go. */
export async function replaceReferences(unit: WorkUnit, documentId: string, wanted: readonly DocumentReference[]): Promise<void> {
  const present = await unit.all(
    unit.db.selectFrom('block_document_reference').select(['id', 'name', 'reference_id']).where('parent_id', '=', documentId),
  );
  const isWanted = ({ name, reference_id }: (typeof present)[number]) =>
    wanted.some((reference) => reference.name === name && reference.documentId === reference_id);
  const gone = present.filter((reference) => !isWanted(reference)).map(({ id }) => id);
  if (gone.length > 0) await unit.run(unit.db.deleteFrom('block_document_reference').where('id', 'in', gone));
  for (const { name, documentId: referred } of wanted) {
    if (present.some((reference) => reference.name === name && reference.reference_id === referred)) continue;
    await refuseCycle(unit, documentId, referred);
    const row = { id: uuid4(), name, parent_id: documentId, reference_id: referred };
    await unit.run(unit.db.insertInto('block_document_reference').values(row));
  }
}

async function refuseCycle(unit: WorkUnit, parent: string, reference: string): Promise<void> {
  const seen = new Set<string>();
  let level = [reference];
  while (level.length > 0) {
    if (level.includes(parent))
      throw new DetailError(
        400,
        `Cannot create block document reference: it would introduce a cycle into the block_document_reference graph (parent=${parent}, reference=${reference}).`,
      );
    for (const id of level) seen.add(id);
    const rows = await unit.all(
      unit.db.selectFrom('block_document_reference').select('reference_id').where('parent_id', 'in', level),
    );
    level = [...new Set(rows.map((row) => row.reference_id))].filter((id) => !seen.has(id));
  }
}
