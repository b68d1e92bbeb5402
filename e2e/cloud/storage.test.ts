import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { BlobServiceClient } from '@azure/storage-blob';
import { Storage } from '@google-cloud/storage';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ReferenceSource } from '../../packages/worker/src/job-template/references.ts';
import { runSteps, type StepDefinition } from '../../packages/worker/src/steps/run-steps.ts';
import { type Emulator, startAzurite, startFakeGcs, startMoto } from './emulators.ts';

/** A kind of storage, as its steps see it. */
interface Cloud {
  /** The part of the steps' names that tells the package. */
  readonly package: string;
  /** The rest of the steps' names. */
  readonly name: string;
  readonly container: 'bucket' | 'container';
  readonly url: string;
  readonly block: string;
  start(): Promise<Emulator>;
  /** Makes the bucket `flows`, and gives the inputs that lead to it. */
  prepare(emulator: Emulator): Promise<Record<string, unknown>>;
  /** What fsspec calls the same. */
  settings(inputs: Record<string, unknown>): Record<string, unknown>;
  blockData(inputs: Record<string, unknown>): Record<string, unknown>;
}

const S3: Cloud = {
  package: 'prefect_aws',
  name: 's3',
  container: 'bucket',
  url: 's3://flows/project/v1',
  block: 's3-bucket',
  start: startMoto,
  async prepare({ url }) {
    const credentials = { aws_access_key_id: 'a', aws_secret_access_key: 's', region_name: 'us-east-1' };
    const access = { credentials: { accessKeyId: 'a', secretAccessKey: 's' }, region: 'us-east-1', endpoint: url };
    const client = new S3Client({ ...access, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'flows' }));
    // The console of AWS writes such an object for a folder.
    await client.send(new PutObjectCommand({ Bucket: 'flows', Key: 'project/v1/empty/', Body: new Uint8Array() }));
    client.destroy();
    return { bucket: 'flows', credentials, client_parameters: { endpoint_url: url } };
  },
  settings: ({ client_parameters }) => ({
    key: 'a',
    secret: 's',
    client_kwargs: { region_name: 'us-east-1', ...(client_parameters as object) },
  }),
  blockData: ({ credentials, client_parameters }) => ({
    bucket_name: 'flows',
    bucket_folder: 'project/v1',
    credentials: { ...(credentials as object), aws_client_parameters: client_parameters },
  }),
};

const GCS: Cloud = {
  package: 'prefect_gcp',
  name: 'gcs',
  container: 'bucket',
  url: 'gs://flows/project/v1',
  block: 'gcs-bucket',
  start: startFakeGcs,
  async prepare({ url }) {
    await new Storage({ apiEndpoint: url, projectId: 'p', useAuthWithCustomEndpoint: false }).createBucket('flows');
    return { bucket: 'flows', project: 'p' };
  },
  settings: ({ project }) => ({ project }),
  blockData: () => ({ bucket: 'flows', bucket_folder: 'project/v1/', gcp_credentials: { project: 'p' } }),
};

const AZURE: Cloud = {
  package: 'prefect_azure',
  name: 'azure_blob_storage',
  container: 'container',
  url: 'az://flows/project/v1',
  block: 'azure-blob-storage-container',
  start: startAzurite,
  async prepare({ url }) {
    // The account that every Azurite has.
    const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
    const parts = ['DefaultEndpointsProtocol=http', 'AccountName=devstoreaccount1', `AccountKey=${key}`];
    const connection_string = [...parts, `BlobEndpoint=${url}/devstoreaccount1`].join(';');
    await BlobServiceClient.fromConnectionString(connection_string).createContainer('flows');
    return { container: 'flows', credentials: { connection_string } };
  },
  settings: ({ credentials }) => ({ ...(credentials as object) }),
  blockData: ({ credentials }) => ({ container_name: 'flows', base_folder: 'project/v1', credentials }),
};

describe.each([S3, GCS, AZURE])('storage in $url', (cloud) => {
  let emulator: Emulator;
  let inputs: Record<string, unknown>;
  let project: string;
  let elsewhere: string;

  beforeAll(async () => {
    emulator = await cloud.start();
    inputs = await cloud.prepare(emulator);
  });
  afterAll(async () => {
    await emulator?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), 'project-'));
    elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
    await mkdir(join(project, 'flows/deep'), { recursive: true });
    await mkdir(join(project, 'node_modules/left-pad'), { recursive: true });
    await writeFile(join(project, 'flows/etl.ts'), 'export const etl = 1;\n');
    await writeFile(join(project, 'flows/deep/ünïcode name.txt'), 'ü');
    await writeFile(join(project, 'empty.txt'), '');
    await writeFile(join(project, 'big.bin'), Buffer.alloc(9_000_000, 7));
    await writeFile(join(project, 'secret.env'), 'x');
    await writeFile(join(project, 'node_modules/left-pad/index.js'), 'x');
    await writeFile(join(project, '.prefectignore'), 'node_modules/\n*.env\n');
  });
  afterEach(async () => {
    await rm(project, { recursive: true });
    await rm(elsewhere, { recursive: true });
  });

  const references = (): ReferenceSource => ({
    blockById: async () => ({}),
    blockByName: async () => cloud.blockData(inputs),
    variable: async () => undefined,
  });
  // How programs find the emulator of Google; others get its address with their inputs.
  const env = () => ({ ...process.env, STORAGE_EMULATOR_HOST: emulator.url });
  const run = (directory: string, ...steps: StepDefinition[]) =>
    runSteps({ steps, directory, references: references(), env: env(), print: () => undefined });
  const pushName = `${cloud.package}.deployments.steps.push_to_${cloud.name}`;
  const pushTo = (folder: string): StepDefinition => ({ [pushName]: { ...inputs, folder, id: 'push' } });
  const pullName = `${cloud.package}.deployments.steps.pull_from_${cloud.name}`;

  const expected = ['.prefectignore', 'big.bin', 'empty.txt', 'flows/deep/ünïcode name.txt', 'flows/etl.ts'];
  async function filesIn(directory: string): Promise<string[]> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((file) => join(file.parentPath, file.name).slice(directory.length + 1)).sort();
  }

  test('a project comes back as it went, without what it ignores', async () => {
    const pushed = await run(project, pushTo('project/v1'));
    expect(pushed.outputs.push).toEqual({ [cloud.container]: 'flows', folder: 'project/v1' });
    // A folder whose name only begins so is another one.
    await run(join(project, 'flows'), pushTo('project/v1-old'));
    const folder = `{{ push.folder }}`;
    const pull = { [pullName]: { ...inputs, [cloud.container]: `{{ push.${cloud.container} }}`, folder, id: 'pull' } };
    const pulled = await runSteps({
      steps: [pull],
      directory: elsewhere,
      references: references(),
      env: env(),
      outputs: pushed.outputs,
      print: () => undefined,
    });
    expect(pulled.directory).toBe(elsewhere);
    expect(pulled.outputs.pull).toEqual({ [cloud.container]: 'flows', folder: 'project/v1', directory: elsewhere });
    expect(await filesIn(elsewhere)).toEqual(expected);
    expect(await readFile(join(elsewhere, 'flows/etl.ts'), 'utf8')).toBe('export const etl = 1;\n');
    expect(await readFile(join(elsewhere, 'flows/deep/ünïcode name.txt'), 'utf8')).toBe('ü');
    expect((await readFile(join(elsewhere, 'big.bin'))).equals(Buffer.alloc(9_000_000, 7))).toBe(true);
  });

  test('a URL and a block lead to it, too', async () => {
    await run(project, pushTo('project/v1'));
    const settings = cloud.settings(inputs);
    const byUrl = await run(elsewhere, { 'prefect.deployments.steps.pull_from_remote_storage': { url: cloud.url, ...settings } });
    expect(byUrl.directory).toBe(join(elsewhere, 'flows-project-v1'));
    expect(await filesIn(byUrl.directory)).toEqual(expected);
    const block = { block_type_slug: cloud.block, block_document_name: 'code' };
    const byBlock = await run(elsewhere, { 'prefect.deployments.steps.pull_with_block': block });
    expect(await filesIn(byBlock.directory)).toEqual(expected);
  });

  test('a bucket that is not there fails the step, by its name', async () => {
    const step = { [pullName]: { ...inputs, [cloud.container]: 'nowhere-at-all', folder: 'x' } };
    await expect(run(elsewhere, step)).rejects.toThrow(`Encountered error while running ${pullName}`);
    await expect(run(elsewhere, { [pullName]: {} })).rejects.toThrow(`\`${cloud.container}\``);
  });
});
