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
class GoogleCredentialsError extends Error {
  override readonly name = 'GoogleCredentialsError';
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * Signs in to Google Cloud with the service account of a credentials block, or else with what the environment offers:
 * `GOOGLE_APPLICATION_CREDENTIALS`, the login of gcloud, the service account of the machine. A service account signs its requests itself, so no
 * token has to be fetched.
 *
 * @throws {GoogleCredentialsError}
 */
export async function signIn<Auth extends GoogleAuthLike, Client extends { useJWTAccessWithScope?: boolean }>(
  { GoogleAuth, JWT }: GoogleAuthLibrary<Auth, Client>,
  block: GcpCredentials | null | undefined,
): Promise<GoogleSignIn<Auth>> {
  const account = await readServiceAccount(block);
  const authClient = account && new JWT({ ...account.key, scopes: SCOPE });
  if (authClient) authClient.useJWTAccessWithScope = true;
  const projectId = block?.project || account?.project;
  const auth = new GoogleAuth({ scopes: SCOPE, ...(authClient && { authClient }), ...(projectId && { projectId }) });
  return {
    auth,
    project: projectId || (await projectOf(auth)),
    serviceAccount: async () => account?.key.email ?? (await auth.getCredentials()).client_email,
  };
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

interface ServiceAccount {
  readonly key: { readonly email: string; readonly key: string; readonly keyId?: string };
  readonly project: string | undefined;
}

/**
 * The service account of a block. Key files of other kinds name addresses and programs to get tokens from, which whoever may write a block must
 * not choose for the machine of a worker.
 */
async function readServiceAccount(block: GcpCredentials | null | undefined): Promise<ServiceAccount | undefined> {
  const { service_account_info: info, service_account_file: file } = block ?? {};
  const content = info || (file && (await readFile(file, 'utf8')));
  if (!content) return undefined;
  const parsed = typeof content === 'string' ? parse(content) : content;
  const {
    type,
    client_email: email,
    private_key: key,
    private_key_id: keyId,
    project_id: project,
  } = isRecord(parsed) ? parsed : {};
  if (type !== 'service_account' || typeof email !== 'string' || typeof key !== 'string') {
    throw new GoogleCredentialsError(
      `${info ? 'service_account_info' : file} is not the key of a service account: it needs the type service_account, client_email and private_key.`,
    );
  }
  return {
    key: { email, key, ...(typeof keyId === 'string' && { keyId }) },
    project: typeof project === 'string' ? project : undefined,
  };
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
