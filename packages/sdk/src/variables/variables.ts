import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ObjectNotFound } from '../client/errors.ts';
import { ConfigurationError } from '../errors.ts';
import { checkValue } from '../schema/validate.ts';
import { currentSession } from '../session/session.ts';

/** How a variable is set. */
export interface SetVariableOptions {
  readonly tags?: readonly string[] | undefined;
  /** Whether a variable of that name may be replaced. Default false. */
  readonly overwrite?: boolean | undefined;
}

const LONGEST_VALUE = 5000;

/** The value of a variable; the fallback when there is none. With a schema the value is checked and typed by it. */
export async function getVariable(name: string, ...rest: unknown[]): Promise<unknown> {
  const [schema, fallback] = isSchema(rest[0]) ? [rest[0], rest[1]] : [undefined, rest[0]];
  const found = await readVariable(name);
  if (!found) return fallback ?? null;
  return schema ? checkValue(schema, found.value, `Variable "${name}"`) : found.value;
}

/** Sets a variable. */
export async function setVariable(name: string, value: unknown, options: SetVariableOptions = {}): Promise<void> {
  const text = JSON.stringify(value);
  if (text === undefined) throw new ConfigurationError(`Variable "${name}" cannot hold a ${typeof value}; give it JSON.`);
  if (text.length > LONGEST_VALUE) {
    throw new ConfigurationError(
      `Variable "${name}" would be ${text.length} characters long; at most ${LONGEST_VALUE} are kept.`,
      {
        hint: 'Keep large data in a block or a file, and its place in the variable.',
      },
    );
  }
  const { client } = currentSession();
  const tags = options.tags === undefined ? {} : { tags: [...options.tags] };
  const body = { name, value: JSON.parse(text), ...tags };
  if (!(await readVariable(name))) await client.call('POST /variables/', { body });
  else if (options.overwrite) await client.call('PATCH /variables/name/{name}', { path: { name }, body });
  else {
    throw new ConfigurationError(`Variable "${name}" exists already.`, { hint: 'Pass { overwrite: true } to replace it.' });
  }
}

/** Removes a variable. @returns whether there was one */
export async function unsetVariable(name: string): Promise<boolean> {
  try {
    await currentSession().client.call('DELETE /variables/name/{name}', { path: { name } });
    return true;
  } catch (error) {
    if (error instanceof ObjectNotFound) return false;
    throw error;
  }
}

async function readVariable(name: string) {
  try {
    return await currentSession().client.call('GET /variables/name/{name}', { path: { name } });
  } catch (error) {
    if (error instanceof ObjectNotFound) return undefined;
    throw error;
  }
}

function isSchema(value: unknown): value is StandardSchemaV1 {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value;
}
