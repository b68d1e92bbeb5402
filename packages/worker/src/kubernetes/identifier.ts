import { InfrastructureNotFoundError } from '../infrastructure.ts';

/** What tells a job: its namespace and name, and the cluster where the id names one. */
export interface JobIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly clusterUid?: string | undefined;
}

/** Writes the id of a job: `cluster:namespace:name`, or `namespace:name` where the cluster's uid is not known. */
export function formatJobId({ namespace, name, clusterUid }: JobIdentity): string {
  return [clusterUid, namespace, name].filter((part) => part !== undefined).join(':');
}

/**
 * Reads the id of a job, with the uid of its cluster or without.
 *
 * @throws {InfrastructureNotFoundError} when it is the id of something else
 */
export function parseJobId(id: string): JobIdentity {
  const parts = id.split(':');
  const [name = '', namespace = '', clusterUid] = parts.toReversed();
  if (parts.length > 3 || name === '' || namespace === '') {
    throw new InfrastructureNotFoundError(`'${id}' is not the id of a Kubernetes job ([cluster:]namespace:name).`);
  }
  return { namespace, name, clusterUid };
}
