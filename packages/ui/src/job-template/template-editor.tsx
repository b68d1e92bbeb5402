import { useState } from 'react';
import type { InputProps } from '../schema-form/scalar-inputs.tsx';
import { JsonInput } from '../schema-form/scalar-inputs.tsx';
import { SchemaForm } from '../schema-form/schema-form.tsx';
import { givenValues } from '../schema-form/values.ts';
import { Disclosure } from '../widgets/disclosure.tsx';
import { defaultsOf, type JobTemplate, templateOf, templateProblems, usesOf, withDefaults } from './template.ts';

const NO_PROBLEMS = {};

/** The defaults of a job template as a form, and the whole of it as JSON for those who need more. */
export function TemplateEditor({
  base,
  value,
  onChange,
}: {
  /** The template before anything was changed. */
  base: JobTemplate;
  value: JobTemplate;
  onChange: (template: JobTemplate) => void;
}) {
  const [version, setVersion] = useState(0);
  const original = defaultsOf(base);
  const now = defaultsOf(value);
  const changed = Object.fromEntries(
    Object.entries(now).filter(([name, held]) => JSON.stringify(held) !== JSON.stringify(original[name])),
  );
  const problems = templateProblems(value);
  const changeDefaults = (values: Record<string, unknown>) => {
    // What is taken back has again what the base says, which may be nothing.
    const wanted = { ...original, ...givenValues(values) };
    const properties = Object.fromEntries(
      Object.entries(value.variables.properties ?? {}).map(([name, { default: _default, ...schema }]) => [name, schema]),
    );
    onChange(withDefaults({ ...value, variables: { ...value.variables, properties } }, wanted));
    setVersion((count) => count + 1);
  };
  const json: InputProps = {
    'aria-label': 'Job template as JSON',
    value,
    onChange: (next) => onChange(templateOf(next)),
  };
  return (
    <div className="space-y-5">
      {Object.keys(value.variables.properties ?? {}).length === 0 ? (
        <p className="text-sm text-text-2">This template has no variables.</p>
      ) : (
        <SchemaForm
          schema={{ ...value.variables, required: [] }}
          defaults={original}
          values={changed}
          onChange={changeDefaults}
          problems={NO_PROBLEMS}
        />
      )}
      {problems.length > 0 && (
        <ul
          aria-label="What to look at again"
          className="space-y-1 rounded-md bg-scheduled-bg px-3 py-2 text-sm text-scheduled-fg"
        >
          {problems.map((problem) => (
            <li key={problem} className="break-words">
              {problem}
            </li>
          ))}
        </ul>
      )}
      <Disclosure title="Where each variable goes">
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-sm">
          {[...usesOf(value)].map(([name, places]) => (
            <div key={name} className="col-span-2 grid grid-cols-subgrid">
              <dt className="font-mono">{name}</dt>
              <dd className="min-w-0 font-mono break-words text-text-2">{places.join(', ') || 'nowhere'}</dd>
            </div>
          ))}
        </dl>
      </Disclosure>
      <Disclosure title="The whole template as JSON">
        <JsonInput key={version} {...json} />
      </Disclosure>
    </div>
  );
}
