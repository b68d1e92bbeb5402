import { isRecord } from '../job-template/placeholders.ts';
import type { AwsAccount } from './clients.ts';
import { type EcsConfiguration, InvalidEcsConfigurationError, recordOf } from './configuration.ts';

/**
 * Finds the network of a task that has one of its own: the configured one, else all subnets of the VPC, with a public address, which
 * images are pulled through (contract 11.4).
 */
export async function findNetwork(account: AwsAccount, config: EcsConfiguration): Promise<Record<string, unknown>> {
  const given = recordOf(config.network_configuration);
  // Some write the whole structure, others what is in it.
  const wanted = isRecord(given.awsvpcConfiguration) ? given.awsvpcConfiguration : given;
  const named = Array.isArray(wanted.subnets) ? wanted.subnets.map(String) : [];
  const subnets = named.length > 0 ? named : await subnetsOf(account, config.vpc_id ?? (await findDefaultVpc(account)));
  const address = Object.keys(wanted).length === 0 ? { assignPublicIp: 'ENABLED' } : {};
  return { awsvpcConfiguration: { securityGroups: [], ...address, ...wanted, subnets } };
}

async function findDefaultVpc(account: AwsAccount): Promise<string> {
  const { sdk, client } = await account.network();
  const filter = { Filters: [{ Name: 'isDefault', Values: ['true'] }] };
  const { Vpcs = [] } = await client.send(new sdk.DescribeVpcsCommand(filter));
  const id = Vpcs[0]?.VpcId;
  if (id === undefined) {
    throw new InvalidEcsConfigurationError(
      `There is no default VPC in the region ${account.region}. Set \`vpc_id\` to the network that tasks are to run in.`,
    );
  }
  return id;
}

async function subnetsOf(account: AwsAccount, vpc: string): Promise<string[]> {
  const { sdk, client } = await account.network();
  const subnets: string[] = [];
  for await (const { Subnets = [] } of sdk.paginateDescribeSubnets(
    { client },
    { Filters: [{ Name: 'vpc-id', Values: [vpc] }] },
  )) {
    subnets.push(...Subnets.flatMap(({ SubnetId }) => (SubnetId === undefined ? [] : [SubnetId])));
  }
  if (subnets.length > 0) return subnets;
  throw new InvalidEcsConfigurationError(`The VPC ${vpc} has no subnets in the region ${account.region}, or is not there.`);
}
