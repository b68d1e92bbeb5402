import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ObjectAlreadyExists } from '../client/errors.ts';
import { ConfigurationError } from '../errors.ts';
import { type JsonSchema, jsonSchemaOf } from '../schema/json-schema.ts';
import { checkValue } from '../schema/validate.ts';
import type { Session } from '../session/session.ts';

/** Where the question of a paused run and its answer lie among the inputs of the run (contract, SDK 22.1). */
export interface InputKeyset {
  readonly description: string;
  readonly response: string;
  readonly schema: string;
}

/** What a paused run asks for. */
export interface Question {
  readonly schema: StandardSchemaV1;
  /** Heading of the form. */
  readonly title?: string | undefined;
  /** Markdown above the form. */
  readonly description?: string | undefined;
  /** What the form shows to begin with. */
  readonly initial?: Readonly<Record<string, unknown>> | undefined;
}

/** The keys for the inputs of a pause. */
export function keysetFor(stateName: string, pauseKey: string): InputKeyset {
  const prefix = `${stateName.toLowerCase()}-${pauseKey}`.replace(/[^a-z0-9-]+/g, '-');
  return { description: `${prefix}-description`, response: `${prefix}-response`, schema: `${prefix}-schema` };
}

/** Puts the question where the dashboard and other clients look for it. */
export async function storeQuestion(
  { client }: Session,
  flowRunId: string,
  keyset: InputKeyset,
  question: Question,
): Promise<void> {
  const write = (key: string, value: string) =>
    client.call('POST /flow_runs/{id}/input', { path: { id: flowRunId }, body: { key, value, sender: null } });
  const store = async (key: string, value: string) => {
    try {
      await write(key, value);
    } catch (error) {
      if (!(error instanceof ObjectAlreadyExists)) throw error;
      // The body runs again and asks again, perhaps something else.
      await client.call('DELETE /flow_runs/{id}/input/{key}', { path: { id: flowRunId, key } });
      await write(key, value);
    }
  };
  await store(keyset.schema, JSON.stringify(formOf(question)));
  if (question.description !== undefined) await store(keyset.description, JSON.stringify(question.description));
}

/** The answer, checked and converted by the schema of the question. */
export async function readAnswer(
  { client }: Session,
  flowRunId: string,
  keyset: InputKeyset,
  question: Question,
): Promise<unknown> {
  const answer = await client.call('GET /flow_runs/{id}/input/{key}', { path: { id: flowRunId, key: keyset.response } });
  return checkValue(question.schema, answer, 'The input of the run');
}

function formOf({ schema, title, initial = {} }: Question): JsonSchema {
  const {
    properties = {},
    required,
    ...written
  } = (jsonSchemaOf(schema) ?? {}) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  if ((written as JsonSchema).type !== 'object') {
    throw new ConfigurationError('The input of a paused run needs a schema of an object.', {
      hint: 'For example: pause({ input: z.object({ approved: z.boolean() }) }). For libraries that cannot write JSON Schema, see registerJsonSchema().',
    });
  }
  const fields = Object.entries(properties).map(([name, property], position) => [
    name,
    { title: name, position, ...property, ...(name in initial ? { default: initial[name] } : {}) },
  ]);
  const needed = required?.filter((name) => !(name in initial) && !('default' in (properties[name] ?? {}))) ?? [];
  return {
    ...written,
    title: title ?? (written as JsonSchema).title ?? 'Input',
    properties: Object.fromEntries(fields),
    ...(needed.length > 0 ? { required: needed } : {}),
    additionalProperties: false,
  };
}
