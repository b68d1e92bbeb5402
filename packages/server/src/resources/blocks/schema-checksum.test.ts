import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../../json/exact-json.ts';
import { blockSchemaChecksum } from './schema-checksum.ts';
import type { JsonObject } from './schema-fields.ts';

/** What the Python client computes over the same fields. */
const CASES: readonly (readonly [name: string, fields: string, checksum: string])[] = [
  [
    'an empty definition',
    '{"properties": {"p": {"$ref": "#/definitions/A"}}, "definitions": {"A": {}}, "description": "case 1"}',
    'sha256:850b116ae2bad3b6f5784100b5d67c2fcf209935124e76b3b280c5460df729fb',
  ],
  [
    'a definition',
    '{"properties": {"p": {"$ref": "#/definitions/A"}}, "definitions": {"A": {"title": "x"}}, "description": "case 2"}',
    'sha256:d850e897d66f0cdc6ffc95f2018c20fbf0ca5f440c28ec10a5449b07de560c74',
  ],
  [
    'an empty definition beside one that nobody refers to',
    '{"properties": {"p": {"$ref": "#/definitions/A"}}, "definitions": {"A": {}, "B": {"title": "b"}}, "description": "case 3"}',
    'sha256:ff3e9dcd5626a3f616b009c576c6895f685110550d76b68cc5e102f23576df7a',
  ],
  [
    'a reference inside of a union',
    '{"properties": {"p": {"anyOf": [{"$ref": "#/definitions/A"}]}}, "definitions": {"A": {}}, "description": "case 4"}',
    'sha256:b67d23df83bdb7401db3aaeb0e2658ec2b7d8376d56afcc42b9df297c36ad667',
  ],
  [
    'an empty definition under another title',
    '{"properties": {"p": {"$ref": "#/definitions/A", "title": "JSON"}}, "definitions": {"A": {}}, "description": "case 5"}',
    'sha256:1354d8815050bb31d2bdfca798929b5447606fba005e3ac974631a64096944fb',
  ],
  [
    'a definition under another title',
    '{"properties": {"p": {"$ref": "#/definitions/A", "title": "JSON"}}, "definitions": {"A": {"x": 1}}, "description": "case 6"}',
    'sha256:bd5450b5b13d7c5dc2569924036c4e7601ad95c6cd4e477bbf2aa95d6e8b4796',
  ],
  [
    'a definition in one branch of a union',
    '{"properties": {"p": {"anyOf": [{"type": "string"}, {"$ref": "#/definitions/A", "title": "JSON"}]}}, "definitions": {"A": {"x": 1}}, "description": "case 7"}',
    'sha256:c00dbc00896618f06a6da0eb819be516199a55f1a6d4481981d028834ef06c06',
  ],
  [
    'an empty definition in one branch of a union',
    '{"properties": {"p": {"anyOf": [{"type": "string"}, {"$ref": "#/definitions/A", "title": "JSON"}]}}, "definitions": {"A": {}}, "description": "case 8"}',
    'sha256:00dbf88c49cb8b2c6888caaf7fe80227f06fe19c2d5e74fea78df3c164ab026d',
  ],
  [
    'no definitions',
    '{"properties": {"p": {"$ref": "#/definitions/A"}}, "definitions": {}, "description": "case 9"}',
    'sha256:0e008189b1efbd9a4295946f7e5c5090a395b1eb29c7e8c86feaff392fbffffe',
  ],
  [
    'definitions that refer to others',
    '{"properties": {"p": {"$ref": "#/definitions/A"}}, "definitions": {"A": {"a": {"$ref": "#/definitions/B"}}, "B": {"x": 1}, "C": {"a": {"$ref": "#/definitions/D"}}, "D": {"x": 1}}, "description": "case 10"}',
    'sha256:67c8e1cfeeb19ea6b40ce2cfb3a9c8b1d2edd68df1fc238ae8c8469ab1933ce2',
  ],
  [
    'a definition of a block',
    '{"properties": {"p": {"$ref": "#/definitions/A"}}, "definitions": {"A": {"a": {"$ref": "#/definitions/B"}}, "B": {"block_type_slug": "q", "e": {"$ref": "#/definitions/E"}}, "E": {"x": 1}}, "description": "case 11"}',
    'sha256:89bb02d01ad94bb53f804630fc8c39d34d86a6e2f1bf1602b8c4d0ce2d7a3cb1',
  ],
  [
    'a definition that nobody refers to',
    '{"properties": {"q": 1}, "definitions": {"A": {"a": 1}}, "description": "case 12"}',
    'sha256:9d4652ed96d727af00a5e778e1853c41fd7906deaa7f4cc87615ce775adac92c',
  ],
  [
    'floats, secret fields and characters beyond ASCII',
    '{"x": [{"secret_fields": ["a"]}], "y": {"secret_fields": [1]}, "n": 1.0, "m": 1e-07, "o": 1e+16, "z": "\\u007f\\u2028\\ud83d\\ude00\\"\\\\", "w": [1e400, -0.0, 0.1], "description": "case 13"}',
    'sha256:2d317e25848905e13d114899baba206881e1cbf94b2eee22a7b974e458c890ff',
  ],
  [
    'a definition of null',
    '{"properties": {"p": {"$ref": "#/definitions/A"}}, "definitions": {"A": null}, "description": "case 14"}',
    'sha256:5691f19368f1d61c874d51654d0aa1128c6af5b5aef23c78149dbe87d6a8dca4',
  ],
  [
    'keys beyond the basic plane',
    '{"block_schema_references": {"b": []}, "\\ud83d\\ude00": 1, "\\uffff": 2, "description": "case 15"}',
    'sha256:a201eebf5c2da2abe9bb38fc00a9c672fd4cc6d2659987204163a9e2ee6cbabc',
  ],
];

describe('the checksum of a block schema', () => {
  it.each(CASES)('agrees with the Python client about %s', (_name, fields, checksum) => {
    expect(blockSchemaChecksum(parseExactJson(fields) as JsonObject)).toBe(checksum);
  });
});
