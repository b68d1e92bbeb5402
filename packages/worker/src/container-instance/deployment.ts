import type { Deployment } from '@azure/arm-resourcesdeployments';
import { commandWords, DEFAULT_IMAGE } from '../job-template/container-defaults.ts';
import { copyOfBody, firstOf, type JsonObject, listOf, objectAt } from '../job-template/job-body.ts';
import type { ContainerInstanceConfiguration } from './configuration.ts';

/** Variables that hold secrets of the server. */
const SECRET_VARIABLES: ReadonlySet<string> = new Set(['PREFECT_API_KEY', 'PREFECT_API_AUTH_STRING']);

/**
 * The deployment that makes the container group of a run (contract 11.8). Secrets are parameters of it: Azure keeps its template where
 * everyone may read it who sees the resource group, and the values of secure parameters nowhere.
 */
export function buildDeployment(config: ContainerInstanceConfiguration, groupName: string): Deployment {
  const template = copyOfBody(config.arm_template, 'arm_template');
  const values: Record<string, { value: string }> = {
    container_group_name: { value: groupName },
    container_name: { value: groupName },
  };
  const keepSecret = (name: string, value: string): string => {
    objectAt(template, 'parameters')[name] = { type: 'securestring' };
    values[name] = { value };
    return `[parameters('${name}')]`;
  };

  const group = firstOf(template.resources, 'arm_template.resources');
  const properties = objectAt(group, 'properties');
  const container = objectAt(firstOf(properties.containers, 'arm_template.resources[0].properties.containers'), 'properties');
  group.tags = { ...objectAt(group, 'tags'), ...tags(config.labels) };
  if (config.identities?.length) {
    group.identity = {
      type: 'UserAssigned',
      userAssignedIdentities: Object.fromEntries(config.identities.map((id) => [id, {}])),
    };
  }
  container.image ??= DEFAULT_IMAGE;
  container.command = [...(config.entrypoint ? [config.entrypoint] : []), ...commandWords(config.command, container.command)].map(
    literal,
  );
  container.environmentVariables = [...listOf(container.environmentVariables), ...environment(config, keepSecret)];
  if (config.gpu_count && config.gpu_sku) {
    objectAt(container, 'resources', 'requests').gpu = { count: config.gpu_count, sku: config.gpu_sku };
  }
  connectNetwork(properties, config);
  if (config.image_registry) properties.imageRegistryCredentials = [registryCredentials(config.image_registry, keepSecret)];
  return { properties: { mode: 'Incremental', template, parameters: values } };
}

type KeepSecret = (name: string, value: string) => string;

function environment(config: ContainerInstanceConfiguration, keepSecret: KeepSecret): JsonObject[] {
  return Object.entries(config.env).flatMap(([name, value]): JsonObject[] => {
    if (value === null) return [];
    if (SECRET_VARIABLES.has(name)) return [{ name, secureValue: keepSecret(name, value) }];
    return [{ name, value: literal(value) }];
  });
}

function connectNetwork(properties: JsonObject, { subnet_ids, dns_servers }: ContainerInstanceConfiguration): void {
  if (subnet_ids?.length) properties.subnetIds = subnet_ids.map((id) => ({ id }));
  if (dns_servers?.length) properties.dnsConfig = { nameServers: [...dns_servers] };
}

function registryCredentials(
  registry: NonNullable<ContainerInstanceConfiguration['image_registry']>,
  keepSecret: KeepSecret,
): JsonObject {
  if ('identity' in registry) return { server: registry.registry_url, identity: registry.identity };
  const { registry_url, username, password } = registry;
  return { server: registry_url, username, password: keepSecret('image_registry_password', password) };
}

/** Text in brackets is an expression in a template; a second bracket makes it text again. */
function literal(text: string): string {
  return /^\[[\s\S]*\]$/.test(text) ? `[${text}` : text;
}

const MOST_TAGS = 50;
const LONGEST_TAG = 256;

function tags(labels: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(labels).slice(0, MOST_TAGS);
  return Object.fromEntries(
    entries.map(([key, value]) => [key.replace(/[<>%&\\?/]/g, '_'), literal(value.slice(0, LONGEST_TAG))]),
  );
}
