import { isRecord } from '../job-template/placeholders.ts';

/** The data of a `gcp-credentials` block. */
export interface GcpCredentials {
  readonly service_account_file?: string | null;
  /** The content of a key file, as an object or as its text. */
  readonly service_account_info?: Readonly<Record<string, unknown>> | string | null;
  readonly project?: string | null;
}

/** What this needs of the class `GoogleAuth`, which comes in more than one version. */
interface GoogleAuthLike {
  useJWTAccessWithScope?: boolean;
  getProjectId(): Promise<string>;
  getCredentials(): Promise<{ client_email?: string }>;
}

interface GoogleAuthOptions {
  readonly scopes: string;
  readonly credentials?: Record<string, unknown>;
  readonly keyFile?: string;
  readonly projectId?: string;
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
export async function signIn<Auth extends GoogleAuthLike>(
  GoogleAuth: new (options: GoogleAuthOptions) => Auth,
  block: GcpCredentials | null | undefined,
  fromEnvironment: boolean,
): Promise<GoogleSignIn<Auth>> {
  const info = readInfo(block?.service_account_info);
  const file = block?.service_account_file ?? undefined;
  if (!info && file === undefined && !fromEnvironment) {
    throw new GoogleCredentialsError(
      'There are no credentials for Google Cloud: give the work pool a gcp-credentials block with service_account_info.',
    );
  }
  const auth = new GoogleAuth({
    scopes: SCOPE,
    ...(info && { credentials: info }),
    ...(!info && file !== undefined && { keyFile: file }),
    ...(block?.project && { projectId: block.project }),
  });
  auth.useJWTAccessWithScope = true;
  return {
    auth,
    project: block?.project || (typeof info?.project_id === 'string' ? info.project_id : await projectOf(auth)),
    serviceAccount: async () => (await auth.getCredentials()).client_email,
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

function readInfo(info: GcpCredentials['service_account_info']): Record<string, unknown> | undefined {
  if (info === null || info === undefined) return undefined;
  let read: unknown = info;
  if (typeof info === 'string') {
    try {
      read = JSON.parse(info);
    } catch {
      read = undefined;
    }
  }
  if (!isRecord(read)) throw new GoogleCredentialsError('service_account_info is not the JSON of a key file.');
  return read;
}
