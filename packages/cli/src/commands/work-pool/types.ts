import { CommandError } from '../../errors.ts';
import type { Session } from '../../session.ts';

/** What the server knows about a kind of infrastructure. */
export interface PoolType {
  readonly type: string;
  readonly display_name: string;
  readonly description: string;
  readonly default_base_job_configuration: Record<string, unknown>;
}

/** The kinds of work pools, from the server's catalogue of workers. */
export async function readPoolTypes(session: Session): Promise<PoolType[]> {
  const client = await session.client();
  const catalogue = await client.call('GET /collections/views/{view}', { path: { view: 'aggregate-worker-metadata' } });
  return Object.values(catalogue)
    .flatMap((workers) => (isRecord(workers) ? Object.values(workers) : []))
    .flatMap((worker) => (isRecord(worker) && typeof worker.type === 'string' ? [poolType(worker.type, worker)] : []))
    .filter(({ type }) => type !== 'prefect-agent')
    .sort((left, right) => left.type.localeCompare(right.type));
}

/** The base job template that a new pool of a type begins with. */
export async function templateOfType(session: Session, type: string): Promise<Record<string, unknown>> {
  const known = await readPoolTypes(session);
  const found = known.find((candidate) => candidate.type === type);
  if (found) return found.default_base_job_configuration;
  throw new CommandError(
    `Unknown work pool type '${type}'. Please choose from ${known.map((candidate) => candidate.type).join(', ')}.`,
  );
}

function poolType(type: string, worker: Record<string, unknown>): PoolType {
  const template = worker.default_base_job_configuration;
  return {
    type,
    display_name: typeof worker.display_name === 'string' ? worker.display_name : type,
    description: typeof worker.description === 'string' ? worker.description : '',
    default_base_job_configuration: isRecord(template) ? template : {},
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
