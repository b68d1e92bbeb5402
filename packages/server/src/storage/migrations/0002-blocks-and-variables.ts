import type { Migration } from '../migration.ts';

/** Variables, blocks, artifact collections, saved searches and what the server itself keeps. */
export const blocksAndVariables: Migration = {
  version: 2,
  name: 'blocks-and-variables',
  statements({ uuid, text, json, micros, integer, flag, tableOptions }) {
    const entity = `id ${uuid} PRIMARY KEY, created ${micros} NOT NULL, updated ${micros} NOT NULL`;
    const table = (name: string, columns: string) => `CREATE TABLE ${name} (${columns}) ${tableOptions}`;
    const artifact = `type ${text}, data ${json}, description ${text}, metadata ${json}, flow_run_id ${uuid}, task_run_id ${uuid}`;
    return [
      // Values and fields are text rather than JSON: PostgreSQL would order the members of objects anew.
      table('variable', `${entity}, name ${text} NOT NULL UNIQUE, value ${text} NOT NULL, tags ${json} NOT NULL`),

      table(
        'block_type',
        `${entity}, name ${text} NOT NULL, slug ${text} NOT NULL UNIQUE, logo_url ${text}, documentation_url ${text}, description ${text},
         code_example ${text}, is_protected ${flag} NOT NULL`,
      ),
      table(
        'block_schema',
        `${entity}, checksum ${text} NOT NULL, version ${text} NOT NULL, fields ${text} NOT NULL, capabilities ${json} NOT NULL,
         block_type_id ${uuid} NOT NULL REFERENCES block_type ON DELETE CASCADE, UNIQUE (checksum, version)`,
      ),
      'CREATE INDEX block_schema_type ON block_schema (block_type_id, created)',
      table(
        'block_schema_reference',
        `id ${uuid} PRIMARY KEY, name ${text} NOT NULL, position ${integer} NOT NULL,
         parent_id ${uuid} NOT NULL REFERENCES block_schema ON DELETE CASCADE,
         reference_id ${uuid} NOT NULL REFERENCES block_schema ON DELETE CASCADE`,
      ),
      'CREATE INDEX block_schema_reference_parent ON block_schema_reference (parent_id)',
      'CREATE INDEX block_schema_reference_reference ON block_schema_reference (reference_id)',
      table(
        'block_document',
        `${entity}, name ${text} NOT NULL, data ${text} NOT NULL, is_anonymous ${flag} NOT NULL, block_type_name ${text} NOT NULL,
         block_schema_id ${uuid} NOT NULL REFERENCES block_schema ON DELETE CASCADE,
         block_type_id ${uuid} NOT NULL REFERENCES block_type ON DELETE CASCADE, UNIQUE (block_type_id, name)`,
      ),
      'CREATE INDEX block_document_schema ON block_document (block_schema_id)',
      table(
        'block_document_reference',
        `id ${uuid} PRIMARY KEY, name ${text} NOT NULL, parent_id ${uuid} NOT NULL REFERENCES block_document ON DELETE CASCADE,
         reference_id ${uuid} NOT NULL REFERENCES block_document ON DELETE CASCADE, UNIQUE (parent_id, name)`,
      ),
      'CREATE INDEX block_document_reference_reference ON block_document_reference (reference_id)',

      table('saved_search', `${entity}, name ${text} NOT NULL UNIQUE, filters ${json} NOT NULL`),
      table('csrf_token', `${entity}, client ${text} NOT NULL UNIQUE, token ${text} NOT NULL, expiration ${micros} NOT NULL`),
      table('configuration', `key ${text} PRIMARY KEY, value ${text} NOT NULL`),
      table(
        'default_result_storage',
        `scope ${text} PRIMARY KEY, block_document_id ${uuid} NOT NULL REFERENCES block_document ON DELETE CASCADE`,
      ),

      table('artifact_collection', `${entity}, key ${text} NOT NULL UNIQUE, latest_id ${uuid} NOT NULL, ${artifact}`),
      'CREATE INDEX artifact_collection_latest ON artifact_collection (latest_id)',
      // Keys in use so far get their collections, which borrow the ids of their newest artifacts.
      `INSERT INTO artifact_collection
         (id, created, updated, key, latest_id, type, data, description, metadata, flow_run_id, task_run_id)
       SELECT id, created, updated, key, id, type, data, description, metadata, flow_run_id, task_run_id
       FROM (SELECT artifact.*, row_number() OVER (PARTITION BY key ORDER BY created DESC, id DESC) AS age
             FROM artifact WHERE key IS NOT NULL) AS newest
       WHERE age = 1`,
    ];
  },
};
