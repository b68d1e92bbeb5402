import { resolve } from 'node:path';
import { isRecord } from '../job-template/placeholders.ts';
import { type CommandResult, runCommand, splitWords } from './run-command.ts';
import type { Step } from './run-steps.ts';

/** A command of a script failed. */
export class ShellScriptError extends Error {
  override readonly name = 'ShellScriptError';
}

/**
 * Runs the lines of a script, one command each. Inputs: `script`, `directory`, `env`, `stream_output` (default true),
 * `expand_env_vars`, `shell`. Outputs: `stdout`, `stderr`.
 */
export const runShellScript: Step = async (inputs, context) => {
  const cwd = typeof inputs.directory === 'string' ? resolve(context.directory, inputs.directory) : context.directory;
  const added = isRecord(inputs.env) ? Object.entries(inputs.env).map(([key, value]) => [key, String(value)] as const) : [];
  const env = { ...context.env, ...Object.fromEntries(added) };
  const print = inputs.stream_output === false ? undefined : context.print;
  const text = String(inputs.script ?? '');
  const script = inputs.expand_env_vars === true ? expandVariables(text, env) : text;
  let stdout = '';
  let stderr = '';
  for (const line of script.split('\n').map((command) => command.trim())) {
    if (line === '') continue;
    const result = await runLine(line, inputs.shell === true, { cwd, env, print });
    stdout += result.stdout;
    stderr += result.stderr;
    if (result.code !== 0) {
      throw new ShellScriptError(`'${line}' ended with code ${result.code}: ${result.stderr.trim() || result.stdout.trim()}`);
    }
  }
  return { stdout: stdout.trim(), stderr: stderr.trim() };
};

function runLine(line: string, shell: boolean, options: Parameters<typeof runCommand>[2]): Promise<CommandResult> {
  if (shell) return runCommand(line, [], { ...options, shell: true });
  const [command = '', ...args] = splitWords(line);
  return runCommand(command, args, options);
}

function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (match, braced?: string, bare?: string) => env[braced ?? bare ?? ''] ?? match);
}
