import { SerializationError } from '../errors.ts';
import { encodeSpecial } from './special-types.ts';

export interface PythonJsonOptions {
  /** Writes the keys of objects in order. Default false. */
  readonly sortKeys?: boolean;
}

/**
 * Writes a value as Python's `json.dumps` does (`, ` and `: ` between, ASCII only), so that both languages hash and store the same text.
 * Dates, sets, errors and the like are written as tagged objects (contract, SDK 19.4).
 *
 * @throws SerializationError that names the place of a value that cannot be written
 */
export function toPythonJson(value: unknown, options: PythonJsonOptions = {}): string {
  return new Writer(options.sortKeys ?? false).write(value, '$');
}

class Writer {
  readonly #sortKeys: boolean;
  readonly #open = new Set<object>();

  constructor(sortKeys: boolean) {
    this.#sortKeys = sortKeys;
  }

  write(value: unknown, path: string): string {
    if (value === null || value === undefined) return 'null';
    switch (typeof value) {
      case 'string':
        return writeText(value);
      case 'number':
        return writeNumber(value);
      case 'boolean':
      case 'bigint':
        return String(value);
      case 'object':
        return this.#writeObject(value, path);
      default:
        throw new SerializationError(`A ${typeof value} at ${path} cannot be kept as JSON.`, {
          hint: 'Leave it out of what the run returns, or return plain data.',
        });
    }
  }

  #writeObject(value: object, path: string): string {
    if (this.#open.has(value))
      throw new SerializationError(`The value at ${path} contains itself, so it cannot be kept as JSON.`);
    this.#open.add(value);
    const text = Array.isArray(value) ? this.#writeList(value, path) : this.#writeFields(value, path);
    this.#open.delete(value);
    return text;
  }

  #writeList(list: readonly unknown[], path: string): string {
    return `[${list.map((item, index) => this.write(item, `${path}[${index}]`)).join(', ')}]`;
  }

  #writeFields(value: object, path: string): string {
    const special = encodeSpecial(value);
    if (special) return this.#join(Object.entries(special), path);
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.write(value.toJSON(), path);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) {
      throw new SerializationError(`A ${value.constructor.name} at ${path} cannot be kept as JSON.`, {
        hint: 'Give the class a toJSON() method, or return plain data.',
      });
    }
    return this.#join(Object.entries(value), path);
  }

  #join(entries: [string, unknown][], path: string): string {
    const given = entries.filter(([, each]) => each !== undefined);
    if (this.#sortKeys) given.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${given.map(([key, each]) => `${writeText(key)}: ${this.write(each, `${path}.${key}`)}`).join(', ')}}`;
  }
}

function writeText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function writeNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(value, -0)) return '-0.0';
  const small = value !== 0 && Math.abs(value) < 1e-4;
  const text = small ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}
