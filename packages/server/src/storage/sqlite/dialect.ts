import type { Dialect } from '../storage.ts';

export const sqlite: Dialect = {
  name: 'sqlite',
  types: {
    uuid: 'TEXT',
    text: 'TEXT',
    json: 'TEXT',
    micros: 'INTEGER',
    integer: 'INTEGER',
    real: 'REAL',
    flag: 'INTEGER',
    position: 'INTEGER PRIMARY KEY AUTOINCREMENT',
    tableOptions: 'STRICT',
  },
};
