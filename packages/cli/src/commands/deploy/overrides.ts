import type { ApplyProjectOptions } from '@prefect-ts/worker';
import { UsageError } from '../../errors.ts';
import { readTextFile } from '../../files.ts';
import { readJobVariables, readJsonObject, readPairs } from '../../pairs.ts';

type Overrides = NonNullable<ApplyProjectOptions['overrides']>;

export interface DeployOptions {
  readonly description: string | undefined;
  readonly versionType: string | undefined;
  readonly version: string | undefined;
  readonly tag: readonly string[];
  readonly concurrencyLimit: number | undefined;
  readonly collisionStrategy: string | undefined;
  readonly pool: string | undefined;
  readonly workQueue: string | undefined;
  readonly jobVariable: readonly string[];
  readonly cron: readonly string[];
  readonly interval: readonly string[];
  readonly anchorDate: string | undefined;
  readonly rrule: readonly string[];
  readonly timezone: string | undefined;
  readonly trigger: readonly string[];
  readonly param: readonly string[];
  readonly params: string | undefined;
  readonly enforceParameterSchema: boolean | undefined;
}

/** What options say about a deployment, in the words of `prefect.yaml`. Only what was given is there. */
export async function readOverrides(entrypoint: string | undefined, options: DeployOptions): Promise<Overrides> {
  if (options.params !== undefined && options.param.length > 0) {
    throw new UsageError('Can only pass one of `--param` or `--params`.');
  }
  const workPool = withoutUndefined({
    name: options.pool,
    work_queue_name: options.workQueue,
    job_variables: options.jobVariable.length > 0 ? readJobVariables(options.jobVariable) : undefined,
  });
  const triggers = (await Promise.all(options.trigger.map(readTriggers))).flat();
  const schedules = readSchedules(options);
  return withoutUndefined({
    entrypoint,
    description: options.description,
    version: options.version,
    version_type: options.versionType,
    tags: options.tag.length > 0 ? [...options.tag] : undefined,
    concurrency_limit: readLimit(options),
    parameters: readParameters(options),
    enforce_parameter_schema: options.enforceParameterSchema,
    work_pool: Object.keys(workPool).length > 0 ? workPool : undefined,
    schedules: schedules.length > 0 ? schedules : undefined,
    triggers: triggers.length > 0 ? triggers : undefined,
  });
}

function readParameters({ param, params }: DeployOptions): Record<string, unknown> | undefined {
  if (params !== undefined) return readJsonObject(params, '--params');
  return param.length > 0 ? readPairs(param, '--param') : undefined;
}

function readLimit({ concurrencyLimit, collisionStrategy }: DeployOptions) {
  if (collisionStrategy === undefined) return concurrencyLimit;
  if (concurrencyLimit === undefined) throw new UsageError('--collision-strategy needs --concurrency-limit.');
  return { limit: concurrencyLimit, collision_strategy: collisionStrategy };
}

function readSchedules({ cron, interval, rrule, timezone, anchorDate }: DeployOptions): NonNullable<Overrides['schedules']> {
  if (anchorDate !== undefined && interval.length === 0) {
    throw new UsageError('An anchor date can only be provided with an interval schedule.');
  }
  const zone = timezone === undefined ? {} : { timezone };
  const anchor = anchorDate === undefined ? {} : { anchor_date: anchorDate };
  return [
    ...cron.map((cron) => ({ cron, ...zone })),
    ...interval.map((interval) => ({ interval, ...anchor, ...zone })),
    ...rrule.map((rrule) => ({ rrule, ...zone })),
  ];
}

/** A trigger comes as JSON, or as a YAML or JSON file with the key `triggers`. */
async function readTriggers(word: string): Promise<Record<string, unknown>[]> {
  if (!/\.(ya?ml|json)$/.test(word)) return [readJsonObject(word, '--trigger')];
  const { parse } = await import('yaml');
  const document: unknown = parse(await readTextFile(word));
  const triggers = isRecord(document) ? document.triggers : undefined;
  if (Array.isArray(triggers) && triggers.every(isRecord)) return triggers;
  throw new UsageError(`${word} must have the key 'triggers' with a list.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
