import { isRecord } from '../job-template/placeholders.ts';
import { withoutNulls } from './configuration.ts';

/** What ECS adds to a task definition when it is registered. */
const ADDED = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
  'tags',
];

/**
 * Whether registering a task definition would only give the live one a new number. What ECS adds, values that mean the same as none, and
 * the order of the environment do not matter.
 */
export function isSameDefinition(wanted: Readonly<Record<string, unknown>>, live: Readonly<Record<string, unknown>>): boolean {
  return canonicalText(essence(wanted)) === canonicalText(essence(live));
}

function essence(definition: Readonly<Record<string, unknown>>): unknown {
  const own = Object.entries(definition).filter(([key]) => !ADDED.includes(key));
  const { containerDefinitions, requiresCompatibilities, ...rest } = Object.fromEntries(own);
  return {
    ...rest,
    requiresCompatibilities: Array.isArray(requiresCompatibilities) ? requiresCompatibilities.map(String).sort() : [],
    containers: Array.isArray(containerDefinitions)
      ? containerDefinitions.map((container) => essenceOfContainer(container, definition.networkMode === 'awsvpc'))
      : [],
  };
}

function essenceOfContainer(container: unknown, ownNetwork: boolean): unknown {
  if (!isRecord(container)) return container;
  const { environment, secrets, portMappings, essential, cpu, ...rest } = container;
  return {
    ...rest,
    essential: essential !== false,
    cpu: cpu === 0 ? undefined : cpu,
    environment: byName(environment),
    secrets: byName(secrets),
    portMappings: Array.isArray(portMappings) ? portMappings.map((mapping) => essenceOfPort(mapping, ownNetwork)) : [],
  };
}

/** In a network of its own, a container's port is the task's; ECS writes down both. */
function essenceOfPort(mapping: unknown, ownNetwork: boolean): unknown {
  if (!isRecord(mapping)) return mapping;
  const { hostPort, protocol, ...rest } = mapping;
  return { ...rest, protocol: protocol ?? 'tcp', hostPort: ownNetwork || hostPort === 0 ? undefined : hostPort };
}

function byName(list: unknown): unknown[] {
  if (!Array.isArray(list)) return [];
  return [...list].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf(entry: unknown): string {
  return isRecord(entry) ? String(entry.name) : '';
}

/** JSON with sorted keys, without what is null or empty. */
function canonicalText(value: unknown): string {
  return JSON.stringify(pruned(withoutNulls(value)));
}

function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value)
    .map(([key, entry]) => [key, pruned(entry)] as const)
    .filter(([, entry]) => !isEmpty(entry))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}
