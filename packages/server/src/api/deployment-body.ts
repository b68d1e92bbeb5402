import type { DeploymentCreate, DeploymentUpdate } from '@prefect-ts/protocol';
import {
  CircularSchemaError,
  SchemaInvalidError,
  ValuesInvalidError,
  validateSchema,
  validateValues,
} from '../parameters/index.ts';
import { invalidValue } from './request-body.ts';

/** Checks what no schema expresses about a deployment; `sent` tells whether the request named a member. */
export function checkDeploymentBody(body: DeploymentCreate | DeploymentUpdate, sent: (member: string) => boolean): void {
  if (typeof body.concurrency_limit === 'number' && body.global_concurrency_limit_id)
    throw refusal('A deployment cannot have both a concurrency limit and a global concurrency limit.', body);
  // Unlike the default, enforcement that was asked for is checked at once.
  if (sent('enforce_parameter_schema') && body.enforce_parameter_schema) checkOwnParameters(body);
}

function checkOwnParameters(body: DeploymentCreate | DeploymentUpdate): void {
  const schema = body.parameter_openapi_schema;
  if (!schema) return;
  try {
    validateSchema(schema);
    validateValues(body.parameters ?? {}, schema, { ignoreRequired: true });
  } catch (error) {
    if (error instanceof SchemaInvalidError)
      throw refusal(
        `The provided schema is not a valid json schema. Schema error: ${error.message.replace(/^Invalid schema: /, '')}`,
        body,
      );
    if (error instanceof ValuesInvalidError || error instanceof CircularSchemaError) throw refusal(error.message, body);
    throw error;
  }
}

function refusal(message: string, body: unknown) {
  return invalidValue(['body'], message, body, body);
}
