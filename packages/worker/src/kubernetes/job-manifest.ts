import { randomInt } from 'node:crypto';
import { COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import type { FlowRunToStart } from '../base-worker.ts';
import { isRecord } from '../job-template/placeholders.ts';
import { splitWords } from '../steps/run-command.ts';
import type { KubernetesConfiguration } from './configuration.ts';
import { toKubernetesLabels, toLabelValue, toObjectName } from './labels.ts';

type Json = Record<string, unknown>;

/** A variable of a container: a value, or where Kubernetes finds it. */
export type EnvEntry = { name: string; value: string } | { name: string; valueFrom: Json };

/** A job, ready to be created. */
export interface JobManifest {
  apiVersion: string;
  kind: string;
  metadata: Json & { name: string; namespace: string; labels: Record<string, string> };
  spec: Json & { template: Json & { spec: Json } };
}

/** A job manifest lacks what a run needs. */
export class InvalidJobManifestError extends Error {
  override readonly name = 'InvalidJobManifestError';
}

/** The label that tells which run a job or a pod belongs to. */
export const FLOW_RUN_LABEL = 'prefect.io/flow-run-id';

const DEFAULT_COMMAND = ['prefect', 'flow-run', 'execute'];
const SIGTERM_BEHAVIOR = 'PREFECT_FLOW_RUN_EXECUTE_SIGTERM_BEHAVIOR';
/** Kubernetes allows 63 characters; a dash and the suffix need six. */
const MAX_NAME_LENGTH = 57;

/**
 * Makes the job of a run out of its configuration: what the pool's manifest says, and what every run needs (contract 11.3).
 *
 * @param image the image to use where neither manifest nor configuration names one
 * @param env what becomes of the run's environment, for example references to secrets in place of values
 * @throws InvalidJobManifestError
 */
export function buildJobManifest(
  flowRun: FlowRunToStart,
  config: KubernetesConfiguration,
  { image, env = (entries) => entries }: { image: () => string; env?: (entries: EnvEntry[]) => EnvEntry[] },
): JobManifest {
  checkJobManifest(config.job_manifest);
  const manifest = structuredClone(config.job_manifest);
  const metadata = record(manifest.metadata);
  const spec = record(manifest.spec);
  const template = record(spec.template);
  const podSpec = record(template.spec);
  const podMetadata = record(template.metadata);
  const [container, ...others] = list(podSpec.containers).map(record);
  const labels = { ...toKubernetesLabels({ ...appLabels(flowRun), ...config.labels }), ...stringRecord(metadata.labels) };
  return {
    ...manifest,
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...metadata,
      ...jobNames(metadata, config),
      namespace: namespaceOf(config),
      labels: toKubernetesLabels(labels),
    },
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: { ...podMetadata, labels: toKubernetesLabels({ ...labels, ...stringRecord(podMetadata.labels) }) },
        spec: {
          ...podSpec,
          containers: [
            {
              ...container,
              image: nonEmpty(container?.image) ?? image(),
              args: containerArgs(container?.args, config.command),
              env: env(containerEnv(container?.env, config, spec.backoffLimit)),
            },
            ...others,
          ],
        },
      },
    },
  };
}

/** The namespace that a configuration's jobs are created in. */
export function namespaceOf(config: KubernetesConfiguration): string {
  return nonEmpty(record(config.job_manifest.metadata).namespace) ?? nonEmpty(config.namespace) ?? 'default';
}

const REQUIRED: readonly (readonly [path: string, value: unknown])[] = [
  ['/apiVersion', 'batch/v1'],
  ['/kind', 'Job'],
  ['/spec/template/spec/parallelism', 1],
  ['/spec/template/spec/completions', 1],
  ['/spec/template/spec/restartPolicy', 'Never'],
  ['/spec/template/spec/containers/0/name', 'prefect-job'],
];

function checkJobManifest(manifest: Json): void {
  const missing = REQUIRED.filter(([path]) => valueAt(manifest, path) === undefined).map(([path]) => path);
  if (missing.length > 0) {
    throw new InvalidJobManifestError(`Job is missing required attributes at the following paths: ${missing.join(', ')}`);
  }
  const incompatible = REQUIRED.filter(([path, value]) => valueAt(manifest, path) !== value);
  if (incompatible.length > 0) {
    const wanted = incompatible.map(([path, value]) => `${path} must have value '${value}'`);
    throw new InvalidJobManifestError(`Job has incompatible values for the following attributes: ${wanted.join(', ')}`);
  }
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce<unknown>((inner, key) => (Array.isArray(inner) ? inner[Number(key)] : record(inner)[key]), value);
}

function appLabels({ flow, deployment }: FlowRunToStart): Record<string, string> {
  const name = deployment?.name ?? flow?.name;
  return {
    'app.kubernetes.io/managed-by': 'prefect',
    'app.kubernetes.io/part-of': 'prefect',
    'app.kubernetes.io/version': COMPATIBLE_VERSION,
    ...(name === undefined ? {} : { 'app.kubernetes.io/name': toLabelValue(name) }),
  };
}

/** Chosen here and not by Kubernetes, so that a job is not created twice when the answer to the first attempt was lost. */
function jobNames(metadata: Json, config: KubernetesConfiguration): { name: string; generateName?: string } {
  const given = nonEmpty(metadata.name);
  if (given !== undefined) return { name: given };
  const prefix = nonEmpty(metadata.generateName) ?? '';
  const isFilled = prefix !== '' && prefix !== '-' && prefix !== 'None-' && !prefix.includes('{{');
  const stem = toObjectName(isFilled ? prefix : (config.name ?? ''), MAX_NAME_LENGTH) || 'prefect-job';
  return { generateName: `${stem}-`, name: `${stem}-${randomSuffix()}` };
}

/** No vowels: no words. */
const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

function randomSuffix(): string {
  return Array.from({ length: 5 }, () => SUFFIX_LETTERS[randomInt(SUFFIX_LETTERS.length)]).join('');
}

function containerArgs(args: unknown, command: string | null): unknown[] {
  if (Array.isArray(args)) return args;
  const line = nonEmpty(args) ?? command;
  return line === null || line === undefined ? DEFAULT_COMMAND : splitWords(line);
}

/** The run's environment as a list, and after it what the manifest itself lists, which wins. */
function containerEnv(listed: unknown, config: KubernetesConfiguration, backoffLimit: unknown): EnvEntry[] {
  const own = Array.isArray(listed) ? listed.filter(isEnvEntry) : [];
  const values: Record<string, string | null> = { [SIGTERM_BEHAVIOR]: 'reschedule', ...config.env };
  // Kubernetes starts the pod again by itself: the run must stay where it is.
  if (backoffLimit !== 0) values[SIGTERM_BEHAVIOR] = 'relinquish';
  const names = new Set(own.map(({ name }) => name));
  const entries = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null && !names.has(entry[0]));
  return [...entries.map(([name, value]) => ({ name, value })), ...own];
}

function isEnvEntry(entry: unknown): entry is EnvEntry {
  return isRecord(entry) && typeof entry.name === 'string';
}

function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function stringRecord(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(record(value)).map(([key, entry]) => [key, String(entry)]));
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
