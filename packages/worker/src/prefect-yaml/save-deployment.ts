import { readFile, writeFile } from 'node:fs/promises';
import { isMap, isSeq, parseDocument, YAMLSeq } from 'yaml';
import type { DeploymentEntry } from './project-file.ts';

/**
 * Writes a deployment into a project's file: in the place of the one with the same name and entrypoint, else at the end. Comments and
 * everything else in the file stay.
 */
export async function saveDeployment(path: string, entry: DeploymentEntry): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  await writeFile(path, withDeployment(text, entry));
}

/** The text of a project's file with a deployment in it. */
export function withDeployment(text: string, entry: DeploymentEntry): string {
  const document = parseDocument(text === '' ? 'deployments: []\n' : text);
  if (!isSeq(document.get('deployments'))) document.set('deployments', new YAMLSeq());
  const list = document.get('deployments');
  if (!isSeq(list)) return text;
  list.flow = false;
  const node = document.createNode(entry);
  const index = list.items.findIndex(
    (item) => isMap(item) && item.get('name') === entry.name && item.get('entrypoint') === entry.entrypoint,
  );
  if (index < 0) list.add(node);
  else list.set(index, node);
  return String(document);
}
