import { resolve } from 'node:path';
import { exportedFlows } from 'prefect-ts/deployments';
import { entrypointLanguage, findPython, splitEntrypoint } from 'prefect-ts/runner';
import { runCommand } from '../steps/run-command.ts';

/** What a deployment has to say about its flow. */
export interface FlowDescription {
  name: string;
  description: string | null;
  version: string | null;
  /** The JSON schema of its parameters; null when nothing is known of them. */
  parameterSchema: Record<string, unknown> | null;
}

/** A flow cannot be loaded from its entrypoint. */
export class FlowDescriptionError extends Error {
  override readonly name = 'FlowDescriptionError';
}

/** Loads a flow in a process of its own, in its own language, and asks it for its name and parameters. */
export async function describeFlow(
  entrypoint: string,
  directory: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<FlowDescription> {
  return entrypointLanguage(entrypoint) === 'python'
    ? describePythonFlow(entrypoint, directory, env)
    : describeTypeScriptFlow(entrypoint, directory, env);
}

const PYTHON_PROGRAM = `
import json, sys
try:
    from prefect.flows import load_flow_from_entrypoint
    from prefect.utilities.callables import parameter_schema
except ImportError:
    sys.exit("the Python package 'prefect' is not installed for " + sys.executable)
flow = load_flow_from_entrypoint(sys.argv[1], use_placeholder_flow=False)
schema = parameter_schema(flow)
print("\\x1e" + json.dumps({
    "name": flow.name,
    "description": flow.description,
    "version": flow.version,
    "parameterSchema": schema.model_dump() if hasattr(schema, "model_dump") else schema.dict(),
}))
`;

async function describePythonFlow(
  entrypoint: string,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FlowDescription> {
  const { code, stdout, stderr } = await runCommand(findPython(env), ['-c', PYTHON_PROGRAM, entrypoint], {
    cwd: resolve(directory),
    env: { ...env, PREFECT_LOGGING_LEVEL: 'ERROR' },
  });
  return readDescription(entrypoint, code, stdout, stderr);
}

/** Reads what the program printed: one JSON document behind a record separator, so that what the flow prints does no harm. */
function readDescription(entrypoint: string, code: number | null, stdout: string, stderr: string): FlowDescription {
  const start = stdout.lastIndexOf('\x1e');
  if (code !== 0 || start < 0) {
    const reason = stderr.trim().split('\n').slice(-8).join('\n') || `the program ended with code ${code}`;
    throw new FlowDescriptionError(`The flow at '${entrypoint}' could not be loaded: ${reason}`);
  }
  return JSON.parse(stdout.slice(start + 1));
}

async function describeTypeScriptFlow(
  entrypoint: string,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FlowDescription> {
  const { path, name } = splitEntrypoint(entrypoint);
  const flows = await exportedFlows(resolve(directory, path), { cwd: resolve(directory), env });
  const exportName = name === '' ? 'default' : name;
  const found = flows.find((flow) => flow.exportName === exportName);
  if (!found) {
    const others = flows.map((flow) => flow.exportName).join(', ') || 'none';
    throw new FlowDescriptionError(`The module ${path} exports no flow '${exportName}'; it exports: ${others}.`);
  }
  const { description, version, parameterSchema } = found;
  return { name: found.name, description, version, parameterSchema: parameterSchema && { ...parameterSchema } };
}
