import { randomUUID } from 'node:crypto';
import { googleLabels } from '../google/names.ts';
import { commandWords, DEFAULT_IMAGE } from '../job-template/container-defaults.ts';
import { copyOfBody, firstOf, InvalidJobBodyError, type JsonObject, listOf, objectAt } from '../job-template/job-body.ts';
import { isRecord } from '../job-template/placeholders.ts';
import type { VertexAiConfiguration } from './configuration.ts';

const LONGEST_NAME = 128;

/**
 * The custom job of a run (contract 11.7). The template has the names of Google's Python client; the API has them in camel case.
 *
 * @param account the service account of the credentials, for a template that names none
 * @throws {InvalidJobBodyError} when no service account is known
 */
export function buildCustomJob(config: VertexAiConfiguration, name: string, account: string | undefined): JsonObject {
  const { service_account_name, maximum_run_time_hours, ...spec } = copyOfBody(config.job_spec, 'job_spec');
  const serviceAccount = service_account_name || account;
  if (!serviceAccount) {
    throw new InvalidJobBodyError(
      'Vertex AI needs a service account for the run: set service_account_name, or use the credentials of a service account.',
    );
  }
  const pool = firstOf(spec.worker_pool_specs, 'job_spec.worker_pool_specs');
  const container = objectAt(pool, 'container_spec');
  container.image_uri ??= DEFAULT_IMAGE;
  container.command = commandWords(config.command, container.command);
  container.env = [
    ...listOf(container.env),
    ...Object.entries(config.env).flatMap(([name, value]) => (value === null ? [] : [{ name, value }])),
  ];
  const scheduling = objectAt(spec, 'scheduling');
  if (maximum_run_time_hours !== undefined) scheduling.timeout = `${Number(maximum_run_time_hours) * 3600}s`;
  const id = randomUUID().replaceAll('-', '');
  return {
    displayName: `${name.slice(0, LONGEST_NAME - id.length - 1)}-${id}`,
    jobSpec: { ...objectOf(inCamelCase(spec)), serviceAccount },
    labels: googleLabels(config.labels),
  };
}

function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      inCamelCase(entry),
    ]),
  );
}

function objectOf(value: unknown): JsonObject {
  return isRecord(value) ? value : {};
}
