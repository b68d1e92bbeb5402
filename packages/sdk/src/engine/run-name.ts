import { ConfigurationError } from '../errors.ts';

/** The name that an author gave a run: text in which `{field}` stands for a field of the input, or a function of the input. */
export function formatRunName(template: string | ((input: unknown) => string), input: unknown): string {
  if (typeof template === 'function') {
    const name: unknown = template(input);
    if (typeof name === 'string') return name;
    throw new ConfigurationError(`runName gave ${typeof name}; it has to give text.`);
  }
  return template.replace(/\{([\w.]+)\}/g, (_, path: string) => String(readPath(input, path, template)));
}

function readPath(input: unknown, path: string, template: string): unknown {
  let value = input;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !(key in value)) {
      throw new ConfigurationError(`The name "${template}" asks for "${path}", which the input does not have.`);
    }
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
