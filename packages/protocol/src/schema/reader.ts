import type { JsonSchema } from './json-schema.ts';
import { type Reader, readBoolean, readInteger, readNull, readNumber, stringReader } from './scalar-readers.ts';
import { type Location, listAlternatives, type ValidationIssue } from './validation-error.ts';

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
      const issues: ValidationIssue[] = [];
      const result = read(value, [root], issues, false);
      return issues.length === 0 ? { ok: true, value: result } : { ok: false, issues };
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
    return (value, loc, issues, strict) => {
      let read = this.#compiled.get(name);
      if (!read) {
        const schema = this.#components[name];
        if (!schema) throw new Error(`The contract document has no component "${name}".`);
        read = this.#reader(schema);
        this.#compiled.set(name, read);
      }
      return read(value, loc, issues, strict);
    };
  }

  #union(alternatives: readonly JsonSchema[]): Reader {
    const options = alternatives.map((schema) => ({ tag: tagOf(schema), read: this.#reader(schema) }));
    const nullable = options.some(({ tag }) => tag === 'null');
    const others = options.filter(({ tag }) => tag !== 'null');
    const [only] = others;
    if (nullable && only && others.length === 1)
      return (value, loc, issues, strict) => (value === null ? null : only.read(value, loc, issues, strict));
    return (value, loc, issues) => {
      if (value === null && nullable) return null;
      const attempts: ValidationIssue[][] = [];
      for (const strict of [true, false]) {
        for (const { tag, read } of others) {
          const found: ValidationIssue[] = [];
          const result = read(value, [...loc, tag], found, strict);
          if (found.length === 0) return result;
          if (!strict) attempts.push(found);
        }
      }
      issues.push(...attempts.flat());
      return undefined;
    };
  }

  #array(schema: JsonSchema): Reader {
    const item = schema.items ? this.#reader(schema.items) : undefined;
    const places = schema.prefixItems?.map((part) => this.#reader(part));
    return (value, loc, issues, strict) => {
      if (!Array.isArray(value)) return report(issues, 'list_type', loc, 'Input should be a valid list', value);
      checkLength(value, schema, loc, issues);
      const result = value.map((element, index) => {
        const read = places?.[index] ?? item;
        return read ? read(element, [...loc, index], issues, strict) : element;
      });
      return schema.uniqueItems ? [...new Set(result)] : result;
    };
  }

  #dictionary(schema: JsonSchema): Reader {
    const values = typeof schema.additionalProperties === 'object' ? this.#reader(schema.additionalProperties) : undefined;
    return (value, loc, issues, strict) => {
      if (!isRecord(value)) return report(issues, 'dict_type', loc, 'Input should be a valid dictionary', value);
      if (!values) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, member]) => [key, values(member, [...loc, key], issues, strict)]),
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
    return (value, loc, issues, strict) => {
      if (!isRecord(value))
        return report(
          issues,
          'model_attributes_type',
          loc,
          'Input should be a valid dictionary or object to extract fields from',
          value,
        );
      const result: Record<string, unknown> = {};
      for (const { key, read, required, fallback } of members) {
        const given = value[key];
        if (given !== undefined) result[key] = read(given, [...loc, key], issues, strict);
        else if (required) report(issues, 'missing', [...loc, key], 'Field required', value);
        else if (fallback !== undefined) result[key] = structuredCloneIfObject(fallback);
      }
      for (const key in value) {
        if (key in properties || !extras) {
          if (extras === false && !(key in properties))
            report(issues, 'extra_forbidden', [...loc, key], 'Extra inputs are not permitted', value[key]);
        } else result[key] = readExtra ? readExtra(value[key], [...loc, key], issues, strict) : value[key];
      }
      return result;
    };
  }
}

/** The document writes defaults as they are sent; a duration in text, for example, is read like one that a client sends. */
function readDefault({ default: sent }: JsonSchema, read: Reader): unknown {
  return typeof sent === 'string' ? read(sent, [], [], false) : sent;
}

function choiceReader(choices: readonly unknown[], type: 'enum' | 'literal_error'): Reader {
  const known = new Set(choices);
  const expected = listAlternatives(choices);
  return (value, loc, issues) =>
    known.has(value) ? value : report(issues, type, loc, `Input should be ${expected}`, value, { expected });
}

function boundedReader(read: Reader, schema: JsonSchema): Reader {
  const { minimum, maximum, exclusiveMinimum } = schema;
  return (value, loc, issues, strict) => {
    const result = read(value, loc, issues, strict);
    if (typeof result !== 'number') return result;
    if (minimum !== undefined && result < minimum)
      report(issues, 'greater_than_equal', loc, `Input should be greater than or equal to ${minimum}`, value, { ge: minimum });
    if (exclusiveMinimum !== undefined && result <= exclusiveMinimum)
      report(issues, 'greater_than', loc, `Input should be greater than ${exclusiveMinimum}`, value, { gt: exclusiveMinimum });
    if (maximum !== undefined && result > maximum)
      report(issues, 'less_than_equal', loc, `Input should be less than or equal to ${maximum}`, value, { le: maximum });
    return result;
  };
}

function checkLength(value: readonly unknown[], schema: JsonSchema, loc: Location, issues: ValidationIssue[]): void {
  const { minItems, maxItems } = schema;
  if (maxItems !== undefined && value.length > maxItems)
    report(issues, 'too_long', loc, `List should have at most ${maxItems} items after validation, not ${value.length}`, value, {
      field_type: 'List',
      max_length: maxItems,
      actual_length: value.length,
    });
  if (minItems !== undefined && value.length < minItems)
    report(
      issues,
      'too_short',
      loc,
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

function report(
  issues: ValidationIssue[],
  type: string,
  loc: Location,
  msg: string,
  input: unknown,
  ctx?: Readonly<Record<string, unknown>>,
): undefined {
  issues.push(ctx ? { type, loc, msg, input, ctx } : { type, loc, msg, input });
  return undefined;
}

function structuredCloneIfObject(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
