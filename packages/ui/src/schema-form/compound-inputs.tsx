import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { type ComponentType, useState } from 'react';
import { Button, IconButton } from '../widgets/button.tsx';
import { INPUT_LOOK, Select } from '../widgets/fields.tsx';
import type { SchemaFieldProps, ValueInputProps } from './field-props.ts';
import type { InputProps } from './scalar-inputs.tsx';
import { type Field, isOfKind, resolveField, type Schema, startValue } from './schema.ts';

interface InsideProps extends InputProps {
  /** The widget of each value inside, which may hold others in turn. */
  Value: ComponentType<ValueInputProps>;
  root: Schema;
  depth: number;
}

/** Values in an order: entries are added, moved, taken away. */
export function ListInput({
  Value,
  item,
  root,
  depth,
  value,
  onChange,
  'aria-label': name = 'the list',
}: InsideProps & { item: Schema }) {
  const entries: unknown[] = Array.isArray(value) ? value : [];
  const { field, schema } = resolveField(item, root, depth + 1);
  const isBig = field.kind === 'object' || field.kind === 'map' || field.kind === 'union';
  const move = (from: number, to: number) => {
    const moved = [...entries];
    moved.splice(to, 0, ...moved.splice(from, 1));
    onChange(moved);
  };
  return (
    <div className="space-y-1.5">
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries of a list have no identity but their place
        <div key={index} className={isBig ? 'flex items-start gap-1 rounded-md border p-3' : 'flex items-center gap-1'}>
          <div className="min-w-0 flex-1">
            <Value
              aria-label={`Entry ${index + 1} of ${name}`}
              field={field}
              schema={schema}
              root={root}
              depth={depth + 1}
              value={entry}
              onChange={(next) => onChange(entries.map((other, place) => (place === index ? next : other)))}
            />
          </div>
          {entries.length > 1 && (
            <>
              <IconButton
                label={`Move entry ${index + 1} of ${name} up`}
                isDisabled={index === 0}
                onPress={() => move(index, index - 1)}
                icon={<ArrowUp size={13} aria-hidden />}
              />
              <IconButton
                label={`Move entry ${index + 1} of ${name} down`}
                isDisabled={index === entries.length - 1}
                onPress={() => move(index, index + 1)}
                icon={<ArrowDown size={13} aria-hidden />}
              />
            </>
          )}
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

/** Names that are typed here, each with a value. */
export function MapInput({
  Value,
  entry,
  root,
  depth,
  value,
  onChange,
  'aria-label': name = 'the entries',
}: InsideProps & { entry: Schema }) {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  const { field, schema } = resolveField(entry, root, depth + 1);
  const put = (next: [string, unknown][]) => onChange(Object.fromEntries(next));
  const freeName = () => {
    let count = entries.length + 1;
    while (entries.some(([key]) => key === `name${count}`)) count += 1;
    return `name${count}`;
  };
  return (
    <div className="space-y-1.5">
      {entries.map(([key, held], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the name itself changes while it is typed
        <div key={index} className="flex items-start gap-1">
          <input
            aria-label={`Name ${index + 1} in ${name}`}
            value={key}
            onChange={(event) => {
              const renamed = event.target.value;
              if (entries.some(([other], place) => place !== index && other === renamed)) return;
              put(entries.map((pair, place) => (place === index ? [renamed, held] : pair)));
            }}
            spellCheck={false}
            className={`${INPUT_LOOK} max-w-48 font-mono`}
          />
          <div className="min-w-0 flex-1">
            <Value
              aria-label={`Value of ${key} in ${name}`}
              field={field}
              schema={schema}
              root={root}
              depth={depth + 1}
              value={held}
              onChange={(next) => put(entries.map((pair, place) => (place === index ? [key, next] : pair)))}
            />
          </div>
          <IconButton
            label={`Remove ${key} from ${name}`}
            onPress={() => put(entries.filter((_, place) => place !== index))}
            icon={<X size={14} aria-hidden />}
          />
        </div>
      ))}
      <Button icon={<Plus size={13} aria-hidden />} onPress={() => put([...entries, [freeName(), startValue(entry, root)]])}>
        Add a name
      </Button>
    </div>
  );
}

/** One of several kinds of values; what was given for a kind is kept while another one is tried. */
export function UnionInput({
  Value,
  options,
  root,
  depth,
  value,
  onChange,
  ...aria
}: InsideProps & { options: { title: string; schema: Schema }[] }) {
  const [chosen, setChosen] = useState(() =>
    Math.max(
      0,
      options.findIndex(({ schema }) => isOfKind(value, schema, root)),
    ),
  );
  const [kept, setKept] = useState<Record<number, unknown>>({});
  const option = options[chosen];
  if (!option) return null;
  const { field, schema } = resolveField(option.schema, root, depth + 1);
  const name = aria['aria-label'] ?? 'the value';
  const choose = (next: number) => {
    const wanted = options[next];
    if (!wanted || next === chosen) return;
    setKept({ ...kept, [chosen]: value });
    setChosen(next);
    onChange(next in kept ? kept[next] : startValue(wanted.schema, root));
  };
  return (
    <div className="grid gap-2 sm:grid-cols-[9rem_1fr]">
      <Select
        label={`Kind of ${name}`}
        choices={options.map(({ title }, index) => ({ id: String(index), title }))}
        value={String(chosen)}
        onChange={(id) => choose(Number(id))}
      />
      <div className="min-w-0">
        <Value
          key={chosen}
          {...aria}
          field={field}
          schema={schema}
          root={root}
          depth={depth + 1}
          value={value}
          onChange={onChange}
        />
      </div>
    </div>
  );
}

/** The members of an object, each with its own field. */
export function ObjectInput({
  Member,
  field,
  root,
  depth,
  value,
  onChange,
}: {
  /** The field of each member. */
  Member: ComponentType<SchemaFieldProps>;
  field: Extract<Field, { kind: 'object' }>;
  root: Schema;
  depth: number;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const members = new Map(Object.entries(typeof value === 'object' && value !== null ? value : {}));
  const put = (name: string, next: unknown) => {
    const changed = new Map(members);
    if (next === undefined) changed.delete(name);
    else changed.set(name, next);
    onChange(Object.fromEntries(changed));
  };
  return (
    <div className="space-y-4 border-s-2 ps-4">
      {field.properties.map(([name, schema]) => (
        <Member
          key={name}
          name={name}
          schema={schema}
          root={root}
          required={field.required.includes(name)}
          fallback={schema.default}
          value={members.get(name)}
          onChange={(next) => put(name, next)}
          depth={depth + 1}
        />
      ))}
    </div>
  );
}
