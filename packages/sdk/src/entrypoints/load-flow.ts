import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MissingFlowError, ScriptError } from '../errors.ts';
import { type Flow, flow, isFlow } from '../flows/flow.ts';

/**
 * Loads the flow that an entrypoint names: `./flows/etl.ts:etl`, `package/subpath:flows.etl`. Without a name it is the default export.
 *
 * @param directory what relative paths start from
 * @throws ScriptError when the module cannot be loaded; MissingFlowError, with the flows that are there, when it has no such flow
 */
export async function loadFlow(entrypoint: string, directory: string = process.cwd()): Promise<Flow<unknown, unknown>> {
  const { path, name } = splitEntrypoint(entrypoint);
  const module = await importModule(path, directory);
  const found = walk(module, name);
  if (isFlow(found)) return found;
  if (typeof found === 'function') return flow(found.name || name, found as () => unknown);
  throw new MissingFlowError(`${path} has no flow "${name}".`, { hint: hintFor(path, flowsIn(module)) });
}

/** The flows that a module exports, by the name they are exported under. */
export function flowsIn(module: Readonly<Record<string, unknown>>): Map<string, Flow<unknown, unknown>> {
  const flows = new Map<string, Flow<unknown, unknown>>();
  for (const [name, value] of Object.entries(module)) if (isFlow(value)) flows.set(name, value);
  return flows;
}

/** Loads a module of flows by its path or package name. */
export async function importModule(path: string, directory: string): Promise<Record<string, unknown>> {
  const url = locate(path, directory);
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    throw new ScriptError(`${path} could not be loaded: ${error instanceof Error ? error.message : error}`, {
      cause: error,
      hint: isSyntaxOfTypes(error)
        ? 'Node runs TypeScript whose types can be erased; enums, namespaces and parameter properties need a build first.'
        : undefined,
    });
  }
}

/** `path:name`; the colon of a Windows drive does not count. */
function splitEntrypoint(entrypoint: string): { path: string; name: string } {
  const colon = entrypoint.lastIndexOf(':');
  return colon <= 1
    ? { path: entrypoint, name: 'default' }
    : { path: entrypoint.slice(0, colon), name: entrypoint.slice(colon + 1) };
}

function locate(path: string, directory: string): string {
  const file = isAbsolute(path) ? path : resolve(directory, path);
  if (existsSync(file)) return pathToFileURL(file).href;
  const looksLikeFile = path.startsWith('.') || isAbsolute(path) || /\.[cm]?[jt]sx?$/.test(path);
  if (!looksLikeFile) {
    try {
      return pathToFileURL(createRequire(join(directory, 'entrypoint.js')).resolve(path)).href;
    } catch (error) {
      throw new ScriptError(`There is neither a file nor a package "${path}".`, {
        cause: error,
        hint: `Looked in ${directory}.`,
      });
    }
  }
  throw new ScriptError(`There is no file ${path}.`, { hint: `Looked for ${file}.` });
}

function walk(module: Record<string, unknown>, name: string): unknown {
  let value: unknown = module;
  for (const key of name.split('.')) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function hintFor(path: string, flows: Map<string, unknown>): string {
  if (flows.size === 0) return `It exports no flow at all: write "export const etl = flow(…)".`;
  return `It exports ${[...flows.keys()].map((name) => `${path}:${name}`).join(', ')}.`;
}

function isSyntaxOfTypes(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';
}
