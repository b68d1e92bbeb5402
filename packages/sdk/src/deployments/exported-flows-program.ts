import { writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isFlow } from '../flows/flow.ts';
import type { ExportedFlow } from './exported-flows.ts';

/** Where the answer goes: the module may write to standard output. */
const ANSWER = 3;

const [file = ''] = process.argv.slice(2);
const module: Record<string, unknown> = await import(pathToFileURL(resolve(file)).href).catch((error: unknown) => {
  // What Node itself would print begins with the line of code; the reason is what a reader wants first.
  console.error(error instanceof Error ? `${error.message}\n${error.stack}` : error);
  process.exit(1);
});
const flows: ExportedFlow[] = Object.entries(module).flatMap(([exportName, value]) => {
  if (!isFlow(value)) return [];
  const { name, description = null, version = null } = value;
  return [{ exportName, name, description, version, parameterSchema: value.parameterSchema() ?? null }];
});
writeSync(ANSWER, JSON.stringify(flows));
// A module may keep timers or connections open.
process.exit(0);
