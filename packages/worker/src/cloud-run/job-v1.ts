import { googleLabels } from '../google/names.ts';
import { commandWords, DEFAULT_IMAGE } from '../job-template/container-defaults.ts';
import { copyOfBody, firstOf, type JsonObject, listOf, objectAt } from '../job-template/job-body.ts';
import { type CloudRunConfiguration, plainVariables, secretsOf } from './configuration.ts';

/** The job of a run as version 1 of the API takes it (contract 11.5). */
export function buildJobV1(config: CloudRunConfiguration, id: string, project: string): JsonObject {
  const body = copyOfBody(config.job_body, 'job_body');
  const execution = objectAt(body, 'spec', 'template');
  const task = objectAt(execution, 'spec', 'template', 'spec');
  const container = firstOf(task.containers, 'job_body.spec.template.spec.template.spec.containers');
  const secrets = secretsOf(config);
  const labels = googleLabels(config.labels);

  const metadata = objectAt(body, 'metadata');
  Object.assign(metadata, { name: id, namespace: project });
  metadata.labels = { ...objectAt(metadata, 'labels'), ...labels };
  const template = objectAt(execution, 'metadata');
  template.labels = { ...objectAt(template, 'labels'), ...labels };
  // The server decides whether a run is tried again; the platform's own default is to start it three more times.
  task.maxRetries ??= 0;
  container.image ??= DEFAULT_IMAGE;
  container.command = commandWords(config.command, container.command);
  container.env = [
    ...listOf(container.env),
    ...plainVariables(config, secrets),
    ...Array.from(secrets, ([name, { secret, version }]) => ({
      name,
      valueFrom: { secretKeyRef: { name: secret, key: version } },
    })),
  ];
  return body;
}
