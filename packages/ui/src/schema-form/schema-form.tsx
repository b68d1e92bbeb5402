import { orderedProperties, type Schema } from './schema.ts';
import { SchemaField } from './schema-field.tsx';
import type { Problems } from './values.ts';

/** A form for an object of this schema. Values that are absent are left to their default. */
export function SchemaForm({
  schema,
  defaults,
  values,
  onChange,
  problems,
}: {
  schema: Schema;
  defaults: Record<string, unknown>;
  values: Record<string, unknown>;
  onChange: (values: Record<string, unknown>) => void;
  problems: Problems;
}) {
  return (
    <div className="space-y-5">
      {orderedProperties(schema).map(([name, property]) => (
        <SchemaField
          key={name}
          name={name}
          schema={property}
          root={schema}
          required={(schema.required ?? []).includes(name)}
          fallback={defaults[name]}
          value={values[name]}
          onChange={(value) => onChange({ ...values, [name]: value })}
          problem={problems[name]}
        />
      ))}
    </div>
  );
}
