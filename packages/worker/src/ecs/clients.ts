import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { awsClientOptions } from '../aws/aws-client-options.ts';
import { loadPlatformClient } from '../platform-client.ts';
import type { EcsConfiguration } from './configuration.ts';

type EcsPackage = typeof import('@aws-sdk/client-ecs');

/** The clients of one account and region. Those that not every run needs are opened with the first that does. */
export interface AwsAccount {
  readonly sdk: EcsPackage;
  readonly ecs: ECSClient;
  readonly region: string;
  /** The package and a client for networks. */
  network(): Promise<{ sdk: typeof import('@aws-sdk/client-ec2'); client: EC2Client }>;
  /** The package and a client for logs. */
  logs(): Promise<{ sdk: typeof import('@aws-sdk/client-cloudwatch-logs'); client: CloudWatchLogsClient }>;
}

/** Opens each account once, so that connections are kept. */
export class AwsAccounts {
  readonly #sdk: EcsPackage;
  readonly #accounts = new Map<string, Promise<AwsAccount>>();
  readonly #open: { destroy(): void }[] = [];

  constructor(sdk: EcsPackage) {
    this.#sdk = sdk;
  }

  /** Loads what speaks with ECS. */
  static async open(): Promise<AwsAccounts> {
    return new AwsAccounts(await loadPlatformClient('ecs', '@aws-sdk/client-ecs', () => import('@aws-sdk/client-ecs')));
  }

  /** The account that a configuration's credentials are for. */
  for(config: EcsConfiguration): Promise<AwsAccount> {
    const credentials = config.aws_credentials ?? {};
    const key = JSON.stringify(credentials);
    let account = this.#accounts.get(key);
    if (!account) {
      account = this.#openAccount(credentials);
      this.#accounts.set(key, account);
      account.catch(() => this.#accounts.delete(key));
    }
    return account;
  }

  close(): void {
    for (const client of this.#open.splice(0)) client.destroy();
    this.#accounts.clear();
  }

  async #openAccount(credentials: Readonly<Record<string, unknown>>): Promise<AwsAccount> {
    const options = awsClientOptions(credentials);
    const sdk = this.#sdk;
    const ecs = this.#keep(new sdk.ECSClient(options));
    const network = once(async () => {
      const ec2 = await loadPlatformClient('ecs', '@aws-sdk/client-ec2', () => import('@aws-sdk/client-ec2'));
      return { sdk: ec2, client: this.#keep(new ec2.EC2Client(options)) };
    });
    const logs = once(async () => {
      const name = '@aws-sdk/client-cloudwatch-logs';
      const cloudwatch = await loadPlatformClient('ecs', name, () => import('@aws-sdk/client-cloudwatch-logs'));
      return { sdk: cloudwatch, client: this.#keep(new cloudwatch.CloudWatchLogsClient(options)) };
    });
    return { sdk, ecs, region: await ecs.config.region(), network, logs };
  }

  #keep<Client extends { destroy(): void }>(client: Client): Client {
    this.#open.push(client);
    return client;
  }
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
