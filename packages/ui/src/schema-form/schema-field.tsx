import { Braces, RotateCcw } from 'lucide-react';
import { useId, useState } from 'react';
import { IconButton } from '../widgets/button.tsx';
import { INPUT_LOOK, Select, Switch } from '../widgets/fields.tsx';
import { BlockInput } from './block-input.tsx';
import { ListInput, MapInput, ObjectInput, UnionInput } from './compound-inputs.tsx';
import type { SchemaFieldProps, ValueInputProps } from './field-props.ts';
import { DateTimeInput, JsonInput, LineInput, NumberInput } from './scalar-inputs.tsx';
import { resolveField, type Schema, startValue } from './schema.ts';

/** One parameter: its name, what it means, a widget for its kind, and a way to give it as JSON. */
export function SchemaField({ name, schema, root, required, fallback, value, onChange, problem, depth = 0 }: SchemaFieldProps) {
  const id = useId();
  const { field, schema: resolved, nullable } = resolveField(schema, root, depth + 1);
  const [asJson, setAsJson] = useState(false);
  const shown = value === undefined ? fallback : value;
  const changed = value !== undefined && JSON.stringify(value) !== JSON.stringify(fallback);
  const labelled = { id, 'aria-label': name, 'aria-describedby': `${id}-hint`, 'aria-invalid': problem !== undefined };
  const isNull = nullable && shown === null;
  return (
    <div>
      <div className="mb-1 flex min-h-8 flex-wrap items-center gap-x-2">
        <span className="font-medium">{name}</span>
        {required && <span className="text-xs text-text-2">required</span>}
        {changed && fallback !== undefined && (
          <span className="rounded-sm bg-accent-soft px-1.5 text-xs text-accent-fg">changed</span>
        )}
        <span className="flex-1" />
        {nullable && !asJson && (
          <Switch
            label={`Give ${name} a value`}
            isSelected={!isNull}
            onChange={(on) => onChange(on ? firstValue(resolved, root) : null)}
          >
            <span className="text-xs text-text-2">{isNull ? 'none' : 'a value'}</span>
          </Switch>
        )}
        {changed && (
          <IconButton
            label={`Back to the default of ${name}`}
            onPress={() => onChange(undefined)}
            icon={<RotateCcw size={13} aria-hidden />}
          />
        )}
        {field.kind !== 'json' && (
          <IconButton
            label={asJson ? `Show ${name} as a field` : `Show ${name} as JSON`}
            onPress={() => setAsJson(!asJson)}
            icon={<Braces size={13} aria-hidden className={asJson ? 'text-accent-fg' : ''} />}
          />
        )}
      </div>
      {isNull && !asJson ? (
        <div className="flex h-8 items-center rounded-md border border-dashed px-2.5 text-sm text-text-2">none</div>
      ) : asJson || field.kind === 'json' ? (
        <JsonInput {...labelled} value={shown} onChange={onChange} />
      ) : (
        <ValueInput {...labelled} field={field} schema={resolved} root={root} value={shown} onChange={onChange} depth={depth} />
      )}
      <p id={`${id}-hint`} className={problem ? 'mt-1 text-sm text-failed-fg' : 'mt-1 text-sm text-text-2 empty:hidden'}>
        {problem ?? resolved.description ?? ''}
      </p>
    </div>
  );
}

function firstValue(schema: Schema, root: Schema): unknown {
  const value = startValue(withoutDefault(schema), root);
  return value === null ? '' : value;
}

function withoutDefault({ default: _default, ...schema }: Schema): Schema {
  return schema;
}

/** The widget for a kind of value. */
function ValueInput({ field, schema, root, depth, value, onChange, ...aria }: ValueInputProps) {
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value);
  switch (field.kind) {
    case 'text':
      return field.long ? (
        <textarea
          {...aria}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          rows={4}
          className={`${INPUT_LOOK} h-auto py-1.5`}
        />
      ) : (
        <LineInput {...aria} secret={field.secret} value={text} onChange={onChange} />
      );
    case 'number':
      return <NumberInput {...aria} field={field} value={value} onChange={onChange} />;
    case 'boolean':
      return (
        <Switch label={aria['aria-label'] ?? 'Value'} isSelected={value === true} onChange={onChange}>
          {value === true ? 'true' : 'false'}
        </Switch>
      );
    case 'choice':
      return (
        <Select
          label={aria['aria-label'] ?? 'Value'}
          choices={field.options.map((option) => ({
            id: JSON.stringify(option),
            title: typeof option === 'string' ? option : JSON.stringify(option),
          }))}
          value={JSON.stringify(value) ?? ''}
          onChange={(id) => onChange(JSON.parse(id))}
        />
      );
    case 'date-time':
      return <DateTimeInput {...aria} value={value} onChange={onChange} />;
    case 'date':
      return (
        <input
          {...aria}
          type="date"
          value={text}
          onChange={(event) => onChange(event.target.value || undefined)}
          className={INPUT_LOOK}
        />
      );
    case 'time':
      return (
        <input
          {...aria}
          type="time"
          step={1}
          value={text}
          onChange={(event) => onChange(event.target.value || undefined)}
          className={INPUT_LOOK}
        />
      );
    case 'list':
      return (
        <ListInput {...aria} Value={ValueInput} item={field.item} root={root} depth={depth} value={value} onChange={onChange} />
      );
    case 'map':
      return (
        <MapInput {...aria} Value={ValueInput} entry={field.value} root={root} depth={depth} value={value} onChange={onChange} />
      );
    case 'union':
      return (
        <UnionInput
          {...aria}
          Value={ValueInput}
          options={field.options}
          root={root}
          depth={depth}
          value={value}
          onChange={onChange}
        />
      );
    case 'block':
      return <BlockInput {...aria} slug={field.slug} value={value} onChange={onChange} />;
    case 'object':
      return <ObjectInput Member={SchemaField} field={field} root={root} depth={depth} value={value} onChange={onChange} />;
    case 'json':
      return <JsonInput {...aria} value={value} onChange={onChange} />;
  }
}
