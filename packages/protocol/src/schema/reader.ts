import type { JsonSchema } from './json-schema.ts';
import { type Reader, Reading } from './reading.ts';
import { readBoolean, readInteger, readNull, readNumber, stringReader } from './scalar-readers.ts';
import { listAlternatives, type ValidationIssue } from './validation-error.ts';

/** What came in, checked and brought to its canonical form, or what is wrong with it. */
export type ReadOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: ValidationIssue[] };

/**
 * Turns the schemas of a contract document into functions that check a value, coerce what the API coerces (numbers in
 * strings, any spelling of a timestamp or UUID), fill in defaults and drop or refuse unknown members.
 */
export class SchemaCompiler {
  readonly #components: Readonly<Record<string, JsonSchema>>;
  readonly #compiled = new Map<string, Reader>();

  constructor(components: Readonly<Record<string, JsonSchema>>) {
    this.#components = components;
  }

  /** Makes the check for one schema; `root` starts the location of every issue, for example `body`. */
  compile(schema: JsonSchema, root: string): (value: unknown) => ReadOutcome {
    const read = this.#reader(schema);
    return (value) => {
      const reading = new Reading([root]);
      const result = read(value, reading, false);
      return reading.issues.length === 0 ? { ok: true, value: result } : { ok: false, issues: reading.issues };
    };
  }

  #reader(schema: JsonSchema): Reader {
    if (schema.$ref) return this.#component(schema.$ref.slice('#/components/schemas/'.length));
    if (schema.const !== undefined) return choiceReader([schema.const], 'literal_error');
    if (schema.enum) return choiceReader(schema.enum, 'enum');
    const alternatives = schema.anyOf ?? schema.oneOf;
    if (alternatives) return this.#union(alternatives);
    switch (schema.type) {
      case 'string':
        return stringReader(schema);
      case 'integer':
        return boundedReader(readInteger, schema);
      case 'number':
        return boundedReader(readNumber, schema);
      case 'boolean':
        return readBoolean;
      case 'null':
        return readNull;
      case 'array':
        return this.#array(schema);
      case 'object':
        return schema.properties ? this.#object(schema, schema.properties) : this.#dictionary(schema);
      default:
        return (value) => value;
    }
  }

  /** Components refer to each other in circles, so each is compiled when it is first used. */
  #component(name: string): Reader {
    return (value, reading, strict) => {
      let read = this.#compiled.get(name);
      if (!read) {
        const schema = this.#components[name];
        if (!schema) throw new Error(`The contract document has no component "${name}".`);
        read = this.#reader(schema);
        this.#compiled.set(name, read);
      }
      return read(value, reading, strict);
    };
  }

  #union(alternatives: readonly JsonSchema[]): Reader {
    const options = alternatives.map((schema) => ({ tag: tagOf(schema), read: this.#reader(schema) }));
    const nullable = options.some(({ tag }) => tag === 'null');
    const others = options.filter(({ tag }) => tag !== 'null');
    const [only] = others;
    if (nullable && only && others.length === 1)
      return (value, reading, strict) => (value === null ? null : only.read(value, reading, strict));
    return (value, reading) => {
      if (value === null && nullable) return null;
      const failed: Reading[] = [];
      for (const strict of [true, false]) {
        for (const { tag, read } of others) {
          const attempt = reading.attempt(tag);
          const result = read(value, attempt, strict);
          if (attempt.issues.length === 0) return result;
          if (!strict) failed.push(attempt);
        }
      }
      for (const { issues } of failed) reading.issues.push(...issues);
      return undefined;
    };
  }

  #array(schema: JsonSchema): Reader {
    const item = schema.items ? this.#reader(schema.items) : undefined;
    const places = schema.prefixItems?.map((part) => this.#reader(part));
    return (value, reading, strict) => {
      if (!Array.isArray(value)) return reading.report('list_type', 'Input should be a valid list', value);
      checkLength(value, schema, reading);
      const result = value.map((element, index) => {
        const read = places?.[index] ?? item;
        return read ? readMember(read, element, index, reading, strict) : element;
      });
      return schema.uniqueItems ? [...new Set(result)] : result;
    };
  }

  #dictionary(schema: JsonSchema): Reader {
    const values = typeof schema.additionalProperties === 'object' ? this.#reader(schema.additionalProperties) : undefined;
    return (value, reading, strict) => {
      if (!isRecord(value)) return reading.report('dict_type', 'Input should be a valid dictionary', value);
      if (!values) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, member]) => [key, readMember(values, member, key, reading, strict)]),
      );
    };
  }

  #object(schema: JsonSchema, properties: Readonly<Record<string, JsonSchema>>): Reader {
    const members = Object.entries(properties).map(([key, property]) => {
      const read = this.#reader(property);
      return { key, read, required: schema.required?.includes(key) ?? false, fallback: readDefault(property, read) };
    });
    const extras = schema.additionalProperties;
    const readExtra = typeof extras === 'object' ? this.#reader(extras) : undefined;
    return (value, reading, strict) => {
      if (!isRecord(value))
        return reading.report(
          'model_attributes_type',
          'Input should be a valid dictionary or object to extract fields from',
          value,
        );
      const result: Record<string, unknown> = {};
      for (const { key, read, required, fallback } of members) {
        const given = value[key];
        if (given !== undefined) result[key] = readMember(read, given, key, reading, strict);
        else if (required) readMember(reportMissing, value, key, reading, strict);
        else if (fallback !== undefined) result[key] = structuredCloneIfObject(fallback);
      }
      // Without a word in the schema, what it does not name is left out.
      if (extras === undefined) return result;
      for (const key in value) {
        if (key in properties) continue;
        if (extras === false) readMember(reportExtra, value[key], key, reading, strict);
        else result[key] = readExtra ? readMember(readExtra, value[key], key, reading, strict) : value[key];
      }
      return result;
    };
  }
}

/** Reads what stands at a key or an index of a value. */
function readMember(read: Reader, member: unknown, key: string | number, reading: Reading, strict: boolean): unknown {
  reading.enter(key);
  const result = read(member, reading, strict);
  reading.leave();
  return result;
}

const reportMissing: Reader = (whole, reading) => reading.report('missing', 'Field required', whole);
const reportExtra: Reader = (member, reading) => reading.report('extra_forbidden', 'Extra inputs are not permitted', member);

/** The document writes defaults as they are sent; a duration in text, for example, is read like one that a client sends. */
function readDefault({ default: sent }: JsonSchema, read: Reader): unknown {
  return typeof sent === 'string' ? read(sent, new Reading([]), false) : sent;
}

function choiceReader(choices: readonly unknown[], type: 'enum' | 'literal_error'): Reader {
  const known = new Set(choices);
  const expected = listAlternatives(choices);
  return (value, reading) =>
    known.has(value) ? value : reading.report(type, `Input should be ${expected}`, value, { expected });
}

function boundedReader(read: Reader, schema: JsonSchema): Reader {
  const { minimum, maximum, exclusiveMinimum } = schema;
  return (value, reading, strict) => {
    const result = read(value, reading, strict);
    if (typeof result !== 'number') return result;
    if (minimum !== undefined && result < minimum)
      reading.report('greater_than_equal', `Input should be greater than or equal to ${minimum}`, value, { ge: minimum });
    if (exclusiveMinimum !== undefined && result <= exclusiveMinimum)
      reading.report('greater_than', `Input should be greater than ${exclusiveMinimum}`, value, { gt: exclusiveMinimum });
    if (maximum !== undefined && result > maximum)
      reading.report('less_than_equal', `Input should be less than or equal to ${maximum}`, value, { le: maximum });
    return result;
  };
}

function checkLength(value: readonly unknown[], schema: JsonSchema, reading: Reading): void {
  const { minItems, maxItems } = schema;
  if (maxItems !== undefined && value.length > maxItems)
    reading.report('too_long', `List should have at most ${maxItems} items after validation, not ${value.length}`, value, {
      field_type: 'List',
      max_length: maxItems,
      actual_length: value.length,
    });
  if (minItems !== undefined && value.length < minItems)
    reading.report(
      'too_short',
      `List should have at least ${minItems} item${minItems === 1 ? '' : 's'} after validation, not ${value.length}`,
      value,
      { field_type: 'List', min_length: minItems, actual_length: value.length },
    );
}

function tagOf(schema: JsonSchema): string {
  if (schema.$ref) return schema.$ref.slice('#/components/schemas/'.length).replace(/-(Input|Output)$/, '');
  const names: Record<string, string> = {
    string: 'str',
    integer: 'int',
    number: 'float',
    boolean: 'bool',
    array: 'list',
    object: 'dict',
  };
  if (schema.format === 'uuid') return 'uuid';
  return names[schema.type ?? ''] ?? schema.type ?? 'any';
}

function structuredCloneIfObject(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
