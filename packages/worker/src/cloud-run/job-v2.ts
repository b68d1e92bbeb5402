import { googleLabels } from '../google/names.ts';
import { commandWords, DEFAULT_IMAGE } from '../job-template/container-defaults.ts';
import { copyOfBody, firstOf, type JsonObject, listOf, objectAt } from '../job-template/job-body.ts';
import { type CloudRunConfiguration, plainVariables, secretsOf } from './configuration.ts';

/** The job of a run as version 2 of the API takes it (contract 11.6). */
export function buildJobV2(config: CloudRunConfiguration): JsonObject {
  const body = copyOfBody(config.job_body, 'job_body');
  const execution = objectAt(body, 'template');
  const task = objectAt(execution, 'template');
  const container = firstOf(task.containers, 'job_body.template.template.containers');
  const secrets = secretsOf(config);
  const labels = googleLabels(config.labels);

  body.labels = { ...objectAt(body, 'labels'), ...labels };
  execution.labels = { ...objectAt(execution, 'labels'), ...labels };
  task.timeout = duration(task.timeout);
  if (!objectAt(task, 'vpcAccess').connector && !objectAt(task, 'vpcAccess').networkInterfaces) delete task.vpcAccess;
  container.image ??= DEFAULT_IMAGE;
  container.command = commandWords(config.command, container.command);
  container.env = [
    ...listOf(container.env),
    ...plainVariables(config, secrets),
    ...Array.from(secrets, ([name, secretKeyRef]) => ({ name, valueSource: { secretKeyRef } })),
  ];
  connectDatabases(config.cloudsql_instances ?? [], task, container);
  return body;
}

/** 600 → `600s` */
function duration(timeout: unknown): unknown {
  return typeof timeout === 'number' || /^\d+$/.test(String(timeout)) ? `${timeout}s` : timeout;
}

/** Cloud SQL is reached by sockets, which are mounted as a volume. */
function connectDatabases(instances: readonly string[], task: JsonObject, container: JsonObject): void {
  if (instances.length === 0) return;
  task.volumes = [...listOf(task.volumes), { name: 'cloudsql', cloudSqlInstance: { instances } }];
  container.volumeMounts = [...listOf(container.volumeMounts), { name: 'cloudsql', mountPath: '/cloudsql' }];
}
