import { DetailError } from '../errors.ts';
import { CircularSchemaError, findProblems, SchemaInvalidError } from '../parameters/index.ts';
import { variableValues } from '../resources/variables.ts';
import { parseTemplate } from '../templates/index.ts';
import type { Routes } from './route.ts';

export const uiSchemaRoutes: Routes = {
  'POST /ui/schemas/validate': async ({ body }, core) => {
    const variables = await variableValues({ db: core.storage.builder, all: (query) => core.scan.all(query) });
    try {
      const errors = findProblems(body.values, body.schema, { variables, checkTemplate: parseTemplate });
      return { errors, valid: errors.length === 0 };
    } catch (error) {
      if (error instanceof SchemaInvalidError) throw new DetailError(422, error.message);
      if (error instanceof CircularSchemaError) throw new DetailError(422, `Invalid schema: ${error.message}`);
      throw error;
    }
  },
};
