import type { ValidationIssue } from '@prefect-ts/protocol/contract';
import { ApiError } from '../errors.ts';
import { nameProblem } from '../names/index.ts';

/** A request whose path, query or body is not what the contract asks for. */
export class InvalidRequestError extends ApiError {
  override readonly name = 'InvalidRequestError';
  constructor(issues: readonly ValidationIssue[], body: unknown) {
    super(
      422,
      { exception_message: 'Invalid request received.', exception_detail: issues, request_body: body },
      'Invalid request received.',
    );
  }
}

/** A check that no schema expresses failed; reported like those that schemas make. */
export function invalidValue(
  loc: readonly (string | number)[],
  message: string,
  input: unknown,
  body: unknown,
): InvalidRequestError {
  return new InvalidRequestError([{ type: 'value_error', loc, msg: `Value error, ${message}`, input, ctx: { error: {} } }], body);
}

/** Reads a body as JSON, whatever content type it claims; an empty one is no body. */
export function parseBody(text: unknown): unknown {
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidRequestError(
      [
        {
          type: 'json_invalid',
          loc: ['body', 0],
          msg: 'JSON decode error',
          input: {},
          ctx: { error: (error as Error).message },
        },
      ],
      text,
    );
  }
}

/** Refuses a name that addresses cannot carry. */
export function checkName(name: string, body: unknown): void {
  const problem = nameProblem(name);
  if (problem) throw new InvalidRequestError([{ ...problem, loc: ['body', 'name'], input: name }], body);
}
