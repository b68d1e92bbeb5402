import type { SchemaValuesValidationResponse } from '@prefect-ts/protocol';
import { DetailError } from '../errors.ts';
import { CircularSchemaError, findErrors, SchemaInvalidError } from '../parameters/index.ts';
import { variableValues } from '../resources/variables.ts';
import { parseTemplate } from '../templates/index.ts';
import type { Routes } from './route.ts';

export const uiSchemaRoutes: Routes = {
  'POST /ui/schemas/validate': async ({ body }, core) => {
    const variables = await variableValues({ all: core.read.all, db: core.storage.builder });
    try {
      const errors = findErrors(body.values, body.schema, {
        variables,
        checkTemplate: (template) => void parseTemplate(template),
      });
      return { errors, valid: errors.length === 0 } as SchemaValuesValidationResponse;
    } catch (error) {
      if (error instanceof SchemaInvalidError) throw new DetailError(422, error.message);
      if (error instanceof CircularSchemaError) throw new DetailError(422, `Invalid schema: ${error.message}`);
      throw error;
    }
  },
};
