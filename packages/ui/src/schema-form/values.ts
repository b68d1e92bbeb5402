import { orderedProperties, resolveField, type Schema } from './schema.ts';

/** What is wrong with a value, by the name of the parameter. */
export type Problems = Record<string, string>;

/** Checks what the form can check before the server does: what is required is there and has the right kind. */
export function checkValues(root: Schema, values: Record<string, unknown>): Problems {
  const problems: Problems = {};
  for (const [name, schema] of orderedProperties(root)) {
    const problem = checkValue(schema, root, values[name], (root.required ?? []).includes(name));
    if (problem) problems[name] = problem;
  }
  return problems;
}

function checkValue(schema: Schema, root: Schema, value: unknown, required: boolean): string | undefined {
  if (value === undefined) return required ? 'A value is needed' : undefined;
  const { field, nullable } = resolveField(schema, root);
  if (value === null) return nullable || field.kind === 'json' ? undefined : 'A value is needed';
  switch (field.kind) {
    case 'number':
      if (typeof value !== 'number') return 'This must be a number';
      if (field.integer && !Number.isInteger(value)) return 'This must be a whole number';
      if (field.minimum !== undefined && value < field.minimum) return `This must be ${field.minimum} or more`;
      if (field.maximum !== undefined && value > field.maximum) return `This must be ${field.maximum} or less`;
      return undefined;
    case 'choice':
      return field.options.some((option) => JSON.stringify(option) === JSON.stringify(value))
        ? undefined
        : 'This is not one of the choices';
    case 'date-time':
    case 'date':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? undefined : 'This must be a date';
    default:
      return undefined;
  }
}

/** The values that differ from the defaults: only those are sent, so that a later default still counts. */
export function changedValues(defaults: Record<string, unknown>, values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(defaults[name]),
    ),
  );
}

/** The values that somebody gave; those that were taken back are not there. */
export function givenValues(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Defaults of the schema, with those of the deployment over them. */
export function defaultValues(root: Schema, own: Record<string, unknown>): Record<string, unknown> {
  const fromSchema = orderedProperties(root).flatMap(([name, schema]) =>
    schema.default === undefined ? [] : [[name, schema.default] as const],
  );
  return { ...Object.fromEntries(fromSchema), ...own };
}
