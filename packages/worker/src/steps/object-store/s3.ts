import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '../../aws/aws-client-options.ts';
import { isRecord } from '../../job-template/placeholders.ts';
import { loadPackage } from '../../optional-package.ts';
import type { ObjectStore } from './object-store.ts';

export interface S3Options {
  readonly bucket: string;
  /** The data of a block with credentials of AWS or MinIO. */
  readonly credentials: Readonly<Record<string, unknown>>;
  /** As `aws_client_parameters` of the block, over which they go. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const IN_MEMORY_BYTES = 16 * 1024 * 1024;

/** Opens a bucket of S3, or of what speaks as S3 does. */
export async function openS3({ bucket, credentials, parameters, env }: S3Options): Promise<ObjectStore> {
  const sdk = await loadPackage('@aws-sdk/client-s3', 'Storage on S3', () => import('@aws-sdk/client-s3'));
  const own = isRecord(credentials.aws_client_parameters) ? credentials.aws_client_parameters : {};
  const block = { ...credentials, aws_client_parameters: { ...own, ...parameters } };
  const options = awsClientOptions(block, env);
  // Only AWS itself has a host for each bucket.
  const client: S3Client = new sdk.S3Client({ ...options, forcePathStyle: options.endpoint !== undefined });
  return {
    async *list(prefix) {
      for await (const { Contents = [] } of sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key } of Contents) if (Key !== undefined) yield Key;
      }
    },
    async read(key, path) {
      const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }));
      await pipeline(Body instanceof Readable ? Body : Readable.from([]), createWriteStream(path));
    },
    async write(key, path) {
      const { size } = await stat(path);
      // What is in memory can be sent again when the connection breaks.
      const body = size <= IN_MEMORY_BYTES ? await readFile(path) : createReadStream(path);
      await client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentLength: size }));
    },
    close: () => client.destroy(),
  };
}
