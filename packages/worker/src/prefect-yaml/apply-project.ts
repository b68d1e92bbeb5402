import { resolve } from 'node:path';
import { type ApiClient, ObjectNotFound } from 'prefect-ts/client';
import { applyDeployment } from 'prefect-ts/deployments';
import { applyValues } from '../job-template/placeholders.ts';
import { type ReferenceSource, resolveReferences, serverReferences } from '../job-template/references.ts';
import { runSteps, type StepDefinition } from '../steps/run-steps.ts';
import { buildDefinition, fillPullSteps } from './build-definition.ts';
import { describeFlow } from './describe-flow.ts';
import { type DeploymentEntry, loadPrefectYaml, type Project, type ProjectProblem } from './project-file.ts';
import { type Selection, selectDeployments } from './select-deployments.ts';

export interface ApplyProjectOptions extends Selection {
  client: ApiClient;
  /** The folder of the project. Default: the current one. */
  directory?: string | undefined;
  /** The file of the project. Default `prefect.yaml`. */
  file?: string | undefined;
  /** What a person said beside the file; wins over it. With several deployments it is not used. */
  overrides?: Partial<DeploymentEntry> | undefined;
  /** The pool of deployments that name none. */
  defaultWorkPool?: string | undefined;
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Takes lines for people and the output of steps. */
  print?: ((text: string) => void) | undefined;
}

/** A deployment that the server has now. */
export interface ProjectDeployment {
  id: string;
  /** `flow/deployment`. */
  fullName: string;
  created: boolean;
  workPool: string;
}

export interface AppliedProject {
  deployments: ProjectDeployment[];
  /** Names that fit no deployment of the project. */
  unknown: string[];
  problems: ProjectProblem[];
}

/** A deployment lacks something that nobody can be asked for. */
export class IncompleteDeploymentError extends Error {
  override readonly name = 'IncompleteDeploymentError';
}

const EMPTY: Project = { build: null, push: null, pull: null, deployments: [], problems: [] };

/** Does what `prefect deploy` does where nobody can be asked: reads the project, picks deployments, builds, pushes and applies them. */
export async function applyProject(options: ApplyProjectOptions): Promise<AppliedProject> {
  const directory = resolve(options.directory ?? '.');
  const project = (await loadPrefectYaml(resolve(directory, options.file ?? 'prefect.yaml'))) ?? EMPTY;
  const { entries, unknown } = selectDeployments(project.deployments, options);
  const [name] = options.names ?? [];
  const made = entries.length === 0 && options.overrides?.entrypoint ? [{ name: name ?? null }] : entries;
  const chosen = made.length === 1 ? made.map((entry) => withOverrides(entry, options.overrides)) : made;
  const deployments: ProjectDeployment[] = [];
  for (const entry of chosen) deployments.push(await applyEntry(entry, project, directory, options));
  return { deployments, unknown: made === entries ? unknown : [], problems: project.problems };
}

/** What a person says wins over the file; a pool is changed in parts, and schedules are added. */
function withOverrides(entry: DeploymentEntry, overrides: Partial<DeploymentEntry> = {}): DeploymentEntry {
  const { schedule, ...merged } = { ...entry, ...overrides };
  if (overrides.work_pool) merged.work_pool = { ...entry.work_pool, ...overrides.work_pool };
  if (!overrides.schedules) return schedule === undefined ? merged : { ...merged, schedule };
  const own = entry.schedules ?? (schedule == null ? [] : [schedule]);
  return { ...merged, schedules: [...own, ...overrides.schedules] };
}

async function applyEntry(
  written: DeploymentEntry,
  project: Project,
  directory: string,
  options: ApplyProjectOptions,
): Promise<ProjectDeployment> {
  const { client, env = process.env, print = (text: string) => process.stderr.write(text) } = options;
  const references = serverReferences(client);
  const { build = project.build, push = project.push, pull = project.pull, triggers, ...plain } = written;
  const entry = (await fillFromSurroundings(plain, references, env)) as DeploymentEntry;
  const { entrypoint, name, pool } = requireParts(entry, options);
  await requirePool(client, pool);
  const flow = await describeFlow(entrypoint, directory, env);
  if (flow.parameterSchema === null)
    print(
      `Warning: the flow '${flow.name}' says nothing of its parameters, so they are not checked. Give it \`params\`, a schema of zod, valibot or arktype.\n`,
    );
  const outputs = await runPhases([build, push], { directory, references, env, print });
  const onNotSet = (missing: string) =>
    print(`Warning: '{{ ${missing} }}' of deployment '${name}' has no value and is left out.\n`);
  const filled = applyValues(entry, outputs, { skipPrefixes: ['ctx.'], env, onNotSet }) as DeploymentEntry;
  const workPool = { ...filled.work_pool, name: pool };
  const steps = pull ?? [{ 'prefect.deployments.steps.set_working_directory': { directory } }];
  if (pull === null) print(`Workers will look for the code of '${name}' in ${directory}.\n`);
  const complete = { ...filled, name, entrypoint, work_pool: workPool, triggers: triggers ?? [] };
  const definition = buildDefinition(complete, flow, fillPullSteps(steps, outputs));
  const { id, created } = await applyDeployment(client, definition);
  return { id, created, fullName: `${flow.name}/${name}`, workPool: pool };
}

/** Blocks, variables and the environment come first; what steps will give stays open. */
async function fillFromSurroundings(
  entry: DeploymentEntry,
  references: ReferenceSource,
  env: Readonly<Record<string, string | undefined>>,
): Promise<unknown> {
  return applyValues(await resolveReferences(entry, references), { ...env }, { removeNotSet: false, env });
}

function requireParts(entry: DeploymentEntry, options: ApplyProjectOptions) {
  const { entrypoint, name } = entry;
  const pool = entry.work_pool?.name ?? options.defaultWorkPool;
  if (!entrypoint) {
    throw new IncompleteDeploymentError(
      `Deployment '${name ?? 'unnamed'}' names no entrypoint: give one such as 'flows/etl.ts:etl'.`,
    );
  }
  if (!name) throw new IncompleteDeploymentError(`The deployment of '${entrypoint}' has no name: give one with --name.`);
  if (!pool) {
    throw new IncompleteDeploymentError(`Deployment '${name}' names no work pool: give one with --pool or in prefect.yaml.`);
  }
  return { entrypoint, name, pool };
}

async function requirePool(client: ApiClient, pool: string): Promise<void> {
  try {
    await client.call('GET /work_pools/{name}', { path: { name: pool } });
  } catch (error) {
    if (!(error instanceof ObjectNotFound)) throw error;
    throw new IncompleteDeploymentError(
      `This deployment configuration references work pool '${pool}' which does not exist. Create it with \`prefect work-pool create ${pool}\`.`,
    );
  }
}

async function runPhases(
  phases: readonly (readonly StepDefinition[] | null)[],
  context: Omit<Parameters<typeof runSteps>[0], 'steps'>,
): Promise<Record<string, unknown>> {
  let outputs: Record<string, unknown> = {};
  for (const steps of phases) {
    if (steps && steps.length > 0) ({ outputs } = await runSteps({ ...context, steps, outputs }));
  }
  return outputs;
}
