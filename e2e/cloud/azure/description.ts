import * as mappers from '@azure/arm-containerinstance/dist-esm/src/models/mappers.js';
import { ContainerGroup } from '@azure/arm-containerinstance/dist-esm/src/models/mappers.js';

/** A type of a value, as the models in Azure's own library describe the service. */
interface Model {
  readonly serializedName?: string;
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly type: {
    readonly name: string;
    readonly className?: string;
    readonly modelProperties?: Readonly<Record<string, Model>>;
    readonly element?: Model;
    readonly value?: Model;
    readonly allowedValues?: readonly unknown[];
  };
}

const models: Readonly<Record<string, unknown>> = mappers;

/** What is wrong with a container group in a request; empty when nothing is. */
export function checkContainerGroup(group: unknown): string[] {
  return check(group, ContainerGroup as Model, '');
}

const SCALARS: Readonly<Record<string, string>> = { String: 'string', Number: 'number', Boolean: 'boolean' };

function check(value: unknown, model: Model, path: string): string[] {
  const { name, element, value: entry, allowedValues } = model.type;
  if (name === 'Composite') return checkComposite(value, propertiesOf(model), path);
  if (name === 'Sequence') {
    if (!Array.isArray(value) || !element) return [`${path} must be a list`];
    return value.flatMap((item, index) => check(item, element, `${path}[${index}]`));
  }
  if (name === 'Dictionary') {
    if (!isObject(value) || !entry) return [`${path} must be an object`];
    return Object.entries(value).flatMap(([key, item]) => check(item, entry, `${path}.${key}`));
  }
  if (name === 'Enum') return allowedValues?.includes(value) ? [] : [`${path} cannot be ${JSON.stringify(value)}`];
  const expected = SCALARS[name];
  if (expected === undefined) throw new Error(`No rule for the type ${name} of ${path}.`);
  return typeof value === expected ? [] : [`${path} must be a ${expected}, not ${JSON.stringify(value)}`];
}

function checkComposite(value: unknown, properties: readonly Model[], path: string): string[] {
  if (!isObject(value)) return [`${path} must be an object`];
  const problems = unknownFields(value, properties, '').map(
    (field) => `Could not find member '${field}' on ${path || 'the group'}`,
  );
  for (const property of properties) {
    const { serializedName = '' } = property;
    const given = serializedName.split('.').reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), value);
    const where = path === '' ? serializedName : `${path}.${serializedName}`;
    if (given === undefined) {
      if (property.required && !property.readOnly) problems.push(`${where} is required`);
    } else if (property.readOnly) problems.push(`${where} is read-only`);
    else problems.push(...check(given, property, where));
  }
  return problems;
}

/** Fields that no property has; a property named `properties.containers` stands one level deeper. */
function unknownFields(value: Record<string, unknown>, properties: readonly Model[], prefix: string): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = `${prefix}${key}`;
    if (properties.some(({ serializedName }) => serializedName === name)) return [];
    const isLevel = properties.some(({ serializedName }) => serializedName?.startsWith(`${name}.`));
    return isLevel && isObject(inner) ? unknownFields(inner, properties, `${name}.`) : [name];
  });
}

function propertiesOf({ type }: Model): Model[] {
  const model = type.modelProperties ? { type } : models[type.className ?? ''];
  const properties = (model as Model | undefined)?.type.modelProperties;
  if (!properties) throw new Error(`There is no model ${type.className}.`);
  return Object.values(properties);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
