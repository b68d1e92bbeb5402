import { readFile } from 'node:fs/promises';
import { isRecord } from '../job-template/placeholders.ts';

/** The data of a `gcp-credentials` block. */
export interface GcpCredentials {
  readonly service_account_file?: string | null;
  /** The content of a key file, as an object or as its text. */
  readonly service_account_info?: Readonly<Record<string, unknown>> | string | null;
  readonly project?: string | null;
}

interface GoogleAuthLike {
  getProjectId(): Promise<string>;
  getCredentials(): Promise<{ client_email?: string }>;
}

/** What this needs of Google's library, which comes in more than one version: by itself and inside the clients of services. */
export interface GoogleAuthLibrary<Auth extends GoogleAuthLike, Client extends { useJWTAccessWithScope?: boolean }> {
  readonly GoogleAuth: new (options: {
    readonly scopes: string;
    readonly authClient?: Client;
    readonly credentials?: Record<string, unknown>;
    readonly projectId?: string;
  }) => Auth;
  readonly JWT: new (options: {
    readonly email: string;
    readonly key: string;
    readonly keyId?: string;
    readonly scopes: string;
  }) => Client;
}

export interface GoogleSignIn<Auth> {
  readonly auth: Auth;
  readonly project: string;
  /** The address of the service account, where the credentials are those of one. */
  serviceAccount(): Promise<string | undefined>;
}

/** Credentials are missing or cannot be used. */
export class GoogleCredentialsError extends Error {
  override readonly name = 'GoogleCredentialsError';
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * Signs in to Google Cloud with a credentials block, or else with what the environment offers: `GOOGLE_APPLICATION_CREDENTIALS`, the login of
 * gcloud, the service account of the machine. A service account signs its requests itself, so no token has to be fetched.
 *
 * @param fromEnvironment whether the environment may be asked at all
 * @throws {GoogleCredentialsError}
 */
export async function signIn<Auth extends GoogleAuthLike, Client extends { useJWTAccessWithScope?: boolean }>(
  library: GoogleAuthLibrary<Auth, Client>,
  block: GcpCredentials | null | undefined,
  fromEnvironment: boolean,
): Promise<GoogleSignIn<Auth>> {
  const info = await readInfo(block);
  if (!info && !fromEnvironment) {
    throw new GoogleCredentialsError(
      'There are no credentials for Google Cloud: give the work pool a gcp-credentials block with service_account_info.',
    );
  }
  const account = info && readServiceAccount(info);
  const auth = new library.GoogleAuth({
    scopes: SCOPE,
    ...(account && { authClient: serviceAccountClient(library, account) }),
    ...(info && !account && { credentials: info }),
    ...(block?.project && { projectId: block.project }),
  });
  return {
    auth,
    project: block?.project || (typeof info?.project_id === 'string' ? info.project_id : await projectOf(auth)),
    serviceAccount: async () => account?.email ?? (await auth.getCredentials()).client_email,
  };
}

interface ServiceAccount {
  readonly email: string;
  readonly key: string;
  readonly keyId?: string;
}

/** Undefined where the key file is of another kind, such as that of a workload identity. */
function readServiceAccount(info: Record<string, unknown>): ServiceAccount | undefined {
  const { type, client_email: email, private_key: key, private_key_id: keyId } = info;
  if (type !== 'service_account') return undefined;
  if (typeof email !== 'string' || typeof key !== 'string') {
    throw new GoogleCredentialsError('The key of the service account lacks its client_email or its private_key.');
  }
  return { email, key, ...(typeof keyId === 'string' && { keyId }) };
}

function serviceAccountClient<Auth extends GoogleAuthLike, Client extends { useJWTAccessWithScope?: boolean }>(
  { JWT }: GoogleAuthLibrary<Auth, Client>,
  account: ServiceAccount,
): Client {
  const client = new JWT({ ...account, scopes: SCOPE });
  client.useJWTAccessWithScope = true;
  return client;
}

async function projectOf(auth: GoogleAuthLike): Promise<string> {
  try {
    return await auth.getProjectId();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GoogleCredentialsError(`The project in Google Cloud is not known; set it in the credentials block. ${reason}`, {
      cause,
    });
  }
}

async function readInfo(block: GcpCredentials | null | undefined): Promise<Record<string, unknown> | undefined> {
  const { service_account_info: info, service_account_file: file } = block ?? {};
  if (info) return parseKey(info, 'service_account_info');
  return file ? parseKey(await readFile(file, 'utf8'), file) : undefined;
}

function parseKey(key: Readonly<Record<string, unknown>> | string, from: string): Record<string, unknown> {
  let read: unknown = key;
  if (typeof key === 'string') {
    try {
      read = JSON.parse(key);
    } catch {
      read = undefined;
    }
  }
  if (!isRecord(read)) throw new GoogleCredentialsError(`${from} is not the JSON of a key file.`);
  return read;
}
