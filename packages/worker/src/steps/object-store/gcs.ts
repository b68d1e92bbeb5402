import { isRecord } from '../../job-template/placeholders.ts';
import { loadPackage } from '../../optional-package.ts';
import { type ObjectStore, ObjectStoreInputError, textOf } from './object-store.ts';

export interface GcsOptions {
  readonly bucket: string;
  readonly project: string | undefined;
  /** The data of a `gcp-credentials` block, the content of a key file, or the path of one; what the machine offers unless set. */
  readonly credentials: unknown;
  /** Where something else plays Google Cloud; there nobody signs in. */
  readonly endpoint?: string | undefined;
}

/** Opens a bucket of Google Cloud Storage. */
export async function openGcs({ bucket: name, project, credentials, endpoint }: GcsOptions): Promise<ObjectStore> {
  const sdk = await loadPackage('@google-cloud/storage', 'Storage on Google Cloud', () => import('@google-cloud/storage'));
  const projectId = project ?? (isRecord(credentials) ? textOf(credentials.project) : undefined);
  const place = endpoint === undefined ? authOptions(credentials) : { apiEndpoint: endpoint, useAuthWithCustomEndpoint: false };
  const bucket = new sdk.Storage({ ...place, ...(projectId && { projectId }) }).bucket(name);
  return {
    async *list(prefix) {
      for await (const file of bucket.getFilesStream({ prefix })) if (file instanceof sdk.File) yield file.name;
    },
    async read(key, path) {
      await bucket.file(key).download({ destination: path });
    },
    async write(key, path) {
      await bucket.upload(path, { destination: key });
    },
  };
}

function authOptions(credentials: unknown): { keyFilename?: string; credentials?: Record<string, unknown> } {
  if (credentials === undefined || credentials === null) return {};
  if (typeof credentials === 'string') {
    return credentials.trimStart().startsWith('{') ? { credentials: parseKey(credentials) } : { keyFilename: credentials };
  }
  if (!isRecord(credentials))
    throw new ObjectStoreInputError('The `credentials` of Google Cloud are neither an object nor a path.');
  const info = credentials.service_account_info;
  if (isRecord(info)) return { credentials: info };
  if (typeof info === 'string') return { credentials: parseKey(info) };
  const file = textOf(credentials.service_account_file);
  if (file) return { keyFilename: file };
  return credentials.private_key ? { credentials } : {};
}

function parseKey(text: string): Record<string, unknown> {
  const key: unknown = JSON.parse(text);
  if (!isRecord(key)) throw new ObjectStoreInputError('The key of the Google Cloud service account is not an object.');
  return key;
}
