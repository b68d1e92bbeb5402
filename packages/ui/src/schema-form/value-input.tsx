import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../widgets/button.tsx';
import { INPUT_LOOK, Select, Switch } from '../widgets/fields.tsx';
import { type Field, resolveField, type Schema, startValue } from './schema.ts';
import { SchemaField } from './schema-field.tsx';

interface InputProps {
  id?: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
  'aria-label'?: string;
  value: unknown;
  onChange: (value: unknown) => void;
}

type ValueInputProps = InputProps & { field: Field; schema: Schema; root: Schema; depth: number };

/** The widget for a kind of value. */
export function ValueInput({ field, schema, root, depth, value, onChange, ...aria }: ValueInputProps) {
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
        <input
          {...aria}
          type={field.secret ? 'password' : 'text'}
          autoComplete="off"
          value={text}
          onChange={(event) => onChange(event.target.value)}
          className={INPUT_LOOK}
        />
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
      return (
        <input
          {...aria}
          type="datetime-local"
          step={1}
          value={toLocalInput(text)}
          onChange={(event) => onChange(event.target.value === '' ? undefined : new Date(event.target.value).toISOString())}
          className={INPUT_LOOK}
        />
      );
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
    case 'list':
      return <ListInput {...aria} item={field.item} root={root} depth={depth} value={value} onChange={onChange} />;
    case 'object':
      return <ObjectInput field={field} root={root} depth={depth} value={value} onChange={onChange} />;
    case 'json':
      return <JsonInput {...aria} value={value} onChange={onChange} />;
  }
}

/** Any value as JSON; what does not parse stays as typed and is said. */
export function JsonInput({ value, onChange, ...aria }: InputProps) {
  const [draft, setDraft] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [broken, setBroken] = useState<string>();
  const edit = (text: string) => {
    setDraft(text);
    try {
      onChange(text.trim() === '' ? undefined : JSON.parse(text));
      setBroken(undefined);
    } catch (error) {
      setBroken(error instanceof Error ? error.message : 'This is not JSON');
    }
  };
  return (
    <>
      <textarea
        {...aria}
        value={draft}
        onChange={(event) => edit(event.target.value)}
        rows={Math.min(12, Math.max(2, draft.split('\n').length))}
        spellCheck={false}
        placeholder="JSON"
        className={`${INPUT_LOOK} h-auto py-1.5 font-mono text-xs leading-5`}
      />
      {broken && <p className="mt-1 text-sm text-failed-fg">{broken}</p>}
    </>
  );
}

function NumberInput({ field, value, onChange, ...aria }: InputProps & { field: Extract<Field, { kind: 'number' }> }) {
  return (
    <input
      {...aria}
      type="number"
      inputMode={field.integer ? 'numeric' : 'decimal'}
      step={field.integer ? 1 : 'any'}
      min={field.minimum}
      max={field.maximum}
      value={typeof value === 'number' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
      className={`${INPUT_LOOK} tabular`}
    />
  );
}

function ListInput({
  item,
  root,
  depth,
  value,
  onChange,
  'aria-label': name = 'the list',
}: InputProps & { item: Schema; root: Schema; depth: number }) {
  const entries: unknown[] = Array.isArray(value) ? value : [];
  const { field, schema } = resolveField(item, root, depth + 1);
  return (
    <div className="space-y-1.5">
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries of a list have no identity but their place
        <div key={index} className="flex items-center gap-1">
          <div className="min-w-0 flex-1">
            <ValueInput
              aria-label={`Entry ${index + 1} of ${name}`}
              field={field}
              schema={schema}
              root={root}
              depth={depth + 1}
              value={entry}
              onChange={(next) => onChange(entries.map((other, place) => (place === index ? next : other)))}
            />
          </div>
          <IconButton
            label={`Remove entry ${index + 1} of ${name}`}
            onPress={() => onChange(entries.filter((_, place) => place !== index))}
            icon={<X size={14} aria-hidden />}
          />
        </div>
      ))}
      <Button icon={<Plus size={13} aria-hidden />} onPress={() => onChange([...entries, startValue(item, root)])}>
        Add an entry
      </Button>
    </div>
  );
}

function ObjectInput({
  field,
  root,
  depth,
  value,
  onChange,
}: {
  field: Extract<Field, { kind: 'object' }>;
  root: Schema;
  depth: number;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const members = new Map(Object.entries(typeof value === 'object' && value !== null ? value : {}));
  return (
    <div className="space-y-4 border-s-2 ps-4">
      {field.properties.map(([name, schema]) => (
        <SchemaField
          key={name}
          name={name}
          schema={schema}
          root={root}
          required={field.required.includes(name)}
          fallback={schema.default}
          value={members.get(name)}
          onChange={(next) => onChange(Object.fromEntries([...members, [name, next]]))}
          depth={depth + 1}
        />
      ))}
    </div>
  );
}

/** A timestamp as a local-time input wants it. */
function toLocalInput(text: string): string {
  const millis = Date.parse(text);
  if (Number.isNaN(millis)) return '';
  const local = new Date(millis - new Date(millis).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
