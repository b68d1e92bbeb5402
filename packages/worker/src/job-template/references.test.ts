import { describe, expect, test } from 'vitest';
import { BlockReferenceError, type ReferenceSource, resolveReferences } from './references.ts';

const source: ReferenceSource = {
  blockById: async (id) => ({ id, user: 'ann' }),
  blockByName: async (type, name) =>
    type === 'secret' ? { value: `${name}-secret` } : { host: 'db', ports: [5432], nested: { a: 1 } },
  variable: async (name) => ({ limit: 10, region: 'eu' })[name],
};

describe('resolveReferences', () => {
  test.each<[string, unknown, unknown]>([
    ['fills a block by id', { $ref: { block_document_id: 'b1' } }, { id: 'b1', user: 'ann' }],
    ['gives a block with only a value as that value', '{{ prefect.blocks.secret.token }}', 'token-secret'],
    ['reads the value of such a block by its name too', '{{ prefect.blocks.secret.token.value }}', 'token-secret'],
    ['gives a whole block', '{{ prefect.blocks.db.main }}', { host: 'db', ports: [5432], nested: { a: 1 } }],
    ['follows a path into a block', '{{ prefect.blocks.db.main.ports[0] }}', 5432],
    ['writes a scalar of a block into a text', 'at {{ prefect.blocks.db.main.host }}!', 'at db!'],
    ['gives a variable its JSON value', { n: ['{{ prefect.variables.limit }}'] }, { n: [10] }],
    ['empties a variable that is not there', '{{ prefect.variables.none }}', ''],
    ['writes variables into a text', '{{ prefect.variables.region }}-{{ prefect.variables.none }}', 'eu-'],
    ['leaves other placeholders', '{{ x }}', '{{ x }}'],
  ])('%s', async (_, template, expected) => {
    expect(await resolveReferences(template, source)).toEqual(expected);
  });

  test('refuses a path that a block does not have', async () => {
    await expect(resolveReferences('{{ prefect.blocks.db.main.user }}', source)).rejects.toThrow(
      'Could not resolve the keypath in the block document data.',
    );
  });

  test('refuses an object inside a longer text', async () => {
    await expect(resolveReferences('x {{ prefect.blocks.db.main.nested }}', source)).rejects.toThrow(BlockReferenceError);
  });
});
