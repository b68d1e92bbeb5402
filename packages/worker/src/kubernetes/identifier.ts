import { InfrastructureNotFoundError } from '../infrastructure.ts';

/** What tells a job: its namespace and name, and the cluster where the id names one. */
export interface JobIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly clusterUid?: string | undefined;
}

/** Writes the id of a job, which workers of either language read: `namespace:name`. */
export function formatJobId({ namespace, name }: JobIdentity): string {
  return `${namespace}:${name}`;
}

/**
 * Reads the id of a job; the uid of its cluster may stand before it, as older workers wrote it.
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
