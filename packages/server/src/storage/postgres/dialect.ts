import type { Dialect } from '../storage.ts';

export const postgres: Dialect = {
  name: 'postgres',
  types: {
    uuid: 'UUID',
    text: 'TEXT',
    json: 'JSONB',
    micros: 'BIGINT',
    integer: 'INTEGER',
    real: 'DOUBLE PRECISION',
    flag: 'SMALLINT',
    position: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    tableOptions: '',
  },
};
