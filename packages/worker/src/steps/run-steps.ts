import { applyValues, isRecord } from '../job-template/placeholders.ts';
import { type ReferenceSource, resolveReferences } from '../job-template/references.ts';
import { findStep } from './step-library.ts';

/** A step as `prefect.yaml` and deployments hold it: one key, the step's full name, with its inputs. */
export type StepDefinition = Readonly<Record<string, unknown>>;

/** What a step may use. */
export interface StepContext {
  /** The folder that relative paths of the step start from. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes the output of commands that a step runs. */
  readonly print: (text: string) => void;
  /** Where blocks come from. */
  readonly references: ReferenceSource;
}

/** What a step does: takes its inputs, gives its outputs. */
export type Step = (inputs: Readonly<Record<string, unknown>>, context: StepContext) => Promise<Record<string, unknown>>;

/** A step that ran, or failed to. */
export interface StepReport {
  index: number;
  qualifiedName: string;
  id: string | undefined;
  /** As written, placeholders unfilled, so that no secret gets out. */
  inputs: Readonly<Record<string, unknown>>;
  failure?: Error;
}

export interface RunStepsOptions {
  steps: readonly StepDefinition[];
  directory: string;
  references: ReferenceSource;
  env?: Readonly<Record<string, string | undefined>>;
  print?: (text: string) => void;
  /** Called after each step. */
  onStep?: (report: StepReport) => void;
  /** Outputs of steps that ran before. */
  outputs?: Readonly<Record<string, unknown>>;
}

/** What a list of steps gave. */
export interface StepsResult {
  /** The outputs of all steps: by name, and once more under the id of their step where it has one. */
  outputs: Record<string, unknown>;
  /** The folder that the last step that names one put us in. */
  directory: string;
}

/** A step is written in a way that cannot be meant. */
export class InvalidStepError extends Error {
  override readonly name = 'InvalidStepError';
}

/** A step failed; the cause tells why. */
export class StepExecutionError extends Error {
  override readonly name = 'StepExecutionError';
  constructor(qualifiedName: string, cause: Error) {
    super(`Encountered error while running ${qualifiedName}: ${cause.message}`, { cause });
  }
}

/** Runs steps in order, each with the outputs of those before it (contract 14.2). */
export async function runSteps(options: RunStepsOptions): Promise<StepsResult> {
  const { env = process.env, print = (text: string) => process.stderr.write(text), references } = options;
  const outputs: Record<string, unknown> = { ...options.outputs };
  let { directory } = options;
  for (const [index, definition] of options.steps.entries()) {
    const { qualifiedName, inputs, id } = readStep(definition);
    print(` > Running ${qualifiedName.split('.').at(-1)} step...\n`);
    const report = { index, qualifiedName, id, inputs };
    try {
      const step = await findStep(qualifiedName, directory);
      const filled = await fillInputs(inputs, outputs, references, env);
      const given = await step(filled, { directory, env, print, references });
      if (typeof given.directory === 'string') directory = given.directory;
      Object.assign(outputs, given);
      if (id !== undefined) outputs[id] = given;
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      options.onStep?.({ ...report, failure });
      throw new StepExecutionError(qualifiedName, failure);
    }
    options.onStep?.(report);
  }
  return { outputs, directory };
}

function readStep(definition: StepDefinition) {
  const [first, ...more] = Object.entries(definition);
  if (!first) throw new InvalidStepError('A step is empty: it needs one key, the name of what to run.');
  if (more.length > 0) {
    throw new InvalidStepError(`Step has unexpected additional keys: ${more.map(([key]) => key).join(', ')}`);
  }
  const [qualifiedName, given] = first;
  const { id, requires: _requires, ...inputs } = isRecord(given) ? given : {};
  return { qualifiedName, inputs, id: typeof id === 'string' ? id : undefined };
}

async function fillInputs(
  inputs: Readonly<Record<string, unknown>>,
  outputs: Readonly<Record<string, unknown>>,
  references: ReferenceSource,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, unknown>> {
  const withOutputs = applyValues(inputs, outputs, { removeNotSet: false, env });
  const filled = applyValues(await resolveReferences(withOutputs, references), { ...env }, { env });
  return isRecord(filled) ? filled : {};
}
