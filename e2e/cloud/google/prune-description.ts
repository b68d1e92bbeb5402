import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Makes the small descriptions beside this file out of Google's discovery documents, which the PyPI package google-api-python-client carries
 * (googleapiclient/discovery_cache/documents): the wanted methods and the schemas that they reach, without prose.
 *
 * Usage: node prune-description.ts <document.json> <output.json> <method id>…
 */
const [source = '', target = '', ...wanted] = process.argv.slice(2);
const PROSE = new Set(['description', 'enumDescriptions', 'enumDeprecated', 'deprecated', 'id', 'scopes', 'parameterOrder']);

type Json = { [key: string]: unknown };
const document = JSON.parse(readFileSync(source, 'utf8')) as Json;
const schemas = document.schemas as Json;
const methods: Json = {};
const reached: Json = {};

collectMethods(document);
for (const method of Object.values(methods)) reach(method);
const { name, version, revision, title } = document;
writeFileSync(target, `${JSON.stringify({ name, version, revision, title, methods, schemas: reached }, null, 1)}\n`);

function collectMethods(resource: Json): void {
  for (const method of Object.values((resource.methods ?? {}) as Record<string, Json>)) {
    if (wanted.includes(String(method.id))) methods[String(method.id)] = withoutProse(method);
  }
  for (const inner of Object.values((resource.resources ?? {}) as Record<string, Json>)) collectMethods(inner);
}

function reach(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const reference = (value as Json).$ref;
  if (typeof reference === 'string' && !(reference in reached)) {
    reached[reference] = withoutProse(schemas[reference]);
    reach(reached[reference]);
  }
  for (const inner of Object.values(value)) reach(inner);
}

/** Names of properties may be words of prose: those stay. */
function withoutProse(value: unknown, isNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => isNames || !PROSE.has(key));
  return Object.fromEntries(
    kept.map(([key, entry]) => [key, withoutProse(entry, !isNames && (key === 'properties' || key === 'parameters'))]),
  );
}
