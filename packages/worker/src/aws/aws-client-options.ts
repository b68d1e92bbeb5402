import { readFileSync } from 'node:fs';
import { isRecord } from '../job-template/placeholders.ts';

/** What every client of the AWS SDK is opened with. */
export interface AwsClientOptions {
  readonly region?: string;
  readonly profile?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  readonly endpoint?: string;
  readonly tls?: boolean;
  readonly maxAttempts: number;
  readonly requestHandler?: {
    readonly connectionTimeout?: number;
    readonly requestTimeout?: number;
    readonly httpsAgent?: { readonly rejectUnauthorized?: boolean; readonly ca?: Buffer };
  };
}

type Env = Readonly<Record<string, string | undefined>>;
type Values = Readonly<Record<string, unknown>>;

/** The SDK waits 50 to 500 ms before the second try and doubles that, so five tries outlast some seconds of throttling. */
const ATTEMPTS = 5;

/**
 * Turns the data of an AWS credentials block into what clients of the SDK take. What the block leaves out is found where every AWS
 * program finds it: the environment, `~/.aws`, the role of the machine or container.
 *
 * @param block `aws_access_key_id`, `aws_secret_access_key`, `aws_session_token`, `profile_name`, `region_name`, `aws_client_parameters`
 */
export function awsClientOptions(block: Values, env: Env = process.env): AwsClientOptions {
  const parameters = isRecord(block.aws_client_parameters) ? block.aws_client_parameters : {};
  const id = textOf(block.aws_access_key_id) ?? textOf(block.minio_root_user);
  const secret = textOf(block.aws_secret_access_key) ?? textOf(block.minio_root_password);
  const token = textOf(block.aws_session_token);
  const profile = textOf(block.profile_name);
  // Python's SDK reads AWS_DEFAULT_REGION, this one does not; blocks are shared by both.
  const region = textOf(block.region_name) ?? (profile || env.AWS_REGION ? undefined : textOf(env.AWS_DEFAULT_REGION));
  const endpoint = textOf(parameters.endpoint_url);
  const requestHandler = connectionOptions(parameters);
  return {
    maxAttempts: ATTEMPTS,
    ...(region && { region }),
    ...(profile && { profile }),
    ...(id && secret && { credentials: { accessKeyId: id, secretAccessKey: secret, ...(token && { sessionToken: token }) } }),
    ...(endpoint && { endpoint }),
    ...(parameters.use_ssl === false && { tls: false }),
    ...(requestHandler && { requestHandler }),
  };
}

function connectionOptions(parameters: Values): AwsClientOptions['requestHandler'] {
  const config = isRecord(parameters.config) ? parameters.config : {};
  const connectSeconds = numberOf(config.connect_timeout);
  const readSeconds = numberOf(config.read_timeout);
  const authority = textOf(parameters.verify_cert_path) ?? textOf(parameters.verify);
  const agent =
    parameters.verify === false ? { rejectUnauthorized: false } : authority ? { ca: readFileSync(authority) } : undefined;
  if (connectSeconds === undefined && readSeconds === undefined && !agent) return undefined;
  return {
    ...(connectSeconds !== undefined && { connectionTimeout: connectSeconds * 1000 }),
    ...(readSeconds !== undefined && { requestTimeout: readSeconds * 1000 }),
    ...(agent && { httpsAgent: agent }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
