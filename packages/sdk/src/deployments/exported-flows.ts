import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { MissingFlowError, ScriptError } from '../errors.ts';
import type { ParameterSchema } from '../schema/parameter-schema.ts';

/** A flow as its module exports it. */
export interface ExportedFlow {
  /** Name of the export. */
  readonly exportName: string;
  readonly name: string;
  readonly description: string | null;
  readonly version: string | null;
  /** Null when the schema library of the flow cannot describe its parameters. */
  readonly parameterSchema: ParameterSchema | null;
}

const PROGRAM = fileURLToPath(new URL('./exported-flows-program.ts', import.meta.url));

/** In the environment of a process that only looks at a module: `serve` and `deploy` do nothing there. */
export const LOOKING_ONLY = 'PREFECT_TS__LOOKING_ONLY';

/**
 * Tells which flows a module exports. The module is loaded in a process of its own: that shows whether a run could load it, and what it
 * does at its top level does no harm here.
 *
 * @throws ScriptError when the module cannot be loaded
 */
export async function exportedFlows(
  file: string,
  options: { cwd?: string; env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<ExportedFlow[]> {
  if (!existsSync(resolve(options.cwd ?? '.', file))) throw new ScriptError(`There is no module ${file}.`);
  const compileCache = join(tmpdir(), 'prefect-ts-compile-cache');
  const child = spawn(process.execPath, [PROGRAM, file], {
    cwd: options.cwd ?? process.cwd(),
    env: { NODE_COMPILE_CACHE: compileCache, ...(options.env ?? process.env), [LOOKING_ONLY]: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const answer = child.stdio[3];
  const [written, complaints, [code]] = await Promise.all([
    answer && 'readable' in answer ? text(answer) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'exit'),
  ]);
  if (written === '') {
    const reason = complaints.trim() || `the process ended with code ${code}`;
    throw new ScriptError(`The module ${file} could not be loaded: ${reason}`);
  }
  return JSON.parse(written);
}

/** Finds how a flow is called by the module that defines it. */
export function exportOf(flows: readonly ExportedFlow[], flowName: string, file: string): ExportedFlow {
  const found = flows.find(({ name }) => name === flowName);
  if (found) return found;
  const others = flows.map(({ exportName }) => exportName).join(', ') || 'none';
  throw new MissingFlowError(`The module ${file} does not export the flow '${flowName}'; it exports: ${others}.`, {
    hint: 'Write `export const …` in front of it: a run starts in a process of its own and has to find it.',
  });
}
