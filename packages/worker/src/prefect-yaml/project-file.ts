import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { isRecord } from '../job-template/placeholders.ts';
import type { StepDefinition } from '../steps/run-steps.ts';

/** A schedule as `prefect.yaml` writes it. */
export interface ScheduleEntry {
  cron?: string;
  interval?: number | string;
  rrule?: string;
  timezone?: string | null;
  anchor_date?: string | null;
  day_or?: boolean;
  active?: boolean | string;
  parameters?: Record<string, unknown>;
  slug?: string;
  replaces?: string;
}

/** One of the `deployments` of `prefect.yaml`. Any text may hold placeholders. */
export interface DeploymentEntry {
  name?: string | null;
  version?: string | null;
  version_type?: string | null;
  tags?: string[] | string | null;
  description?: string | null;
  schedule?: ScheduleEntry | null;
  schedules?: ScheduleEntry[] | null;
  paused?: boolean | null;
  concurrency_limit?: number | { limit: number; collision_strategy?: string; grace_period_seconds?: number } | null;
  entrypoint?: string | null;
  parameters?: Record<string, unknown>;
  enforce_parameter_schema?: boolean | null;
  build?: StepDefinition[] | null;
  push?: StepDefinition[] | null;
  pull?: StepDefinition[] | null;
  work_pool?: { name?: string | null; work_queue_name?: string | null; job_variables?: Record<string, unknown> } | null;
  triggers?: Record<string, unknown>[] | null;
}

/** What a project says about its deployments. */
export interface Project {
  build: StepDefinition[] | null;
  push: StepDefinition[] | null;
  /** Null: a default is made; empty: none. */
  pull: StepDefinition[] | null;
  deployments: DeploymentEntry[];
  /** What cannot be meant, by deployment; such deployments are left out. */
  problems: ProjectProblem[];
}

export interface ProjectProblem {
  deployment: string;
  fields: string[];
}

/** `prefect.yaml` cannot be read as one. */
export class ProjectFileError extends Error {
  override readonly name = 'ProjectFileError';
}

/** Reads a `prefect.yaml`; undefined when there is none. */
export async function loadPrefectYaml(path: string): Promise<Project | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parsePrefectYaml(text, path);
}

export function parsePrefectYaml(text: string, path = 'prefect.yaml'): Project {
  const document = parseDocument(text, { merge: true });
  const [mistake] = document.errors;
  if (mistake) throw new ProjectFileError(`${path} is no valid YAML: ${mistake.message.trim().replace(/:$/, '')}`);
  const content: unknown = document.toJS() ?? {};
  if (!isRecord(content)) throw new ProjectFileError(`${path} must hold keys such as 'deployments' and 'pull' at its top.`);
  const problems: ProjectProblem[] = [];
  const deployments: DeploymentEntry[] = [];
  for (const entry of Array.isArray(content.deployments) ? content.deployments : []) {
    const fields = findMistakes(entry);
    if (fields.length === 0) deployments.push({ ...(entry as DeploymentEntry), ...stepsOf(entry) });
    else problems.push({ deployment: String(isRecord(entry) ? (entry.name ?? 'unnamed') : 'unnamed'), fields });
  }
  const { build = null, push = null, pull = null } = stepsOf(content);
  return { build, push, pull, deployments, problems };
}

type Steps = Partial<Record<'build' | 'push' | 'pull', StepDefinition[] | null>>;

/** A single step may stand without its list. */
function stepsOf(holder: unknown): Steps {
  const steps: Steps = {};
  for (const phase of ['build', 'push', 'pull'] as const) {
    const value = isRecord(holder) ? holder[phase] : undefined;
    if (value !== undefined) steps[phase] = isRecord(value) ? [value] : (value as StepDefinition[] | null);
  }
  return steps;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean' || isText(value);
const isNumber: Check = (value) => typeof value === 'number' || isText(value);
const isSteps: Check = (value) => isRecord(value) || (Array.isArray(value) && value.every(isRecord));

const ENTRY_CHECKS: Readonly<Record<string, Check>> = {
  name: isText,
  version: isNumber,
  version_type: isText,
  tags: (value) => isText(value) || (Array.isArray(value) && value.every((tag) => isText(tag) || typeof tag === 'number')),
  description: isText,
  schedule: isSchedule,
  schedules: (value) => Array.isArray(value) && value.every(isSchedule),
  paused: isFlag,
  concurrency_limit: (value) => isNumber(value) || (isRecord(value) && isNumber(value.limit)),
  entrypoint: isText,
  parameters: isRecord,
  enforce_parameter_schema: isFlag,
  build: isSteps,
  push: isSteps,
  pull: isSteps,
  work_pool: (value) => isRecord(value) && (value.job_variables == null || isRecord(value.job_variables)),
  triggers: (value) => Array.isArray(value) && value.every(isRecord),
};

const SCHEDULE_CHECKS: Readonly<Record<string, Check>> = {
  cron: isText,
  interval: isNumber,
  rrule: isText,
  timezone: isText,
  anchor_date: (value) => isText(value) || value instanceof Date,
  day_or: isFlag,
  active: isFlag,
  parameters: isRecord,
  slug: isText,
  replaces: isText,
};

function findMistakes(entry: unknown): string[] {
  if (!isRecord(entry)) return ['(not a mapping)'];
  const wrong = Object.entries(ENTRY_CHECKS).filter(([key, check]) => entry[key] != null && !check(entry[key]));
  const fields = wrong.map(([key]) => key);
  if (entry.schedule != null && entry.schedules != null && !isEmpty(entry.schedule)) fields.push('schedule and schedules');
  return fields;
}

function isSchedule(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const given = Object.entries(value).filter(([, entry]) => entry != null);
  if (given.length === 0) return true;
  const kinds = given.filter(([key]) => key === 'cron' || key === 'interval' || key === 'rrule');
  return kinds.length === 1 && given.every(([key, entry]) => SCHEDULE_CHECKS[key]?.(entry) ?? false);
}

function isEmpty(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}
