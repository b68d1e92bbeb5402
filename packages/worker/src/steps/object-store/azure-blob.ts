import type { ContainerClient } from '@azure/storage-blob';
import { isRecord } from '../../job-template/placeholders.ts';
import { loadPackage } from '../../optional-package.ts';
import { type ObjectStore, ObjectStoreInputError, textOf } from './object-store.ts';

export interface AzureBlobOptions {
  readonly container: string;
  /** `connection_string`, or `account_url` with an `account_key`, a `sas_token` or a service principal; what the machine offers unless set. */
  readonly credentials: Readonly<Record<string, unknown>>;
}

/** Opens a container of Azure Blob Storage. */
export async function openAzureBlob({ container: name, credentials }: AzureBlobOptions): Promise<ObjectStore> {
  const container = await openContainer(name, credentials);
  return {
    async *list(prefix) {
      for await (const blob of container.listBlobsFlat({ prefix })) yield blob.name;
    },
    async read(key, path) {
      await container.getBlobClient(key).downloadToFile(path);
    },
    async write(key, path) {
      await container.getBlockBlobClient(key).uploadFile(path);
    },
  };
}

async function openContainer(name: string, credentials: Readonly<Record<string, unknown>>): Promise<ContainerClient> {
  const sdk = await loadPackage('@azure/storage-blob', 'Storage on Azure', () => import('@azure/storage-blob'));
  const connection = textOf(credentials.connection_string);
  if (connection) return sdk.BlobServiceClient.fromConnectionString(connection).getContainerClient(name);
  const account = textOf(credentials.account_name);
  const url = textOf(credentials.account_url) ?? (account && `https://${account}.blob.core.windows.net`);
  if (!url) {
    throw new ObjectStoreInputError('The `credentials` of Azure need `connection_string`, `account_url` or `account_name`.');
  }
  const key = textOf(credentials.account_key);
  const token = textOf(credentials.sas_token);
  if (token) return new sdk.BlobServiceClient(`${url}?${token.replace(/^\?/, '')}`).getContainerClient(name);
  if (key) {
    const shared = new sdk.StorageSharedKeyCredential(account ?? accountOf(url), key);
    return new sdk.BlobServiceClient(url, shared).getContainerClient(name);
  }
  return new sdk.BlobServiceClient(url, await openIdentity(credentials)).getContainerClient(name);
}

function accountOf(url: string): string {
  const { hostname, pathname } = new URL(url);
  // An emulator has the account in its path.
  return pathname.length > 1 ? (pathname.split('/')[1] ?? '') : (hostname.split('.')[0] ?? '');
}

async function openIdentity(credentials: Readonly<Record<string, unknown>>) {
  const sdk = await loadPackage('@azure/identity', 'Storage on Azure without a key', () => import('@azure/identity'));
  const principal = isRecord(credentials.service_principal) ? credentials.service_principal : credentials;
  const [tenant, id, secret] = ['tenant_id', 'client_id', 'client_secret'].map((name) => textOf(principal[name]));
  return tenant && id && secret ? new sdk.ClientSecretCredential(tenant, id, secret) : new sdk.DefaultAzureCredential();
}
