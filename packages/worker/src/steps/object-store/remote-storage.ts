import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from '../../job-template/placeholders.ts';
import { gitClone } from '../git-clone.ts';
import type { Step, StepContext } from '../run-steps.ts';
import { openAzureBlob } from './azure-blob.ts';
import { openGcs } from './gcs.ts';
import { type ObjectStore, ObjectStoreInputError, requiredText, textOf, withStore } from './object-store.ts';
import { openS3 } from './s3.ts';
import { pullFolder } from './transfer.ts';

type Data = Readonly<Record<string, unknown>>;

/**
 * Downloads a folder that a URL names. Inputs: `url` (`s3://`, `gs://`, `gcs://`, `az://`, `abfs://` or `file://`) and the settings that
 * fsspec, which Python clients use, has for that kind of storage. Output: `directory`.
 */
export const pullFromRemoteStorage: Step = async (inputs, context) => {
  const { url: _url, ...settings } = inputs;
  const url = requiredText(inputs, 'url');
  const directory = join(context.directory, folderName(url));
  await pullUrl(url, settings, directory, context);
  return { directory };
};

/** Downloads what a storage block holds. Inputs: `block_type_slug`, `block_document_name`. Output: `directory`. */
export const pullWithBlock: Step = async (inputs, context) => {
  const type = requiredText(inputs, 'block_type_slug');
  const name = requiredText(inputs, 'block_document_name');
  const data = await context.references.blockByName(type, name);
  const repository = textOf(data.repository_url) ?? textOf(data.repository);
  if (repository) return gitClone(gitInputs(repository, data), context);
  const directory = join(context.directory, name);
  const path = textOf(data.basepath);
  if (type === 'local-file-system') await cp(resolve(path ?? '.'), directory, { recursive: true });
  else if (path) await pullUrl(path, recordOf(data.settings), directory, context);
  else await pullBucket(type, data, directory, context);
  return { directory };
};

async function pullUrl(text: string, settings: Data, directory: string, context: StepContext): Promise<void> {
  const url = new URL(text);
  const folder = decodeURIComponent(url.pathname);
  if (url.protocol === 'file:' || url.protocol === 'local:') {
    await cp(fileURLToPath(text.replace(/^local:/, 'file:')), directory, { recursive: true });
    return;
  }
  // abfs://container@account.dfs.core.windows.net/folder
  const bucket = url.username || url.host;
  await withStore(openUrl(url, bucket, settings, context), (store) => pullFolder(store, folder, directory));
}

function openUrl(url: URL, bucket: string, settings: Data, { env }: StepContext): Promise<ObjectStore> {
  switch (url.protocol) {
    case 's3:':
    case 's3a:':
      return openS3({ bucket, credentials: s3Credentials(settings), parameters: recordOf(settings.client_kwargs), env });
    case 'gs:':
    case 'gcs:':
      return openGcs({
        bucket,
        project: textOf(settings.project),
        credentials: settings.token,
        endpoint: textOf(settings.endpoint_url) ?? env.STORAGE_EMULATOR_HOST,
      });
    case 'az:':
    case 'abfs:':
    case 'abfss:':
      return openAzureBlob({ container: bucket, credentials: azureCredentials(url, settings) });
    default:
      throw new ObjectStoreInputError(`There is no storage for '${url.protocol}//'. Known: s3, gs, gcs, az, abfs, abfss, file.`);
  }
}

function s3Credentials(settings: Data): Data {
  const more = recordOf(settings.client_kwargs);
  return {
    aws_access_key_id: settings.key,
    aws_secret_access_key: settings.secret,
    aws_session_token: settings.token,
    profile_name: settings.profile,
    region_name: more.region_name,
    aws_client_parameters: settings.endpoint_url ? { endpoint_url: settings.endpoint_url } : {},
  };
}

function azureCredentials(url: URL, settings: Data): Data {
  const account = url.username ? url.host.split('.')[0] : undefined;
  return account ? { account_name: account, ...settings } : settings;
}

async function pullBucket(type: string, data: Data, directory: string, context: StepContext): Promise<void> {
  const folder = textOf(data.bucket_folder) ?? textOf(data.base_folder) ?? '';
  await withStore(openBucket(type, data, context), (store) => pullFolder(store, folder, directory));
}

function openBucket(type: string, data: Data, { env }: StepContext): Promise<ObjectStore> {
  switch (type) {
    case 's3-bucket': {
      const credentials = recordOf(data.credentials ?? data.aws_credentials ?? data.minio_credentials);
      return openS3({ bucket: requiredText(data, 'bucket_name'), credentials, parameters: {}, env });
    }
    case 'gcs-bucket':
      return openGcs({
        bucket: requiredText(data, 'bucket'),
        project: undefined,
        credentials: data.gcp_credentials,
        endpoint: env.STORAGE_EMULATOR_HOST,
      });
    case 'azure-blob-storage-container':
      return openAzureBlob({ container: requiredText(data, 'container_name'), credentials: recordOf(data.credentials) });
    default:
      throw new ObjectStoreInputError(
        `Blocks of type '${type}' hold no code that this program can fetch. Known: s3-bucket, gcs-bucket, azure-blob-storage-container, ` +
          'local-file-system, remote-file-system, and repositories.',
      );
  }
}

/** Blocks for GitHub, GitLab and Bitbucket name the same things differently. */
function gitInputs(repository: string, data: Data): Data {
  const credentials = ['credentials', 'github_credentials', 'gitlab_credentials', 'bitbucket_credentials'];
  return {
    repository,
    branch: textOf(data.reference) ?? textOf(data.branch),
    include_submodules: data.include_submodules === true,
    credentials: credentials.map((name) => data[name]).find(isRecord),
  };
}

function folderName(url: string): string {
  return (
    url
      .replace(/^\w+:\/+/, '')
      .replaceAll(/[^\w.@-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'storage'
  );
}

function recordOf(value: unknown): Data {
  return isRecord(value) ? value : {};
}
