import { inspect } from 'node:util';
import { type BlockInstance, type BlockPlace, blockInstance, placeOfBlock } from './definition.ts';

const MASK = '**********';

/** A block whose secrets are masked in print and in JSON. */
export function guardedInstance(
  value: Readonly<Record<string, unknown>>,
  methods: object,
  place: BlockPlace,
  secrets: readonly string[],
): BlockInstance<object, object> {
  const paths = secrets.map((path) => path.split('.'));
  const shown = () => masked(value, paths);
  const hidden: PropertyDescriptorMap = {
    [inspect.custom]: { value: () => `${place.slug}/${place.name ?? place.id} ${inspect(shown())}` },
    toJSON: { value: shown },
  };
  for (const [name, method] of Object.entries(methods)) hidden[name] = { value: method };
  return blockInstance(value, hidden, place);
}

function masked(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return value === null || value === undefined ? value : MASK;
  if (paths.length === 0 || typeof value !== 'object' || value === null || placeOfBlock(value)) return value;
  if (Array.isArray(value)) return value.map((each, index) => masked(each, below(paths, String(index))));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each, below(paths, name))]));
}

function below(paths: readonly (readonly string[])[], name: string): (readonly string[])[] {
  return paths.filter(([first]) => first === name || first === '*').map((path) => path.slice(1));
}
