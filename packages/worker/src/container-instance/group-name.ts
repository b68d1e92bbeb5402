import type { FlowRunToStart } from '../base-worker.ts';
import { InfrastructureNotAvailableError } from '../infrastructure.ts';

/** A deployment's name has 64 characters at most, of which `prefect-` and the id of the run with its hyphen take 45. */
const LONGEST_SLUG = 19;

/** The name of the container group of a run: its flow's name and its own id. */
export function groupName({ id, flow }: FlowRunToStart): string {
  const slug = (flow?.name ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, LONGEST_SLUG)
    .replace(/-$/, '');
  return slug === '' ? id : `${slug}-${id}`;
}

/** The `infrastructure_pid` of a run: its id and the name of its group. */
export function groupIdentifier(flowRunId: string, name: string): string {
  return `${flowRunId}:${name}`;
}

/** The name of the group in an `infrastructure_pid`. */
export function parseGroupIdentifier(identifier: string): string {
  const name = identifier.slice(identifier.indexOf(':') + 1);
  if (!identifier.includes(':') || name === '') {
    throw new InfrastructureNotAvailableError(
      `'${identifier}' does not name a container group; it should read <flow run id>:<container group>.`,
    );
  }
  return name;
}
