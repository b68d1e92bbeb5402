import { expect, it } from 'vitest';
import { parseTemplate } from '../templates/index.ts';
import cases from './error-tree.cases.json' with { type: 'json' };
import { CircularSchemaError, findErrors, SchemaInvalidError } from './index.ts';

const context = {
  variables: new Map<string, unknown>([['v', 5]]),
  checkTemplate: (template: string) => void parseTemplate(template),
};

function answer(values: Record<string, unknown>, schema: Record<string, unknown>): unknown {
  try {
    const errors = findErrors(values, schema, context);
    return { errors, valid: errors.length === 0 };
  } catch (error) {
    if (error instanceof SchemaInvalidError) return { detail: error.message };
    if (error instanceof CircularSchemaError) return { detail: `Invalid schema: ${error.message}` };
    throw error;
  }
}

it.each(cases.map((each) => [JSON.stringify(each.values), JSON.stringify(each.schema), each.answer] as const))(
  'finds in %s by %s what the reference found',
  (values, schema, expected) => expect(answer(JSON.parse(values), JSON.parse(schema))).toEqual(expected),
);
