import { resolve } from 'node:path';
import { findPython } from 'prefect-ts/runner';
import { runCommand } from './run-command.ts';
import type { Step } from './run-steps.ts';

/** The packages of a requirements file could not be installed. */
export class RequirementsError extends Error {
  override readonly name = 'RequirementsError';
}

/** Installs Python packages. Inputs: `directory`, `requirements_file`, `stream_output` (default true). Outputs: `stdout`, `stderr`. */
export const pipInstallRequirements: Step = async (inputs, context) => {
  const cwd = typeof inputs.directory === 'string' ? resolve(context.directory, inputs.directory) : context.directory;
  const file = String(inputs.requirements_file ?? 'requirements.txt');
  const args = ['-m', 'pip', 'install', '-r', file];
  const print = inputs.stream_output === false ? undefined : context.print;
  const { code, stdout, stderr } = await runCommand(findPython(context.env), args, { cwd, env: context.env, print });
  if (code !== 0) throw new RequirementsError(`pip could not install ${file} (code ${code}): ${stderr.trim()}`);
  return { stdout: stdout.trim(), stderr: stderr.trim() };
};
