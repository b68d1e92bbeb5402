import { resolve } from 'node:path';
import { isRecord } from '../../job-template/placeholders.ts';
import type { Step, StepContext } from '../run-steps.ts';
import { openAzureBlob } from './azure-blob.ts';
import { openGcs } from './gcs.ts';
import { type ObjectStore, requiredText, textOf, withStore } from './object-store.ts';
import { openS3 } from './s3.ts';
import { pullFolder, pushFolder } from './transfer.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** A cloud, as its steps know it. */
interface Cloud {
  /** What its steps call a bucket. */
  readonly container: 'bucket' | 'container';
  open(name: string, inputs: Inputs, context: StepContext): Promise<ObjectStore>;
}

const S3: Cloud = {
  container: 'bucket',
  open: (bucket, inputs, { env }) =>
    openS3({ bucket, credentials: recordOf(inputs.credentials), parameters: recordOf(inputs.client_parameters), env }),
};

const GCS: Cloud = {
  container: 'bucket',
  open: (bucket, { project, credentials }, { env }) =>
    openGcs({ bucket, project: textOf(project), credentials, endpoint: env.STORAGE_EMULATOR_HOST }),
};

const AZURE: Cloud = {
  container: 'container',
  open: (container, inputs) => openAzureBlob({ container, credentials: recordOf(inputs.credentials) }),
};

/** Uploads the files of the current folder. Inputs and outputs: contract 14.3. */
const push =
  ({ container, open }: Cloud): Step =>
  async (inputs, context) => {
    const name = requiredText(inputs, container);
    const folder = textOf(inputs.folder) ?? '';
    const ignoreFile = inputs.ignore_file === null ? undefined : String(inputs.ignore_file ?? '.prefectignore');
    const opening = open(name, inputs, context);
    const count = await withStore(opening, (store) => pushFolder(store, context.directory, folder, ignoreFile));
    context.print(`${count} files are now in ${name}/${folder}\n`);
    return { [container]: name, folder };
  };

/** Downloads a folder into the current one, or into `directory`. Inputs and outputs: contract 14.3. */
const pull =
  ({ container, open }: Cloud): Step =>
  async (inputs, context) => {
    const name = requiredText(inputs, container);
    const folder = textOf(inputs.folder) ?? '';
    const directory = resolve(context.directory, textOf(inputs.directory) ?? '.');
    const count = await withStore(open(name, inputs, context), (store) => pullFolder(store, folder, directory));
    context.print(`${count} files came from ${name}/${folder}\n`);
    return { [container]: name, folder, directory };
  };

export const pushToS3 = push(S3);
export const pullFromS3 = pull(S3);
export const pushToGcs = push(GCS);
export const pullFromGcs = pull(GCS);
export const pushToAzureBlobStorage = push(AZURE);
export const pullFromAzureBlobStorage = pull(AZURE);

function recordOf(value: unknown): Inputs {
  return isRecord(value) ? value : {};
}
